import { ok } from '../base/index.ts';
import { DEFAULT_SETTINGS } from '../contracts/default-settings.ts';
import type { Settings } from '../contracts/settings.ts';
import type { SettingsRules } from './settings-rules.ts';
import { valuesOf } from './stored-version.ts';

/**
 * Rules without the schema, for the content script: the storage is written by our own worlds only, so a value of the
 * default's kind is taken as it is; another version's is not (decision 0035).
 */
export const plainRules: SettingsRules = {
  parse(stored) {
    const values = valuesOf(stored);
    const fitting = Object.entries(DEFAULT_SETTINGS).map(([name, standard]) => {
      const value = values[name];
      return [name, typeof value === typeof standard && value !== null ? value : standard] as const;
    });
    return Object.fromEntries(fitting) as unknown as Settings;
  },
  check: (settings) => ok(settings),
};
