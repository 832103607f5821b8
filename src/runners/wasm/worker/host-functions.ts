import type { EngineHost } from '../../kit/worker/index.ts';
import { ProgramAborted, RunStopped } from './run-ends.ts';
import type { ImportedThing } from './sections.ts';
import { type ReadText, showValue } from './values.ts';

/** A function that a module may import, by `module.name` or by its name alone. */
export type HostFunction = (...given: readonly (number | bigint)[]) => number | bigint | undefined | void;

export interface HostFunctionOptions {
  readonly host: Pick<EngineHost, 'write' | 'shouldStop'>;
  readonly readText: ReadText;
}

/** Modules whose functions are ours to give; `Math` holds JavaScript's. */
const MODULES = new Set(['env', 'host', 'imports', 'js', 'console', 'wasi_ext']);
const PRINTS =
  /^(?:log|print|println|puts|debug|info|warn|error|trace|console[._]?log)(?:[._]?(?<kind>i32|i64|f32|f64|u32|u64|int|long|float|double|number|num|char|bool|hex|string|str))?$/iu;
const MATH = Object.getOwnPropertyNames(Math).filter((name) => typeof Math[name as keyof Math] === 'function');

/** What can be imported, for a person whose module wants something else. */
export const HOST_FUNCTIONS_SAID =
  'env.print and env.log (with _i32, _i64, _f64, _u32, _u64, _char, _bool, _hex or _string for an address and a length), env.now, env.random, env.abort, the functions of Math, and WASI preview 1';

/** The function for an import; null where there is none of this name. */
export function hostFunctionFor(wanted: ImportedThing, options: HostFunctionOptions): HostFunction | null {
  const { module, name } = wanted;
  if (module === 'Math') return mathFunction(name);
  if (!MODULES.has(module)) return null;
  const printing = PRINTS.exec(name);
  if (printing)
    return printer(options, (printing.groups?.['kind'] ?? '').toLowerCase(), /^(?:warn|error)/iu.test(name));
  if (Object.hasOwn(OTHERS, name)) return OTHERS[name] ?? null;
  return mathFunction(name.replace(/^Math\./u, ''));
}

const OTHERS: Readonly<Record<string, HostFunction>> = {
  now: () => Date.now(),
  'Date.now': () => Date.now(),
  'performance.now': () => performance.now(),
  random: () => Math.random(),
  seed: () => Math.random(),
  'Math.random': () => Math.random(),
  /** AssemblyScript gives message, file, line and column. */
  abort: (...given) => {
    const place = given.length >= 4 ? ` at line ${given[2]}, column ${given[3]}` : '';
    throw new ProgramAborted(`abort was called${place}`);
  },
};

function mathFunction(name: string): HostFunction | null {
  if (!MATH.includes(name)) return null;
  const call: (...given: number[]) => number = Math[name as 'max'];
  return (...given) => call(...given.map(Number));
}

function printer({ host, readText }: HostFunctionOptions, kind: string, isError: boolean): HostFunction {
  return (...given) => {
    if (!host.write(isError ? 2 : 1, `${printed(given, kind, readText)}${kind === 'char' ? '' : '\n'}`))
      throw new RunStopped();
    if (host.shouldStop()) throw new RunStopped();
  };
}

function printed(given: readonly (number | bigint)[], kind: string, readText: ReadText): string {
  const [first = 0, second] = given;
  switch (kind) {
    case 'string':
    case 'str':
      return readText(Number(first) >>> 0, second === undefined ? null : Number(second) >>> 0);
    case 'char':
      return String.fromCodePoint(Math.min(Number(first) >>> 0, 0x10ffff));
    case 'u32':
    case 'u64':
    case 'bool':
    case 'hex':
      return given.map((value) => showValue(value, kind)).join(' ');
    default:
      return given.map((value) => showValue(value)).join(' ');
  }
}

/** As the import's results want it: JavaScript's numbers are no 64-bit integers. */
export function typedResult(call: HostFunction, wanted: ImportedThing): (...given: (number | bigint)[]) => unknown {
  const result = wanted.signature?.results[0];
  return (...given) => {
    const value = call(...given);
    if (result === undefined) return undefined;
    if (result === 'i64') return typeof value === 'bigint' ? value : BigInt(Math.trunc(Number(value ?? 0)) || 0);
    return typeof value === 'bigint' ? Number(value) : (value ?? 0);
  };
}
