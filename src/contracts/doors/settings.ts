import type { Result } from '../../base/index.ts';
import type { AppError } from '../errors.ts';
import type { Settings } from '../settings.ts';

/** What a person has set, for every world that has the browser's storage (not the offscreen document). */
export interface SettingsDoor {
  /** Never fails: a missing or bad value is its default, the others stay. */
  read(): Promise<Settings>;
  /** `settings/bad-value` when a value is out of its bounds; then nothing is changed. */
  change(patch: Partial<Settings>): Promise<Result<Settings, AppError>>;
  /** Calls `listener` after each change, from any tab, with all settings. */
  onChange(listener: (settings: Settings) => void, options: { readonly signal: AbortSignal }): void;
}
