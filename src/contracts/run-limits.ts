import { memoryLimitOf } from './memory-limit.ts';
import type { Language, RunLimits } from './run.ts';
import type { Settings } from './settings.ts';

/** The person's limits for a run of this language. */
export function limitsOf(settings: Settings, language: Language): RunLimits {
  return { timeMs: settings.runTimeMs, memoryMB: settings[memoryLimitOf(language)] };
}
