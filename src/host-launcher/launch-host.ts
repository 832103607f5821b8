import type { SettingsDoor } from '../contracts/doors/settings.ts';
import type { Settings } from '../contracts/settings.ts';
import {
  ensureOffscreenDocument,
  hasOffscreenApi,
  onBackgroundRequest,
  openHostTab,
  tellHost,
} from '../platform/index.ts';

export interface LaunchOptions {
  readonly settings: Promise<SettingsDoor>;
  readonly signal: AbortSignal;
}

/**
 * Answers every context that needs the host. By what the browser has: an offscreen document, else a tab of ours (some
 * Chromium forks on phones). Holds nothing: the background may end at any moment, the host does not notice. What the host
 * needs of the settings is in its address, and is told to it when it changes: it has no storage of its own.
 */
export function launchHostOnDemand({ settings, signal }: LaunchOptions): void {
  const tell = (settings: Settings) => void tellHost({ settings });
  onBackgroundRequest(
    async (request) => {
      const opened = await settings;
      const first = opened.get();
      const page = hostPage(first, request === 'ensure-host-for-shell');
      const found = await (hasOffscreenApi() ? ensureOffscreenDocument(page) : openHostTab(page));
      // A change while it was loading found nobody who listens, and is not in its address.
      if (opened.get() !== first) tell(opened.get());
      return found;
    },
    { signal },
  );
  void settings.then((opened) => {
    // Always once: the change that woke this background may have come before anybody listened.
    tell(opened.get());
    opened.onChange(tell, { signal });
  });
}

function hostPage(settings: Settings, isForShell: boolean): string {
  const choices = { settings: JSON.stringify(settings), ...(isForShell && { first: 'shell' }) };
  return `offscreen.html?${new URLSearchParams(choices).toString()}`;
}
