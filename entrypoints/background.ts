import { defineBackground } from 'wxt/utils/define-background';
import { startHostInBackground } from '../src/host/index.ts';
import { launchHostOnDemand } from '../src/host-launcher/index.ts';
import { serveTerminalRequests } from '../src/platform/index.ts';
import { checkedRules, openSettings } from '../src/settings/index.ts';

const { signal } = new AbortController();

// Firefox's event page is the host; Chrome's service worker only has it opened, and may end at any moment.
export default defineBackground({
  type: 'module',
  main: () => {
    serveTerminalRequests({ signal });
    if (import.meta.env.FIREFOX) startHostInBackground({ signal });
    else launchHostOnDemand({ settings: openSettings({ signal, rules: checkedRules }), signal });
  },
});
