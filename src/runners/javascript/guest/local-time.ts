import { host } from './host-calls.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** The zone is asked for around so many days at a time: no zone changed its clocks twice in them since 1900. */
const SPAN = 4 * DAY;
/** The first moment there is; spans are numbered from it. */
const FIRST = -1e8 * DAY;
/** So many spans are kept. */
const KEPT = 1024;
const NEVER = Number.POSITIVE_INFINITY;
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
type Method = (this: never, ...args: never[]) => unknown;

/** How clocks stand around a span: `early` milliseconds west of UTC, from the moment `change` on `late`. */
interface Clocks {
  readonly from: number;
  readonly to: number;
  readonly early: number;
  readonly late: number;
  readonly change: number;
}

// As they were before a program could change them.
const Engine = Date;
const { apply, construct, defineProperty } = Reflect;
const { create } = Object;
const { UTC: shownOf, parse } = Engine;
const { getTime, getTimezoneOffset, setTime, [Symbol.toPrimitive]: toPrimitive } = Engine.prototype;
const { floor, max, min, trunc } = Math;
const NONE: never[] = [];

const west = (moment: number): number => apply(getTimezoneOffset, new Engine(moment), NONE) * MINUTE;

/** What this run has learnt, by the span's number modulo `KEPT`. */
let kept = create(null) as Record<number, Clocks>;
const NOTHING: Clocks = { from: 0, to: 0, early: 0, late: 0, change: NEVER };
/** The span that was last looked up; from `from` to `to`, by clocks of UTC or by clocks here, clocks are `here` west of UTC. */
let last = NOTHING;
let from = 0;
let to = 0;
let here = 0;

/** A run begins: its zone may be another. */
export function forgetZone(): void {
  kept = create(null) as typeof kept;
  last = NOTHING;
  to = from;
}

/** Asks for the zone a day before and a day after the span; where they differ, for the moment of the change. */
function learn(start: number): Clocks {
  const end = start + SPAN;
  let before = start - DAY;
  let after = end + DAY;
  let early = west(before);
  let late = west(after);
  // Beyond the first and the last moment there is no zone.
  if (early !== early) early = late;
  if (late !== late) late = early;
  if (early === late) return { from: start, to: end, early, late, change: NEVER };
  while (after - before > 1) {
    const middle = floor((before + after) / 2);
    if (west(middle) === early) before = middle;
    else after = middle;
  }
  return { from: start, to: end, early, late, change: after };
}

/** Those around this moment, by clocks of UTC or by clocks here. */
function clocksAt(moment: number): Clocks {
  if (moment >= last.from && moment < last.to) return last;
  const span = ((moment - FIRST) / SPAN) | 0;
  const start = FIRST + span * SPAN;
  const found = kept[span % KEPT];
  last = found !== undefined && found.from === start ? found : (kept[span % KEPT] = learn(start));
  const { change } = last;
  const isAfter = moment >= change + DAY;
  const offset = isAfter ? last.late : last.early;
  const first = isAfter ? max(start, change + DAY) : start;
  const end = isAfter ? last.to : min(last.to, change - DAY);
  if (first >= end) return last;
  // Day after day, one piece grows up to the next change.
  if (offset !== here || (first !== to && end !== from)) {
    from = to = first;
    here = offset;
  }
  from = min(from, first);
  to = max(to, end);
  return last;
}

/**
 * The moment at which clocks here show what clocks of UTC show at `shown`. Of two moments the earlier; where clocks skip it, as
 * they went before. The engine itself takes the zone's offset at `shown`, which is hours away from it: within hours of a change
 * it was wrong by an hour, and midnight in Sydney was on the day before.
 */
function momentOf(shown: number): number {
  if (shown >= from && shown < to) return shown + here;
  const { early, late, change } = clocksAt(shown);
  const moment = shown + early;
  return moment < change || shown + late < change ? moment : shown + late;
}

/** What clocks of UTC show when clocks here show this moment. */
function shownAt(moment: number): number {
  if (moment >= from && moment < to) return moment - here;
  const { early, late, change } = clocksAt(moment);
  return moment - (moment < change ? early : late);
}

/** The engine reads the text; only what it took for a time of this zone near a change is put right. */
function momentOfText(text: string): number {
  const moment = parse(text);
  if (moment >= from && moment < to) return moment;
  const { change } = clocksAt(moment);
  if (!(moment >= change - DAY && moment < change + DAY)) return moment;
  if (text[10] === 'T' && text[text.length - 1] === 'Z') return moment;
  if (isLocal(text)) return momentOf(parse(text + 'Z'));
  host.zoneTold();
  parse(text);
  const told = host.zoneTold();
  return told === told ? momentOf(moment - trunc(told) * MINUTE) : moment;
}

