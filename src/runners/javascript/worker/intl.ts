/** The guest asks for words of languages, the browser has them. */
interface Asked {
  readonly type: string;
  readonly method: string;
  readonly locales?: string | string[];
  readonly options?: object;
  readonly args: readonly ({ readonly date: number } | { readonly bigint: string } | { readonly plain: unknown })[];
}

type Formatter = Record<string, (...args: unknown[]) => unknown>;
type Constructor = (new (
  locales?: string | string[],
  options?: object,
) => Formatter) & {
  supportedLocalesOf(locales?: string | string[]): string[];
};

const TYPES: Readonly<Record<string, unknown>> = {
  NumberFormat: Intl.NumberFormat,
  DateTimeFormat: Intl.DateTimeFormat,
  PluralRules: Intl.PluralRules,
  RelativeTimeFormat: Intl.RelativeTimeFormat,
  ListFormat: Intl.ListFormat,
  Collator: Intl.Collator,
  DisplayNames: Intl.DisplayNames,
  Segmenter: Intl.Segmenter,
};
/** Making a formatter costs a thousand times what using it does. */
const KEPT_MOST = 64;

/** Answers the guest's questions of Intl: JSON in, JSON out; never throws. */
export function createIntl(): (request: string) => string {
  const kept = new Map<string, Formatter>();
  const formatterOf = ({ type, locales, options }: Asked): Formatter => {
    const key = JSON.stringify([type, locales, options]);
    const known = kept.get(key);
    if (known) return known;
    const made = new (TYPES[type] as Constructor)(locales, options);
    if (kept.size >= KEPT_MOST) kept.clear();
    kept.set(key, made);
    return made;
  };
  const answer = (asked: Asked): unknown => {
    const args = asked.args?.map(argumentOf) ?? [];
    if (asked.type === 'Intl') {
      return asked.method === 'supportedValuesOf'
        ? Intl.supportedValuesOf(args[0] as 'currency')
        : Intl.getCanonicalLocales(asked.locales);
    }
    if (asked.type === 'String') {
      const text = String(args[0]);
      return asked.method === 'toLocaleUpperCase'
        ? text.toLocaleUpperCase(asked.locales)
        : text.toLocaleLowerCase(asked.locales);
    }
    if (!Object.hasOwn(TYPES, asked.type)) throw new TypeError(`Intl.${asked.type} is not here`);
    if (asked.method === 'supportedLocalesOf')
      return (TYPES[asked.type] as Constructor).supportedLocalesOf(asked.locales);
    const formatter = formatterOf(asked);
    const value = formatter[asked.method]?.(...args);
    return asked.method === 'segment' ? [...(value as Iterable<unknown>)] : value;
  };
  return (request) => {
    try {
      return JSON.stringify({ value: answer(JSON.parse(request) as Asked) });
    } catch (error) {
      const { name, message } = error as Error;
      return JSON.stringify({ error: { name, message } });
    }
  };
}

function argumentOf(argument: Asked['args'][number]): unknown {
  if ('date' in argument) return new Date(argument.date);
  if (!('bigint' in argument)) return argument.plain;
  return /^-?\d+$/u.test(argument.bigint) ? BigInt(argument.bigint) : Number(argument.bigint);
}
