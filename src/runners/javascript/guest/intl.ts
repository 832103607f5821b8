import { host } from './host-calls.ts';

/**
 * This engine has no data about languages; the browser around it has. Every question of Intl goes there as JSON and comes
 * back as JSON, so that all languages, currencies and time zones are right without a copy of them.
 */
type Options = Readonly<Record<string, unknown>>;
type Argument = { readonly date: number } | { readonly bigint: string } | { readonly plain: unknown };

interface Asked {
  readonly type: string;
  readonly method: string;
  readonly locales: unknown;
  readonly options: Options | undefined;
  readonly args: readonly Argument[];
}

const ERRORS: Readonly<Record<string, new (message: string) => Error>> = { RangeError, TypeError };

function ask(asked: Asked): unknown {
  const answer = JSON.parse(host.intl(JSON.stringify(asked))) as {
    readonly value?: unknown;
    readonly error?: { readonly name: string; readonly message: string };
  };
  if (answer.error) throw new (ERRORS[answer.error.name] ?? Error)(answer.error.message);
  return answer.value;
}

function argument(value: unknown): Argument {
  if (value instanceof Date) return { date: value.getTime() };
  if (typeof value === 'bigint') return { bigint: String(value) };
  if (typeof value === 'number' && !Number.isFinite(value)) return { bigint: String(value) };
  if (typeof value === 'object' && value !== null && Symbol.iterator in value)
    return { plain: [...(value as Iterable<unknown>)] };
  return { plain: value };
}

function localesOf(locales: unknown): unknown {
  return Array.isArray(locales) ? locales.map(String) : locales === undefined ? undefined : String(locales);
}

const METHODS: Readonly<Record<string, readonly string[]>> = {
  NumberFormat: ['format', 'formatToParts', 'formatRange', 'formatRangeToParts'],
  DateTimeFormat: ['format', 'formatToParts', 'formatRange', 'formatRangeToParts'],
  PluralRules: ['select', 'selectRange'],
  RelativeTimeFormat: ['format', 'formatToParts'],
  ListFormat: ['format', 'formatToParts'],
  Collator: ['compare'],
  DisplayNames: ['of'],
  Segmenter: ['segment'],
};

function intlClass(type: string, methods: readonly string[]): unknown {
  const Formatter = class {
    constructor(locales?: unknown, options?: Options) {
      const asked = { type, locales: localesOf(locales), options };
      const call =
        (method: string) =>
        (...args: unknown[]): unknown =>
          ask({ ...asked, method, args: args.map(argument) });
      // Own functions, so that `numbers.map(format.format)` works; wrong options are refused at once.
      for (const method of [...methods, 'resolvedOptions']) {
        Object.defineProperty(this, method, { value: call(method), configurable: true, writable: true });
      }
      call('resolvedOptions')();
    }
    get [Symbol.toStringTag](): string {
      return `Intl.${type}`;
    }
    static supportedLocalesOf(locales: unknown): unknown {
      return ask({ type, method: 'supportedLocalesOf', locales: localesOf(locales), options: undefined, args: [] });
    }
  };
  Object.defineProperty(Formatter, 'name', { value: type });
  // These classes may be called without `new`.
  return new Proxy(Formatter, { apply: (target, _self, args) => Reflect.construct(target, args) as object });
}

const formatNumber = (value: number | bigint, locales: unknown, options: Options | undefined): unknown =>
  ask({ type: 'NumberFormat', method: 'format', locales: localesOf(locales), options, args: [argument(value)] });

