import { LIMITS } from '../../../contracts/limits.ts';
import type { WorkerEvent } from '../../../contracts/runner-protocol.ts';

export type PassedLimit = 'run/output-too-large' | 'run/too-many-artifacts';

export interface RunBounds {
  begin(): void;
  /** Code of the limit that ends this run, once passed. */
  readonly passed: PassedLimit | null;
  pass(code: PassedLimit): void;
  /** False where this display is one too many, or too large with those before it. */
  countDisplay(units: number): boolean;
}

/** What one run may show. The first bound that is passed is told to the host, once. */
export function createRunBounds(send: (event: WorkerEvent) => void): RunBounds {
  let passed: PassedLimit | null = null;
  let displays = 0;
  let units = 0;
  const pass = (code: PassedLimit): void => {
    if (passed) return;
    passed = code;
    send({ kind: 'limit', code });
  };
  return {
    begin() {
      passed = null;
      displays = units = 0;
    },
    get passed() {
      return passed;
    },
    pass,
    countDisplay(added) {
      displays += 1;
      units += added;
      if (displays <= LIMITS.artifactCount.standard && units <= LIMITS.artifactBytes.standard) return true;
      pass('run/too-many-artifacts');
      return false;
    },
  };
}
