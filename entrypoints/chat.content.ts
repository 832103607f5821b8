import { defineContentScript } from 'wxt/utils/define-content-script';
import { connectRunsDoor, nextTask, servePageReport } from '../src/bridge/index.ts';
import { connectPage } from '../src/bridge/page/index.ts';
import { type Capture, createCapture } from '../src/capture/pipeline/index.ts';
import { openSettings, plainRules } from '../src/settings/index.ts';
import { startBeforePage } from '../src/ui/before-page/index.ts';

// Isolated world, top frame only: envelopes in, one port straight to the host. What a person sees is of `cards.content`.
// The site's own scripts wait for this one: only what has to stand before them is done at once (decisions 0081 and 0106).
export default defineContentScript({
  matches: ['https://chatgpt.com/*', 'https://chat.openai.com/*'],
  runAt: 'document_start',
  main(context) {
    const { signal } = context;
    let made: Capture | null = null;
    const capture = (): Capture =>
      (made ??= createCapture({ now: () => performance.now(), onEvent: (event) => first.take(event) }));
    const page = connectPage({
      signal,
      onEnvelope: (envelope) => capture().acceptPart(envelope),
      onBatch: () => made?.flush(),
    });
    const opened = nextTask({ signal }).then(async () => {
      servePageReport({ report: () => first.report(), recording: () => capture().recorder.read() }, { signal });
      const settings = await openSettings({ signal, rules: plainRules });
      capture().recorder.follow(settings, { signal });
      return { runs: connectRunsDoor({ signal }), settings };
    });
    const first = startBeforePage({
      window,
      open: () => nextTask({ signal }).then(() => opened),
      health: () => capture().health(),
      messageText: (messageId) => made?.textOf(messageId) ?? null,
      sendSeedResponse: async ({ seedFrame }, text) =>
        seedFrame !== undefined && (await page.sendOnSocket(seedFrame.socket, text)),
      signal,
    });
  },
});
