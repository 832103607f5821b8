// The isolated end of a page: what the content script reads of the page's traffic, without cards.
import { connectPage } from '../../src/bridge/page/index.ts';
import { createCapture } from '../../src/capture/pipeline/index.ts';

const seen = { calls: 0, refused: 0, code: '' };
const capture = createCapture({
  now: () => performance.now(),
  onEvent: (event) => {
    if (event.kind === 'call') {
      seen.calls += 1;
      seen.code = event.code;
    }
    if (event.kind === 'call-refused') seen.refused += 1;
    if (event.kind === 'call' || event.kind === 'call-refused') void tell();
  },
});
connectPage({ signal: new AbortController().signal, onEnvelope: (envelope) => capture.accept(envelope) });

/** Says in the document, which both worlds see, what has been read. */
async function tell(): Promise<void> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(seen.code)));
  const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const { calls, refused } = seen;
  document.documentElement.setAttribute('capture', JSON.stringify({ calls, refused, sha256 }));
}
