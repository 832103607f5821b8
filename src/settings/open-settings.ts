import { fail, ok, onAbort } from '../base/index.ts';
import type { SettingsDoor } from '../contracts/doors/settings.ts';
import { appError } from '../contracts/errors.ts';
import type { Settings } from '../contracts/settings.ts';
import { onStoredChange, readStored, writeStored } from '../platform/index.ts';
import type { SettingsRules } from './settings-rules.ts';
import { STORED_VERSION, type StoredSettings } from './stored-version.ts';

const KEY = 'settings';

export interface SettingsStorage {
  read(key: string): Promise<unknown>;
  write(key: string, value: unknown): Promise<void>;
  onChange(key: string, listener: (value: unknown) => void, options: { readonly signal: AbortSignal }): void;
}

const ownStorage: SettingsStorage = { read: readStored, write: writeStored, onChange: onStoredChange };

/** Opens the settings where the browser's storage is: content script, background, extension pages. */
export async function openSettings(options: {
  readonly signal: AbortSignal;
  /** `checkedRules`; `plainRules` in the content script. */
  readonly rules: SettingsRules;
  /** For tests; the browser's own otherwise. */
  readonly storage?: SettingsStorage;
}): Promise<SettingsDoor> {
  // Not `storage`: the build would take the bare name for a wish to import WXT's own, which weighs 10 kB.
  const { signal, rules, storage: store = ownStorage } = options;
  const listeners = new Set<(settings: Settings) => void>();
  let current: Settings | null = null;
  store.onChange(
    KEY,
    (value) => {
      current = rules.parse(value);
      for (const listener of listeners) listener(current);
    },
    { signal },
  );
  const read = await store.read(KEY);
  // A change that arrived while reading is the newer one.
  current ??= rules.parse(read);

  let lastWrite: Promise<unknown> = Promise.resolve();
  const write = async (patch: Partial<Settings>) => {
    // Another tab may have changed another value since.
    const latest = rules.parse(await store.read(KEY));
    const checked = rules.check({ ...latest, ...patch });
    if (!checked.ok) return fail(appError('settings/bad-value', checked.error));
    const stored: StoredSettings = { version: STORED_VERSION, values: checked.value };
    await store.write(KEY, stored);
    current = checked.value;
    return ok(null);
  };

  return {
    get: () => current ?? rules.parse(undefined),
    set(patch) {
      const written = lastWrite.then(() => write(patch));
      // Who set it hears of its failure; the next write begins all the same.
      lastWrite = written.catch(() => undefined);
      return written;
    },
    onChange(listener, { signal: until }) {
      listeners.add(listener);
      onAbort(until, () => listeners.delete(listener));
    },
  };
}
