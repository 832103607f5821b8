import { ensureOffscreenDocument, hasOffscreenApi, onBackgroundRequest, openHostTab } from '../platform/index.ts';

export interface LaunchOptions {
  /** Address of the host's document, its choices included; asked each time. */
  readonly hostPage: () => Promise<string>;
  readonly signal: AbortSignal;
}

/**
 * Answers every context that needs the host. By what the browser has: an offscreen document, else a tab of ours (some
 * Chromium forks on phones). Holds nothing: the background may end at any moment, the host does not notice.
 */
export function launchHostOnDemand({ hostPage, signal }: LaunchOptions): void {
  onBackgroundRequest(
    async () => {
      const page = await hostPage();
      return hasOffscreenApi() ? ensureOffscreenDocument(page) : openHostTab(page);
    },
    { signal },
  );
}
