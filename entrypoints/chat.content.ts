import { defineContentScript } from 'wxt/utils/define-content-script';
import { connectRunsDoor, nextTask, servePageReport } from '../src/bridge/index.ts';
import { connectPage } from '../src/bridge/page/index.ts';
import { type Capture, createCapture } from '../src/capture/pipeline/index.ts';
import { openSettings, plainRules } from '../src/settings/index.ts';
import { startInChat } from '../src/ui/in-chat/index.ts';

// Isolated world, top frame only: envelopes in, cards out, one port straight to the host.
// The site's own scripts wait for this one: only what has to stand before them is done at once (decision 0081).
export default defineContentScript({
  matches: ['https://chatgpt.com/*', 'https://chat.openai.com/*'],
  runAt: 'document_start',
  main(context) {
    const { signal } = context;
    let made: Capture | null = null;
    const capture = (): Capture =>
      (made ??= createCapture({ now: () => performance.now(), onEvent: (event) => chat.take(event) }));
    const page = connectPage({ signal, onEnvelope: (envelope) => capture().accept(envelope) });
    const open = async () => {
      await nextTask({ signal });
      servePageReport(() => chat.report(), { signal });
      return { runs: connectRunsDoor({ signal }), settings: await openSettings({ signal, rules: plainRules }) };
    };
    const chat = startInChat({
      document,
      opened: open(),
      health: () => capture().health(),
      sendSeedResponse: async ({ seedFrame }, text) =>
        seedFrame !== undefined && (await page.sendOnSocket(seedFrame.socket, text)),
      signal,
    });
  },
});
