import { browser } from 'wxt/browser';
import { onAbort } from '../base/index.ts';
import { SITE_ORIGINS } from '../contracts/site.ts';
import { packageUrl } from './host-world.ts';

const MARK = 'companion-page';

/** What the popup can ask a tab for: how it is understood, or what was seen in it last. */
export type TabRequest = 'report' | 'recording';

async function ask(tabId: number, request: TabRequest): Promise<unknown> {
  try {
    return (await browser.tabs.sendMessage(tabId, { [MARK]: request }, { frameId: 0 })) ?? null;
  } catch {
    // No receiver in that tab: it is another site, or older than the extension. The next one is asked.
    return null;
  }
}

/** Shows a page of ours in a tab of its own, beside the tab in front, whose number it gets as `?tab=`. */
export async function openBesideActiveTab(page: '/popup.html'): Promise<void> {
  const [active] = await browser.tabs.query({ active: true, lastFocusedWindow: true });
  const of = active?.id === undefined ? '' : `?tab=${String(active.id)}`;
  await browser.tabs.create({ url: packageUrl(`${page}${of}`) });
}

/** Shows the page that copies a folder of the device into a session, in a tab of its own: a popup closes as soon as a picker opens. */
export async function openFolderPage(sessionId: string): Promise<void> {
  const of = new URLSearchParams({ session: sessionId }).toString();
  await browser.tabs.create({ url: packageUrl(`/folder.html?${of}`) });
}

/** Whether this document stands in a tab rather than in the browser's own popup. */
export async function isInTab(): Promise<boolean> {
  return (await browser.tabs.getCurrent()) !== undefined;
}

/** Asks the content script of one tab. Null when there is none. */
export function askTab(tabId: number, request: TabRequest): Promise<unknown> {
  return ask(tabId, request);
}

/**
 * Asks the content script of the tab in front; when that is no page of the site (the popup may itself be a tab, as on
 * phones), of the site's tab that was used last. Null when there is none.
 */
export async function askActiveTab(request: TabRequest): Promise<unknown> {
  const [active] = await browser.tabs.query({ active: true, lastFocusedWindow: true });
  const answer = active?.id === undefined ? null : await ask(active.id, request);
  if (answer !== null) return answer;
  const others = await browser.tabs.query({ url: SITE_ORIGINS.map((origin) => `${origin}/*`) });
  const latest = others.toSorted((left, right) => (right.lastAccessed ?? 0) - (left.lastAccessed ?? 0))[0];
  return latest?.id === undefined ? null : ask(latest.id, request);
}

/** Answers `askActiveTab` in a content script; only our own extension is heard. */
export function onTabRequest(
  answer: (request: TabRequest) => unknown,
  { signal }: { readonly signal: AbortSignal },
): void {
  const listener = (message: unknown, sender: { id?: string }, reply: (value: unknown) => void) => {
    if (sender.id !== browser.runtime.id || typeof message !== 'object' || message === null) return undefined;
    const request = (message as Record<string, unknown>)[MARK];
    if (request === 'report' || request === 'recording') reply(answer(request));
    return undefined;
  };
  browser.runtime.onMessage.addListener(listener);
  onAbort(signal, () => browser.runtime.onMessage.removeListener(listener));
}
