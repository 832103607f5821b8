import type { Page } from 'puppeteer-core';
import { runRequest, type RunsClient, textOf } from '../../tests/support/runs-client/index.ts';
import type { BenchRow } from '../bench-row.ts';
import { repeat } from './extension-browser.ts';
import { finished } from './finished.ts';
import { measuredHere } from './measured.ts';

const MOST_MS = 120_000;

/** What a session of small edits is: a repository, files of text that change, variables. */
const EDITS = (turn: number): string => `cd /root; [ -d notes ] || git init -q notes; cd notes
for n in {1..20}; do echo "line $n of ${turn}" >>"file$n.md"; done; sed -i s/line/row/ file1.md
git add . && git -c user.name=a -c user.email=a@b commit -qm "edits ${turn}"; edited=${turn}`;

/** The guest's clock, and how long its processor went by its own count, in microseconds. That one stands still while the machine does. */
const CLOCKS =
  'read -r _ a b c d e f g h _ </proc/stat; echo ${EPOCHREALTIME/./} $(((a + b + c + d + e + f + g + h) * 10000))';

/** How much of the time until now its processor stood, in milliseconds. */
async function stoodIn(client: RunsClient, session: string): Promise<number> {
  const [clock = Number.NaN, went = Number.NaN] = textOf(await finished(client, CLOCKS, session), 'stdout')
    .split(' ')
    .map(Number);
  return (clock - went) / 1000;
}

/** Bytes of what is stored of a session's machine. */
const savedBytes = (page: Page, session: string): Promise<number> =>
  page.evaluate(
    (id) =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('companion');
        opening.onerror = () => reject(opening.error ?? new Error('no database'));
        opening.onsuccess = () => {
          const asked = opening.result.transaction('engines').objectStore('engines').get(id);
          asked.onerror = () => reject(asked.error ?? new Error('nothing is saved'));
          asked.onsuccess = () => {
            opening.result.close();
            resolve((asked.result as { state: Uint8Array }).state.length);
          };
        };
      }),
    session,
  );

/** What is saved after each session of edits. The machine stands still for a part of the time that the call takes, which is told apart. */
export async function* savingRows(client: RunsClient, named: string): AsyncGenerator<BenchRow> {
  const { sessionId } = runRequest('', 'edits');
  const sizes: number[] = [];
  const stood: number[] = [];
  yield await measuredHere(
    `save a session of small edits, call of the door to the answer${named}`,
    'ms',
    async () => {
      const samples = await repeat(5, async (turn) => {
        await finished(client, EDITS(turn), 'edits');
        const stoodBefore = await stoodIn(client, 'edits');
        const startedAt = performance.now();
        const saved = await client.call('saveMachine', { sessionId });
        const tookMs = performance.now() - startedAt;
        if (!saved.ok) throw new Error(saved.error.code);
        // It stands still from then on: what it takes to wake it counts too.
        stood.push((await stoodIn(client, 'edits')) - stoodBefore);
        sizes.push((await savedBytes(client.page, sessionId)) / 2 ** 20);
        return tookMs;
      });
      return { samples, budget: { median: 1_000 } };
    },
    MOST_MS,
  );
  yield await measuredHere(
    `machine stood still for that save, by the guest's own count${named}`,
    'ms',
    async () => ({ samples: stood.length > 0 ? stood : [Number.NaN], budget: { median: 1_000 } }),
    MOST_MS,
  );
  yield await measuredHere(
    `saved of a session of small edits, gzipped${named}`,
    'MB',
    async () => ({ samples: sizes.length > 0 ? sizes : [Number.NaN], budget: { median: 1 } }),
    MOST_MS,
  );
}
