import { typeOf } from './table.ts';

type Type = 'string' | 'number' | 'boolean' | 'object' | 'array' | 'any';

/** A function of this product that programs may call by name; values cross as JSON. */
export interface HostFunction {
  readonly parameters: readonly { readonly name: string; readonly type: Type; readonly isOptional?: boolean }[];
  readonly returns: Type | 'nothing';
  /** An error thrown here is thrown in the program, with its name and message and nothing else. */
  readonly run: (...args: never[]) => unknown;
}

export interface HostFunctions {
  readonly names: readonly string[];
  /** JSON of the arguments in, JSON of `{value}` or `{error}` out. Never throws. */
  call(name: string, args: string): string;
}

/** What one call may be given, as JSON. */
const ARGUMENTS_UTF16 = 8_000_000;

export const isEmptyObject = (value: unknown): boolean =>
  typeOf(value) === 'object' && Object.keys(value as object).length === 0;

/**
 * Offers functions to programs; arguments are checked before they run. With `hasOneEmpty` an empty object is an empty array
 * where one is wanted: in Lua they are the same.
 */
export function createHostFunctions(
  offered: Readonly<Record<string, HostFunction>>,
  { hasOneEmpty = false }: { readonly hasOneEmpty?: boolean } = {},
): HostFunctions {
  const checked = (
    name: string,
    { name: parameter, type, isOptional = false }: HostFunction['parameters'][number],
    given: unknown,
  ): unknown => {
    if (isOptional && (given === undefined || given === null)) return undefined;
    if (type === 'any' || typeOf(given) === type) return given;
    if (hasOneEmpty && type === 'array' && isEmptyObject(given)) return [];
    if (given === undefined) throw new TypeError(`${name}: ${parameter} is missing, it must be ${type}`);
    throw new TypeError(`${name}: ${parameter} must be ${type}, not ${typeOf(given)}`);
  };
  const run = (name: string, text: string): unknown => {
    const found = Object.hasOwn(offered, name) ? offered[name] : undefined;
    if (!found) throw new TypeError(`${name} is no function of the host`);
    if (text.length > ARGUMENTS_UTF16) {
      throw new RangeError(`${name}: what is passed is too long, it may be 8 MB as JSON`);
    }
    const args = JSON.parse(text) as unknown[];
    const value = found.run(...(found.parameters.map((one, at) => checked(name, one, args[at])) as never[]));
    if (found.returns === 'nothing') return undefined;
    if (found.returns !== 'any' && typeOf(value) !== found.returns) {
      throw new Error(`${name} should give ${found.returns}, and gave ${typeOf(value)}: a fault of the extension`);
    }
    // JSON has no undefined, and what gives nothing is told apart by that.
    return value ?? null;
  };
  return {
    names: Object.keys(offered),
    call(name, args) {
      try {
        return JSON.stringify({ value: run(name, args) });
      } catch (error) {
        const { name: type, message } = error instanceof Error ? error : new Error(String(error));
        return JSON.stringify({ error: { name: type, message } });
      }
    },
  };
}
