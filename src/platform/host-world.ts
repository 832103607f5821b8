import { browser } from 'wxt/browser';

/** Firefox ends an idle event page after 30 s even with an open port; a call of its own API counts as an event. */
const KEEP_AWAKE_EVERY_MS = 5_000;

// WXT types `getURL` by the build's own file list, which does not exist before the first build.
const addressOf = (path: string): string =>
  (browser.runtime as unknown as { getURL(path: string): string }).getURL(path);

/** `chrome-extension://…` or `moz-extension://…`, without a slash at the end. */
export function ownOrigin(): string {
  return addressOf('/').replace(/\/$/, '');
}

/** Address of a file of the package, `/box.html`. */
export function packageUrl(path: `/${string}`): string {
  return addressOf(path);
}

/** Version of the extension. From its file: an offscreen document has no `getManifest` (Chromium 156). */
export async function packageVersion(): Promise<string> {
  const manifest = (await (await fetch(addressOf('/manifest.json'))).json()) as { readonly version: string };
  return manifest.version;
}

/** False in Firefox and in Chromium forks without it; such a browser needs another host. */
export function hasOffscreenApi(): boolean {
  return 'offscreen' in browser && typeof browser.offscreen?.createDocument === 'function';
}

let creating: Promise<void> | null = null;

/** Opens the offscreen document unless there is one. Safe to call at any time, also twice at once. */
export async function ensureOffscreenDocument(path: string): Promise<'found' | 'opened'> {
  if (creating) {
    await creating;
    return 'found';
  }
  const found = await browser.runtime.getContexts({ contextTypes: ['OFFSCREEN_DOCUMENT'] });
  if (found.length > 0) return 'found';
  // A second caller may have begun while this one waited.
  creating ??= browser.offscreen
    .createDocument({ url: path, reasons: ['WORKERS'], justification: 'Runs code in sandboxed workers.' })
    .finally(() => {
      creating = null;
    });
  await creating;
  return 'opened';
}

let openingTab: Promise<'found' | 'opened'> | null = null;

/**
 * Opens the host's page in a tab that stays behind the others, unless one is open; for browsers without a hidden document.
 * Safe to call at any time, also twice at once: no browser refuses a second tab as it does a second hidden document.
 */
export function openHostTab(path: string): Promise<'found' | 'opened'> {
  return (openingTab ??= findOrOpenTab(path).finally(() => {
    openingTab = null;
  }));
}

async function findOrOpenTab(path: string): Promise<'found' | 'opened'> {
  const contexts = await browser.runtime.getContexts({ contextTypes: ['TAB'] });
  const page = path.split('?')[0] ?? path;
  if (contexts.some((context) => context.documentUrl?.startsWith(addressOf(`/${page}`)) === true)) return 'found';
  await browser.tabs.create({ url: addressOf(`/${path}`), active: false });
  return 'opened';
}

/** Keeps an event page from being ended for idleness until the returned function is called. */
export function keepBackgroundAwake(): () => void {
  const timer = setInterval(() => void browser.runtime.getPlatformInfo(), KEEP_AWAKE_EVERY_MS);
  return () => clearInterval(timer);
}
