import { benchRow, type BenchRow } from '../bench-row.ts';
import { measureFrameLoad } from '../support/frame-load.ts';

const SECONDS = 60;
/** Long enough to know how often the page draws without us. */
const PLAIN_SECONDS = 20;

/** 10,000 frames a second for a minute: nothing lost, and the page draws as it would without us. */
export async function* frames(): AsyncGenerator<BenchRow> {
  const plain = await measureFrameLoad(PLAIN_SECONDS, false);
  const ours = await measureFrameLoad(SECONDS, true);
  yield benchRow({
    name: `reliability: frames lost of 10,000/s for ${String(SECONDS)} s`,
    unit: 'frames',
    samples: [ours.asked - ours.frames + ours.missed],
    budget: { p95: 0 },
  });
  yield benchRow({
    name: 'reliability: pictures a second that the page loses by us in that load',
    unit: 'fps',
    samples: [Math.max(0, plain.drawnPerSecond - ours.drawnPerSecond)],
    budget: { p95: 5 },
  });
}
