import * as v from 'valibot';
import { fail, ok } from '../base/index.ts';
import type { SettingsDoor } from '../contracts/doors/settings.ts';
import { appError } from '../contracts/errors.ts';
import { type Settings, settingsSchema } from '../contracts/settings.ts';
import { onStoredChange, readStored, writeStored } from '../platform/index.ts';
import { parseStored, STORED_VERSION, type StoredSettings } from './stored-settings.ts';

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
  /** For tests; the browser's own otherwise. */
  readonly storage?: SettingsStorage;
}): Promise<SettingsDoor> {
  // Not `storage`: the build would take the bare name for a wish to import WXT's own, which weighs 10 kB.
  const { signal, storage: store = ownStorage } = options;
  const listeners = new Set<(settings: Settings) => void>();
  let current: Settings | null = null;
  store.onChange(
    KEY,
    (value) => {
      current = parseStored(value);
      for (const listener of listeners) listener(current);
    },
    { signal },
  );
  const read = await store.read(KEY);
  // A change that arrived while reading is the newer one.
  current ??= parseStored(read);

  let lastWrite: Promise<unknown> = Promise.resolve();
  const write = async (patch: Partial<Settings>) => {
    // Another tab may have changed another value since.
    const latest = parseStored(await store.read(KEY));
    const parsed = v.safeParse(settingsSchema, { ...latest, ...patch });
    if (!parsed.success) {
      return fail(appError('settings/bad-value', v.getDotPath(parsed.issues[0]) ?? ''));
    }
    const stored: StoredSettings = { version: STORED_VERSION, values: parsed.output };
    await store.write(KEY, stored);
    current = parsed.output;
    return ok(null);
  };

  return {
    get: () => current ?? parseStored(undefined),
    set(patch) {
      const written = lastWrite.then(() => write(patch));
      lastWrite = written.catch(() => undefined);
      return written;
    },
    onChange(listener, { signal: until }) {
      listeners.add(listener);
      until.addEventListener('abort', () => listeners.delete(listener), { once: true });
    },
  };
}
