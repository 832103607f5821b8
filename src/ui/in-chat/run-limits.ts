import type { Language, RunLimits } from '../../contracts/run.ts';
import type { Settings } from '../../contracts/settings.ts';

/** The person's limits for a run of this language. */
export function limitsOf({ runTimeMs, pythonMemoryMB, otherMemoryMB }: Settings, language: Language): RunLimits {
  return {
    timeMs: runTimeMs,
    memoryMB: language === 'python' ? pythonMemoryMB : otherMemoryMB,
  };
}
