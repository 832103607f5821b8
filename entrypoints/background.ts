import { defineBackground } from 'wxt/utils/define-background';
import { startHostInBackground } from '../src/host/index.ts';
import { launchHostOnDemand } from '../src/host-launcher/index.ts';
import { openSettings } from '../src/settings/index.ts';

const { signal } = new AbortController();

/** The offscreen document has no settings of its own: what it needs of them is in its address. */
async function hostPage(): Promise<string> {
  const once = new AbortController();
  const { isOn, pythonStart } = (await openSettings({ signal: once.signal })).get();
  once.abort();
  return `offscreen.html?${new URLSearchParams({ start: pythonStart, warm: String(isOn) }).toString()}`;
}

// Firefox's event page is the host; Chrome's service worker only has it opened, and may end at any moment.
export default defineBackground({
  type: 'module',
  main: () => (import.meta.env.FIREFOX ? startHostInBackground({ signal }) : launchHostOnDemand({ hostPage, signal })),
});
