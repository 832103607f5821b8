import type { HostFunctions } from '../../kit/worker/index.ts';

type Value = string | number | boolean | null;

export interface HostAnswer {
  readonly isDone: boolean;
  /** What was given back, which may be nothing, or what went wrong. */
  readonly values: readonly [] | readonly [Value];
}

/** Calls a function of the host; what it gives back as Lua takes it: no tables. */
export function callHost(functions: HostFunctions, name: string, args: string): HostAnswer {
  const { value, error } = JSON.parse(functions.call(name, args)) as {
    readonly value?: Value | object;
    readonly error?: { readonly message: string };
  };
  if (error) return { isDone: false, values: [error.message] };
  if (value === undefined) return { isDone: true, values: [] };
  if (value === null || typeof value !== 'object') return { isDone: true, values: [value] };
  return { isDone: false, values: [`${name}: what it gives is no value of Lua`] };
}
