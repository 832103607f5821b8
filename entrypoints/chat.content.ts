import { defineContentScript } from 'wxt/utils/define-content-script';
import { connectRunsDoor, servePageReport } from '../src/bridge/index.ts';
import { connectPage } from '../src/bridge/page/index.ts';
import { createCapture } from '../src/capture/pipeline/index.ts';
import { openSettings, plainRules } from '../src/settings/index.ts';
import { startInChat } from '../src/ui/in-chat/index.ts';

// Isolated world, top frame only: envelopes in, cards out, one port straight to the host.
export default defineContentScript({
  matches: ['https://chatgpt.com/*', 'https://chat.openai.com/*'],
  runAt: 'document_start',
  main(context) {
    const { signal } = context;
    const chat = startInChat({
      document,
      runs: connectRunsDoor({ signal }),
      settings: openSettings({ signal, rules: plainRules }),
      health: () => capture.health(),
      sendSeedResponse: (call, text) => {
        if (call.seedFrame !== undefined) page.sendOnSocket(call.seedFrame.socket, text);
      },
      signal,
    });
    const capture = createCapture({ now: () => performance.now(), onEvent: (event) => chat.take(event) });
    const page = connectPage({ signal, onEnvelope: (envelope) => capture.accept(envelope) });
    servePageReport(() => chat.report(), { signal });
  },
});
