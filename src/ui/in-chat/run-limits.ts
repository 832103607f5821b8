import { memoryLimitOf } from '../../contracts/memory-limit.ts';
import type { Language, RunLimits } from '../../contracts/run.ts';
import type { Settings } from '../../contracts/settings.ts';

/** The person's limits for a run of this language. */
export function limitsOf(settings: Settings, language: Language): RunLimits {
  return { timeMs: settings.runTimeMs, memoryMB: settings[memoryLimitOf(language)] };
}
