import { browser } from 'wxt/browser';

const MARK = 'companion-page';

/** Asks the content script of the tab in front. Null when there is none (another site, or a page older than the extension). */
export async function askActiveTab(request: 'report'): Promise<unknown> {
  try {
    const [tab] = await browser.tabs.query({ active: true, lastFocusedWindow: true });
    if (tab?.id === undefined) return null;
    return (await browser.tabs.sendMessage(tab.id, { [MARK]: request }, { frameId: 0 })) ?? null;
  } catch {
    // No receiver in that tab: the caller says that this is no page of the site.
    return null;
  }
}

/** Answers `askActiveTab` in a content script; only our own extension is heard. */
export function onTabRequest(
  answer: (request: 'report') => unknown,
  { signal }: { readonly signal: AbortSignal },
): void {
  const listener = (message: unknown, sender: { id?: string }, reply: (value: unknown) => void) => {
    if (sender.id !== browser.runtime.id || typeof message !== 'object' || message === null) return undefined;
    if ((message as Record<string, unknown>)[MARK] !== 'report') return undefined;
    reply(answer('report'));
    return undefined;
  };
  browser.runtime.onMessage.addListener(listener);
  signal.addEventListener('abort', () => browser.runtime.onMessage.removeListener(listener), { once: true });
}
