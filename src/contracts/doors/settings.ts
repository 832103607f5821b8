import type { Result } from '../../base/index.ts';
import type { AppError } from '../errors.ts';
import type { Settings } from '../settings.ts';

/** What a person has set, kept current in this world. */
export interface SettingsDoor {
  get(): Settings;
  /** `settings/bad-value` when a value is out of its bounds; then nothing is changed. */
  set(patch: Partial<Settings>): Promise<Result<null, AppError>>;
  /** Calls `listener` after each change, from any tab, with all settings. */
  onChange(listener: (settings: Settings) => void, options: { readonly signal: AbortSignal }): void;
}
