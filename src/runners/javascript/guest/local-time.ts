import { host } from './host-calls.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** How many numbers each takes. */
const SETTERS = {
  setMilliseconds: 1,
  setSeconds: 2,
  setMinutes: 3,
  setHours: 4,
  setDate: 1,
  setMonth: 2,
  setFullYear: 3,
} as const;
type Setter = keyof typeof SETTERS;
type Numbers = [number, number];

// As they were before a program could change them.
const Engine = Date;
const { apply, construct, defineProperty } = Reflect;
const { UTC: shownOf, parse } = Engine;
const { getTime, getTimezoneOffset, setTime } = Engine.prototype;

const west = (moment: number): number => apply(getTimezoneOffset, new Engine(moment), []) * MINUTE;

/**
 * The moment at which clocks here show what clocks of UTC show at `shown`. Of two moments the earlier; where clocks skip it, as
 * they went before. The engine itself takes the zone's offset at `shown`, which is hours away from it: within hours of a change
 * it was wrong by an hour, and midnight in Sydney was on the day before.
 */
function momentOf(shown: number): number {
  const early = shown + west(shown - DAY);
  const late = shown + west(shown + DAY);
  if (early === late || Number.isNaN(late)) return early;
  if (Number.isNaN(early)) return late;
  const isShown = (moment: number): boolean => moment - west(moment) === shown;
  return isShown(late) && !isShown(early) ? late : early;
}

/** The engine reads the text; only what it took for a time of this zone is put right. */
function momentOfText(text: string): number {
  host.zoneTold();
  const moment = parse(text);
  const told = host.zoneTold();
  return Number.isNaN(told) ? moment : momentOf(moment - Math.trunc(told) * MINUTE);
}

function method(owner: object, name: string, length: number, value: (...args: never[]) => unknown): void {
  defineProperty(value, 'name', { value: name, configurable: true });
  defineProperty(value, 'length', { value: length, configurable: true });
  defineProperty(owner, name, { value, writable: true, configurable: true });
}

const setterOf = (name: Setter) => {
  const change = Engine.prototype[name.replace('set', 'setUTC') as Setter];
  return {
    set(this: Date, ...numbers: Numbers): number {
      const moment = apply(getTime, this, []);
      const shown = new Engine(moment - west(moment));
      apply(change, shown, numbers);
      return apply(setTime, this, [momentOf(apply(getTime, shown, []))]);
    },
  }.set;
};

/** Makes the engine's `Date` right around the days on which clocks change. */
export function installLocalTime(): void {
  for (const [name, length] of Object.entries(SETTERS)) {
    method(Engine.prototype, name, length, setterOf(name as Setter));
  }
  method(Engine, 'parse', 1, (text: unknown) => momentOfText(String(text)));
  const made = new Proxy(Engine, {
    construct(target, args: unknown[], asked): Date {
      if (args.length > 1) return construct(target, [momentOf(apply(shownOf, null, args as Numbers))], asked) as Date;
      if (typeof args[0] === 'string') return construct(target, [momentOfText(args[0])], asked) as Date;
      return construct(target, args, asked) as Date;
    },
  });
  defineProperty(Engine.prototype, 'constructor', { value: made, writable: true, configurable: true });
  defineProperty(globalThis, 'Date', { value: made, writable: true, configurable: true });
}
