import type { HostFunctions } from '../../kit/worker/index.ts';

export interface HostAnswer {
  readonly isDone: boolean;
  /** What was given back, or what went wrong. */
  readonly value: string | number | boolean | null;
}

/** Calls a function of the host; what it gives back as Lua takes it: no tables. */
export function callHost(functions: HostFunctions, name: string, args: string): HostAnswer {
  const { value = null, error } = JSON.parse(functions.call(name, args)) as {
    readonly value?: HostAnswer['value'] | object;
    readonly error?: { readonly message: string };
  };
  if (error) return { isDone: false, value: error.message };
  if (value === null || typeof value !== 'object') return { isDone: true, value };
  return { isDone: false, value: `${name}: what it gives is no value of Lua` };
}
