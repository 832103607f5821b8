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

function typeOf(value: unknown): Type | 'undefined' | 'null' {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : (typeof value as Type);
}

/** Offers functions to programs; arguments are checked before they run. */
export function createHostFunctions(offered: Readonly<Record<string, HostFunction>>): HostFunctions {
  const run = (name: string, args: readonly unknown[]): unknown => {
    const found = Object.hasOwn(offered, name) ? offered[name] : undefined;
    if (!found) throw new TypeError(`${name} is no function of the host`);
    found.parameters.forEach(({ name: parameter, type, isOptional = false }, at) => {
      const given = args[at];
      if (isOptional && (given === undefined || given === null)) return;
      if (type !== 'any' && typeOf(given) !== type) {
        throw new TypeError(
          `${name}: ${parameter} must be ${type}, not ${given === undefined ? 'missing' : typeOf(given)}`,
        );
      }
    });
    const value = found.run(...(args as never[]));
    return found.returns === 'nothing' ? undefined : value;
  };
  return {
    names: Object.keys(offered),
    call(name, args) {
      try {
        return JSON.stringify({ value: run(name, JSON.parse(args) as unknown[]) });
      } catch (error) {
        const { name: type, message } = error instanceof Error ? error : new Error(String(error));
        return JSON.stringify({ error: { name: type, message } });
      }
    },
  };
}
