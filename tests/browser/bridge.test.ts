import { beforeAll, expect, test } from 'vitest';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { connectRunsClient, outcomeOf, type RunsClient, runRequest, textOf } from '../support/runs-client/index.ts';

interface InPage {
  readonly companionRuns: {
    roundTrip(
      session: string,
      sizeBytes: number,
    ): Promise<{ added: string; isSame: boolean; addMs: number; readMs: number }>;
    timeCalls(count: number): Promise<number[]>;
  };
}

const world = siteInChromium({ speed: 'instant' });
let client: RunsClient;

beforeAll(async () => {
  client = await connectRunsClient(await world.chromium.extensionPage('popup.html'));
});

const roundTrip = (sizeBytes: number) =>
  client.page.evaluate(
    (size) => (globalThis as unknown as InPage).companionRuns.roundTrip('page:bytes', size),
    sizeBytes,
  );

test.each([0, 1, 196_608, 196_609, 10 * 1024 * 1024])(
  '%i bytes go through the browser and come back whole',
  async (size) => {
    const trip = await roundTrip(size);
    if (size > 1e6) console.info(`10 MiB: in ${Math.round(trip.addMs)} ms, out ${Math.round(trip.readMs)} ms`);
    expect(trip).toMatchObject({ added: 'ok', isSame: true });
  },
);

test('100 MiB go through the browser and come back whole', async () => {
  expect(await roundTrip(100 * 1024 * 1024)).toMatchObject({ added: 'ok', isSame: true });
});

test('more than a message may have is refused at the sender', async () => {
  expect(await roundTrip(129 * 1024 * 1024)).toMatchObject({ added: 'files/too-large' });
});

test('two hundred small calls, one after the other, are all answered', async () => {
  const times = await client.page.evaluate(() => (globalThis as unknown as InPage).companionRuns.timeCalls(200));
  console.info(`call: p50 ${times[100]?.toFixed(2)} ms, p95 ${times[190]?.toFixed(2)} ms`);
  expect(times).toHaveLength(200);
});

test('a flood of output arrives whole, in few events, and the door answers meanwhile', async () => {
  const code = "for n in range(100000): print('line', n)";
  const running = client.run(runRequest(code, 'flood'));
  expect(await client.call('status', {})).toMatchObject({ ok: true });
  const run = await running;
  expect(outcomeOf(run)).toMatchObject({ kind: 'completed', exitCode: 0 });
  expect(textOf(run, 'stdout')).toBe(Array.from({ length: 100_000 }, (_, n) => `line ${n}\n`).join(''));
  expect(run.events.length).toBeLessThan(500);
});
