// After Node's lib/internal/util/inspect.js (MIT).
import { host } from '../host-calls.ts';
import { DEFAULTS, type InspectOptions } from './context.ts';
import { inspect } from './inspect.ts';
import { BUILT_IN } from './names.ts';
import { formatBigInt, formatNumber } from './strings.ts';

type Options = Partial<Record<keyof InspectOptions, unknown>>;

/** Whether text of an object is better made by `inspect`, because its class has no words of its own. */
function hasNoWords(value: object): boolean {
  let at: object | null = host.isProxy(value) ? host.proxyTarget(value) : value;
  if (at === null || typeof (at as { toString?: unknown }).toString !== 'function') return true;
  if (Object.hasOwn(at, 'toString')) return false;
  do at = Object.getPrototypeOf(at) as object | null;
  while (at && !Object.hasOwn(at, 'toString'));
  const type = at && (Object.getOwnPropertyDescriptor(at, 'constructor')?.value as { name?: unknown } | undefined);
  return typeof type === 'function' && BUILT_IN.has(String((type as { name?: unknown }).name));
}

function json(value: unknown): string {
  try {
    return String(JSON.stringify(value));
  } catch (error) {
    if (/circular/i.test(String((error as Error).message))) return '[Circular]';
    throw error;
  }
}

const number = (value: number): string => formatNumber(value, DEFAULTS.numericSeparator);
const bigint = (value: bigint): string => formatBigInt(value, DEFAULTS.numericSeparator);

function words(value: unknown): string {
  if (typeof value === 'number') return number(value);
  if (typeof value === 'bigint') return bigint(value);
  if (typeof value !== 'object' || value === null || !hasNoWords(value)) return String(value);
  return inspect(value, { depth: 0, compact: 3 });
}

function numeric(value: unknown, read: (value: unknown) => number): string {
  if (typeof value === 'bigint') return bigint(value);
  return typeof value === 'symbol' ? 'NaN' : number(read(value));
}

/** Fills the places of a text, as `console.log('%s', …)` does; what is left over follows after spaces. */
export function format(args: readonly unknown[], options?: Options): string {
  const [first] = args;
  let used = 0;
  let text = '';
  if (typeof first === 'string') {
    if (args.length === 1) return first;
    used = 1;
    text = first.replace(/%([%sdifjoOc])/g, (place, kind: string) => {
      if (kind === '%') return '%';
      if (used >= args.length) return place;
      const value = args[used];
      used += 1;
      return fill(kind, value, options);
    });
  }
  const rest = args.slice(used).map((value) => (typeof value === 'string' ? value : inspect(value, options)));
  return used > 0 ? [text, ...rest].join(' ') : rest.join(' ');
}

function fill(kind: string, value: unknown, options: Options | undefined): string {
  switch (kind) {
    case 's':
      return words(value);
    case 'j':
      return json(value);
    case 'd':
      return numeric(value, Number);
    case 'i':
      return numeric(value, (held) => Number.parseInt(String(held), 10));
    case 'f':
      return numeric(value, (held) => Number.parseFloat(String(held)));
    case 'O':
      return inspect(value, options);
    case 'o':
      return inspect(value, { ...options, showHidden: true, showProxy: true, depth: 4 });
    default:
      return '';
  }
}
