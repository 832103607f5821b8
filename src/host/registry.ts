import type { Runner } from '../contracts/runner.ts';
import { createPythonRunner, type PythonRunnerOptions } from '../runners/python/index.ts';

export interface RegistryOptions {
  readonly python: PythonRunnerOptions;
}

/** Every runner of this product, one line each. */
export function createRunners({ python }: RegistryOptions): readonly Runner[] {
  return [createPythonRunner(python)];
}
