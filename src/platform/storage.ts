import { browser } from 'wxt/browser';
import { onAbort } from '../base/index.ts';

/** One value of the extension's own storage; undefined where it was never written. */
export async function readStored(key: string): Promise<unknown> {
  const found = await browser.storage.local.get(key);
  return found[key];
}

export async function writeStored(key: string, value: unknown): Promise<void> {
  await browser.storage.local.set({ [key]: value });
}

/** Calls `listener` with the value as it is after each change, from any context. */
export function onStoredChange(
  key: string,
  listener: (value: unknown) => void,
  { signal }: { readonly signal: AbortSignal },
): void {
  const changed = (changes: Record<string, { newValue?: unknown }>, area: string) => {
    const change = changes[key];
    if (area === 'local' && change !== undefined) listener(change.newValue);
  };
  browser.storage.onChanged.addListener(changed);
  onAbort(signal, () => browser.storage.onChanged.removeListener(changed));
}
