import type { Page } from 'puppeteer-core';

/** A tab of the browser with terminals. */
export interface TerminalTab {
  readonly id: number;
  readonly session: string | null;
  readonly isInFront: boolean;
  /** What its terminal shows; empty while it has none, and in Chromium, where pages of an extension do not see each other here. */
  readonly text: string;
}

interface Extension {
  readonly runtime: {
    getContexts(filter: {
      readonly contextTypes: readonly ['TAB'];
    }): Promise<readonly { readonly documentUrl?: string; readonly tabId: number }[]>;
  };
  readonly tabs: {
    get(id: number): Promise<{ readonly active: boolean }>;
    remove(id: number): Promise<void>;
  };
  readonly extension: { getViews(filter: { readonly type: 'tab' }): readonly Window[] };
}

/** The tabs with terminals as the browser itself counts them, asked from a page of the extension. Firefox's driver sees none that the extension opened. */
export function terminalTabs(page: Page): Promise<readonly TerminalTab[]> {
  return page.evaluate(async () => {
    const own = globalThis as unknown as { readonly browser?: Extension; readonly chrome: Extension };
    const { runtime, tabs, extension } = own.browser ?? own.chrome;
    const contexts = await runtime.getContexts({ contextTypes: ['TAB'] });
    const views = extension.getViews({ type: 'tab' });
    const ours = contexts.filter(({ documentUrl }) => documentUrl?.includes('/ide.html') === true);
    return Promise.all(
      ours.map(async ({ documentUrl = '', tabId }) => ({
        id: tabId,
        session: new URL(documentUrl).searchParams.get('session'),
        isInFront: (await tabs.get(tabId)).active,
        text:
          views
            .find(({ location }) => location.href.split('#')[0] === documentUrl.split('#')[0])
            ?.document.querySelector('.xterm-rows')?.textContent ?? '',
      })),
    );
  });
}

/** Closes a tab as its person does. */
export function closeTab(page: Page, id: number): Promise<void> {
  return page.evaluate((tabId) => {
    const own = globalThis as unknown as { readonly browser?: Extension; readonly chrome: Extension };
    return (own.browser ?? own.chrome).tabs.remove(tabId);
  }, id);
}
