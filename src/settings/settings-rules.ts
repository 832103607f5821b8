import type { Result } from '../base/index.ts';
import type { Settings } from '../contracts/settings.ts';

/** How settings are read out of the storage and checked before they are written. */
export interface SettingsRules {
  /** Never throws; what is bad, missing or unknown falls back to its default alone. */
  parse(stored: unknown): Settings;
  /** Fails with the name of a value that cannot be used. */
  check(settings: Settings): Result<Settings, string>;
}
