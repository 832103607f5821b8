import { host } from '../host-calls.ts';
import { format, inspect } from '../inspect/index.ts';
import { tableView } from '../rich.ts';
import { drawGrid, gridOf } from './table.ts';

type Level = 1 | 2;

let indent = '';
const counts = new Map<string, number>();
const started = new Map<string, number>();

function print(level: Level, text: string): void {
  host.write(level, `${indent === '' ? text : indent + text.replaceAll('\n', `\n${indent}`)}\n`);
}

const writer =
  (level: Level) =>
  (...args: unknown[]): void =>
    print(level, format(args));

const log = writer(1);
const warn = writer(2);

/** As Node prints a time: whole units with three digits, minutes as a clock. */
function elapsed(ms: number): string {
  if (ms < 1000) return `${Number(ms.toFixed(3))}ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(3)}s`;
  const pad = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const rest = `${pad(seconds % 60)}.${String(Math.floor(ms % 1000)).padStart(3, '0')}`;
  return seconds < 3600
    ? `${Math.floor(seconds / 60)}:${rest} (m:ss.mmm)`
    : `${Math.floor(seconds / 3600)}:${pad((seconds / 60) % 60)}:${pad(seconds % 60)} (h:mm:ss)`;
}

function logTime(label: unknown, name: string, args: readonly unknown[] = []): boolean {
  const key = String(label);
  const since = started.get(key);
  if (since === undefined) {
    warn(`Warning: No such label '${key}' for console.${name}()`);
    return false;
  }
  log('%s: %s', key, elapsed(host.now() - since), ...args);
  return true;
}

/** The global `console`: everything Node's has that makes sense without a terminal. */
export const guestConsole = {
  log,
  info: log,
  debug: log,
  warn,
  error: warn,
  dir: (value: unknown, options?: object): void => print(1, inspect(value, { customInspect: false, ...options })),
  dirxml: log,
  trace: (...args: unknown[]): void => {
    const place = new Error('');
    const frames = String(place.stack).split('\n').slice(1);
    print(2, [`Trace${args.length > 0 ? `: ${format(args)}` : ''}`, ...frames].join('\n'));
  },
  assert: (condition?: unknown, ...args: unknown[]): void => {
    if (condition) return;
    const [first, ...rest] = args;
    if (typeof first === 'string') warn(`Assertion failed: ${first}`, ...rest);
    else warn('Assertion failed', ...args);
  },
  group: (...args: unknown[]): void => {
    if (args.length > 0) log(...args);
    indent += '  ';
  },
  groupCollapsed: (...args: unknown[]): void => guestConsole.group(...args),
  groupEnd: (): void => {
    indent = indent.slice(2);
  },
  count: (label: unknown = 'default'): void => {
    const key = String(label);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    log(`${key}: ${count}`);
  },
  countReset: (label: unknown = 'default'): void => {
    const key = String(label);
    if (!counts.delete(key)) warn(`Warning: Count for '${key}' does not exist`);
  },
  time: (label: unknown = 'default'): void => {
    const key = String(label);
    if (started.has(key)) warn(`Warning: Label '${key}' already exists for console.time()`);
    else started.set(key, host.now());
  },
  timeEnd: (label: unknown = 'default'): void => {
    if (logTime(label, 'timeEnd')) started.delete(String(label));
  },
  timeLog: (label: unknown = 'default', ...args: unknown[]): void => void logTime(label, 'timeLog', args),
  timeStamp: (): void => undefined,
  profile: (): void => undefined,
  profileEnd: (): void => undefined,
  clear: (): void => undefined,
  table: (rows: unknown, properties?: unknown): void => {
    if (properties !== undefined && !Array.isArray(properties)) {
      throw new TypeError('The "properties" argument must be an instance of Array.');
    }
    const grid = gridOf(rows, properties?.map(String));
    if (!grid) return log(rows);
    print(1, drawGrid(grid));
    const table = tableView(rows);
    if (table) host.display(JSON.stringify({ data: {}, table }));
  },
};

/** Groups, counts and clocks of an earlier run mean nothing in this one. */
export function resetConsole(): void {
  indent = '';
  counts.clear();
  started.clear();
}
