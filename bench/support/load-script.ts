// The isolated end of a page under load: the recorder of the tests, and what the content script reads with.
import { createCapture } from '../../src/capture/pipeline/index.ts';
import type { CapturedMessage } from '../../src/contracts/capture.ts';
import { alsoTakenBy } from '../../tests/browser/support/probe.ts';

let last: CapturedMessage | null = null;
let ended = 0;
const capture = createCapture({
  now: () => performance.now(),
  onEvent: (event) => {
    if (event.kind === 'message') last = event.message;
    if (event.kind === 'turn' && event.state !== 'open') ended += 1;
  },
});
alsoTakenBy.push((envelope) => capture.accept(envelope));

/** Said in the document, which both worlds see, with the recorder's own answer: all has come by then. */
document.addEventListener('probe-answered', () => {
  const { unknownShapes, problems } = capture.health();
  document.documentElement.setAttribute('decoded', JSON.stringify({ last, ended, unknownShapes, problems }));
});
