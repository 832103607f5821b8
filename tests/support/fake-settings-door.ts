import * as v from 'valibot';
import { ok } from '../../src/base/index.ts';
import type { SettingsDoor } from '../../src/contracts/doors/settings.ts';
import { type Settings, settingsSchema } from '../../src/contracts/settings.ts';

/** Settings in memory; a change is told at once. */
export function createFakeSettings(patch: Partial<Settings> = {}): SettingsDoor {
  let current: Settings = { ...v.parse(settingsSchema, {}), ...patch };
  const listeners = new Set<(settings: Settings) => void>();
  return {
    get: () => current,
    async set(changed) {
      current = { ...current, ...changed };
      for (const listener of listeners) listener(current);
      return ok(null);
    },
    onChange(listener, { signal }) {
      listeners.add(listener);
      signal.addEventListener('abort', () => listeners.delete(listener), { once: true });
    },
  };
}
