import { COUNT_KEYS } from './vocabulary.ts';

/** Seconds since the epoch at which all recordings begin. */
const INVENTED_START_SECONDS = 1_790_000_000;
const OFFSET = /^(\d{1,30})(?:-(\d{1,30}))?$/;
/** A longer number of digits, or a larger count, may be a number of something else. */
const MOST_DIGITS = 7;
const MOST_COUNT = 10 ** MOST_DIGITS;
/** Longer than times are. */
const INVENTED_LONG = 10n ** 20n;

export type Numbers = ReturnType<typeof createNumbers>;

/** How many of a number's units make a second, where the number can be a time since the epoch; else null. */
function unitsOfTime(value: number): number | null {
  for (const units of [1, 1_000, 1_000_000]) {
    if (value >= 1e9 * units && value < 4e9 * units) return units;
  }
  return null;
}

/** What stands for the numbers of a recording: times move together, positions and counts stay, the rest says only its kind. */
export function createNumbers() {
  let shiftSeconds: number | null = null;

  const moved = (value: number, units: number): number => {
    shiftSeconds ??= INVENTED_START_SECONDS - Math.floor(value / units);
    return value + shiftSeconds * units;
  };

  /** Of digits that are no time and no count, only how far they lie apart is told. */
  const bases = new Map<string, bigint>();
  const apart = (digits: string, place: string): string | null => {
    if (digits.length <= MOST_DIGITS) return digits;
    const value = BigInt(digits);
    const base = bases.get(place) ?? value;
    bases.set(place, base);
    const shown = value - base + INVENTED_LONG;
    return shown < 0n ? null : String(shown);
  };

  return {
    of(value: number, key: string): number {
      const units = unitsOfTime(value);
      if (units !== null) return moved(value, units);
      if (COUNT_KEYS.has(key) && Math.abs(value) < MOST_COUNT) return value;
      const size = Number.isInteger(value) ? 1 : 0.5;
      return Math.sign(value) * size;
    },
    /** An offset of a topic in text (rule W5); null where it is none. */
    offset(text: string): string | null {
      const [, first, second] = OFFSET.exec(text) ?? [];
      if (first === undefined) return null;
      const units = first.length > 16 ? null : unitsOfTime(Number(first));
      const shown = units === null ? apart(first, 'first') : String(moved(Number(first), units));
      if (second === undefined) return shown;
      const shownSecond = apart(second, 'second');
      return shown === null || shownSecond === null ? null : `${shown}-${shownSecond}`;
    },
  };
}
