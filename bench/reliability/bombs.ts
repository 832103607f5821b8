import { runRequest } from '../../tests/support/runs-client/index.ts';
import { benchRow, type BenchRow } from '../bench-row.ts';
import { rendererMegabytes, restingMegabytes } from '../support/memory.ts';
import { inBrowser } from './in-browser.ts';

/** Each way to take memory, twice: pieces, one text that doubles, arrays, many small objects, lists in lists. */
const WAYS = [
  'held = []\nwhile True:\n    held.append(bytearray(10_000_000))',
  'held = "x"\nwhile True:\n    held += held',
  'import numpy as np\nheld = []\nwhile True:\n    held.append(np.ones(1_000_000))',
  'held = {}\nwhile True:\n    held[len(held)] = str(len(held)) * 100',
  'held = []\nwhile True:\n    held = [held, list(range(100_000))]',
];
const BOMBS = [...WAYS, ...WAYS];

/** Programs that take all the memory they get; what all renderers hold more than before, at most and 30 s after. */
export async function* bombs(): AsyncGenerator<BenchRow> {
  const { most, left } = await inBrowser(async (client, chromium) => {
    const pid = chromium.browser.process()?.pid;
    if (pid === undefined) throw new Error('the browser has no process of its own');
    await client.run(runRequest('print(1)', 'before'));
    // With all that the host makes ahead of need after a start: it is there afterwards too.
    const before = await restingMegabytes(pid);
    let highest = 0;
    const watch = setInterval(() => {
      highest = Math.max(highest, rendererMegabytes(pid) - before);
    }, 200);
    for (const [nth, bomb] of BOMBS.entries()) {
      const session = `bomb-${String(nth)}`;
      await client.run(runRequest(bomb, session));
      await client.call('restartSession', { sessionId: `page:${session}` });
    }
    clearInterval(watch);
    return { most: highest, left: (await restingMegabytes(pid)) - before };
  });
  yield benchRow({
    name: `reliability: most memory taken by ${String(BOMBS.length)} memory bombs`,
    unit: 'MB',
    samples: [most],
    budget: { p95: 1_024 },
  });
  yield benchRow({
    name: 'reliability: memory still taken at rest after them, within 30 s',
    unit: 'MB',
    samples: [left],
    budget: { p95: 100 },
  });
}