function formatDate(
  date: Date,
  locales: unknown,
  options: Options | undefined,
  parts: 'any' | 'date' | 'time',
): unknown {
  if (Number.isNaN(date.getTime())) return 'Invalid Date';
  const isChosen = (names: readonly string[]): boolean => names.some((name) => options?.[name] !== undefined);
  const inDate = isChosen(['weekday', 'year', 'month', 'day', 'dateStyle']);
  const inTime = isChosen(['hour', 'minute', 'second', 'dayPeriod', 'fractionalSecondDigits', 'timeStyle']);
  const wanted: Record<string, unknown> = { ...options };
  // As the language's own rules fill in what was not asked for.
  const isBare = parts === 'any' ? !inDate && !inTime : parts === 'date' ? !inDate : !inTime;
  const hasStyle = isChosen(['dateStyle', 'timeStyle']);
  if (isBare && !hasStyle) {
    if (parts !== 'time') Object.assign(wanted, { year: 'numeric', month: 'numeric', day: 'numeric' });
    if (parts !== 'date') Object.assign(wanted, { hour: 'numeric', minute: 'numeric', second: 'numeric' });
  }
  return ask({
    type: 'DateTimeFormat',
    method: 'format',
    locales: localesOf(locales),
    options: wanted,
    args: [argument(date)],
  });
}

function define(owner: object, methods: Readonly<Record<string, (...args: never[]) => unknown>>): void {
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(owner, name, { value, writable: true, configurable: true });
  }
}

/** Puts `Intl` and the methods that use it in place. */
export function installIntl(): void {
  const classes = Object.entries(METHODS).map(([type, methods]) => [type, intlClass(type, methods)] as const);
  const Intl = {
    ...Object.fromEntries(classes),
    getCanonicalLocales: (locales: unknown) =>
      ask({ type: 'Intl', method: 'getCanonicalLocales', locales: localesOf(locales), options: undefined, args: [] }),
    supportedValuesOf: (key: unknown) =>
      ask({ type: 'Intl', method: 'supportedValuesOf', locales: undefined, options: undefined, args: [argument(key)] }),
  };
  Object.defineProperty(Intl, Symbol.toStringTag, { value: 'Intl', configurable: true });
  define(globalThis, { Intl: Intl as never });
  define(Number.prototype, {
    toLocaleString(this: number, locales?: unknown, options?: Options) {
      return formatNumber(this.valueOf(), locales, options);
    },
  });
  define(BigInt.prototype, {
    toLocaleString(this: bigint, locales?: unknown, options?: Options) {
      return formatNumber(this.valueOf(), locales, options);
    },
  });
  define(Date.prototype, {
    toLocaleString(this: Date, locales?: unknown, options?: Options) {
      return formatDate(this, locales, options, 'any');
    },
    toLocaleDateString(this: Date, locales?: unknown, options?: Options) {
      return formatDate(this, locales, options, 'date');
    },
    toLocaleTimeString(this: Date, locales?: unknown, options?: Options) {
      return formatDate(this, locales, options, 'time');
    },
  });
  define(String.prototype, {
    localeCompare(this: string, other: unknown, locales?: unknown, options?: Options) {
      return ask({
        type: 'Collator',
        method: 'compare',
        locales: localesOf(locales),
        options,
        args: [argument(String(this)), argument(String(other))],
      });
    },
    toLocaleUpperCase(this: string, locales?: unknown) {
      if (locales === undefined) return String(this).toUpperCase();
      return ask({
        type: 'String',
        method: 'toLocaleUpperCase',
        locales: localesOf(locales),
        options: undefined,
        args: [argument(String(this))],
      });
    },
    toLocaleLowerCase(this: string, locales?: unknown) {
      if (locales === undefined) return String(this).toLowerCase();
      return ask({
        type: 'String',
        method: 'toLocaleLowerCase',
        locales: localesOf(locales),
        options: undefined,
        args: [argument(String(this))],
      });
    },
  });
  define(Array.prototype, {
    toLocaleString(this: unknown[], locales?: unknown, options?: Options) {
      return this.map((item) =>
        item === null || item === undefined
          ? ''
          : String(
              (item as { toLocaleString(locales?: unknown, options?: Options): string }).toLocaleString(
                locales,
                options,
              ),
            ),
      ).join(',');
    },
  });
}