/** As `2026-03-08T03:30:00`, of what the engine can read: it is quicker to see than to ask for. */
function isLocal(text: string): boolean {
  const size = text.length;
  if ((size !== 19 || text[16] !== ':') && size !== 16) return false;
  const end = text[size - 1] as string;
  return text[10] === 'T' && text[13] === ':' && end >= '0' && end <= '9';
}

/** As a proxy it shows no source, like the engine's own. */
function method(owner: object, name: string, length: number, value: Method): void {
  defineProperty(value, 'name', { value: name, configurable: true });
  defineProperty(value, 'length', { value: length, configurable: true });
  defineProperty(owner, name, { value: new Proxy(value, {}), writable: true, configurable: true });
}

/** Shows in UTC what another date shows here, for as long as a setter reads it; its methods are its own. */
const showing = new Engine(0) as Date & Record<string, (one: number) => number>;
const written = [0] as [number];

function setterOfOne(name: string): Method {
  return {
    set(this: Date, one: number): number {
      const moment = apply(getTime, this, NONE) as number;
      showing.setTime(shownAt(moment));
      const shown = (showing[name] as (one: number) => number)(one);
      if (moment !== moment) return moment;
      written[0] = momentOf(shown);
      return apply(setTime, this, written);
    },
  }.set;
}

function setterOfMany(name: string, isYear: boolean): Method {
  const change = showing[name] as () => number;
  return {
    set(this: Date, ...numbers: number[]): number {
      const moment = apply(getTime, this, NONE) as number;
      showing.setTime(shownAt(moment));
      const shown = apply(change, showing, numbers as []);
      // Only a year makes a date of none.
      if (moment !== moment && !isYear) return moment;
      written[0] = momentOf(shown);
      return apply(setTime, this, written);
    },
  }.set;
}

function installSetters(): void {
  const { prototype } = Engine;
  defineProperty(showing, 'setTime', { value: setTime });
  for (const [name, most] of Object.entries(SETTERS)) {
    const inUtc = name.replace('set', 'setUTC');
    defineProperty(showing, inUtc, { value: prototype[inUtc as Setter] });
    method(prototype, name, most, most === 1 ? setterOfOne(inUtc) : setterOfMany(inUtc, name === 'setFullYear'));
  }
  const old = {
    setYear(this: Date, year: number): number {
      const moment = apply(getTime, this, NONE) as number;
      const whole = trunc(+year);
      showing.setTime(shownAt(moment));
      written[0] = momentOf(showing.setUTCFullYear(whole >= 0 && whole <= 99 ? 1900 + whole : whole));
      return apply(setTime, this, written);
    },
  };
  method(prototype, 'setYear', 1, old.setYear);
}

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** What the language makes of an object that is asked for a text or a number. */
function primitiveOf(value: object): unknown {
  const own = (value as { [Symbol.toPrimitive]?: Method | null })[Symbol.toPrimitive] ?? null;
  if (own === null) return apply(toPrimitive, value as Date, ['number']);
  const made = apply(own, value as never, ['default'] as never[]);
  if (isObject(made)) throw new TypeError('Cannot convert object to primitive value');
  return made;
}

/** The moment, or what the engine shall make one of. */
function momentOfValue(value: unknown): unknown {
  if (typeof value === 'string') return momentOfText(value);
  if (!isObject(value)) return value;
  try {
    return apply(getTime, value, NONE);
  } catch {
    const plain = primitiveOf(value);
    return typeof plain === 'string' ? momentOfText(plain) : plain;
  }
}

/** Makes the engine's `Date` right around the days on which clocks change. */
export function installLocalTime(): void {
  installSetters();
  method(Engine, 'parse', 1, (text: unknown) => momentOfText(typeof text === 'string' ? text : `${text as string}`));
  const made = new Proxy(Engine, {
    construct(_target, args: unknown[], asked): Date {
      let moment = args[0] as number;
      if (typeof moment === 'number' && args.length === 1 && asked === made) return new Engine(moment);
      const count = args.length;
      if (count > 1) moment = momentOf(apply(shownOf, null, args as Numbers));
      else if (count === 1 && typeof moment !== 'number') moment = momentOfValue(moment) as number;
      if (asked !== made) return construct(Engine, count === 0 ? NONE : [moment], asked) as Date;
      return count === 0 ? new Engine() : new Engine(moment);
    },
  });
  defineProperty(Engine.prototype, 'constructor', { value: made, writable: true, configurable: true });
  defineProperty(globalThis, 'Date', { value: made, writable: true, configurable: true });
}
