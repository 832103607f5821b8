import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunSummary } from '../../src/contracts/run.ts';
import { ensureBuilt } from '../../tools/build.ts';
import { type FirefoxUnderTest, launchFirefox } from '../support/browsers/index.ts';
import { connectRunsClient, outcomeOf, type RunsClient, runRequest, textOf } from '../support/runs-client/index.ts';
import { type Site, startSite } from '../support/site/index.ts';

/** Shorter than Firefox's own 30 s, longer than the 5 s of our own calls that keep a busy host awake. */
const IDLE_MS = 12_000;

let site: Site;
let firefox: FirefoxUnderTest;
let client: RunsClient;

beforeAll(async () => {
  await ensureBuilt('firefox');
  site = await startSite({ speed: 'instant' });
  firefox = await launchFirefox({
    extension: 'extension/firefox-mv3',
    site,
    extraPrefs: { 'extensions.background.idle.timeout': IDLE_MS },
  });
  // The popup asks for the host's state again and again, which keeps it awake; this page asks for nothing.
  client = await connectRunsClient(await firefox.extensionPage('box.html'));
});
afterAll(async () => {
  await firefox.close();
  await site[Symbol.asyncDispose]();
});

/** A port to the host on which nothing is said: it goes when the browser ends the event page. */
const portGone = () =>
  client.page.evaluateHandle(() => {
    const { browser } = globalThis as unknown as {
      browser: {
        runtime: { connect(options: { name: string }): { onDisconnect: { addListener(l: () => void): void } } };
      };
    };
    const port = browser.runtime.connect({ name: 'host:runs' });
    return { port, promise: new Promise<void>((resolve) => port.onDisconnect.addListener(() => resolve())) };
  });

test('the event page is the host and runs Python', async () => {
  expect(await client.call('status', {})).toMatchObject({ ok: true, value: { kind: 'background' } });
  const run = await client.run(runRequest("x = 6; open('/mnt/data/kept.txt', 'w').write('kept'); print(x * 7)", 'one'));
  expect(textOf(run, 'stdout')).toBe('42\n');
  expect(outcomeOf(run)).toMatchObject({ kind: 'completed', exitCode: 0 });
});

test('it stays awake as long as something runs, though nobody speaks to it, and is then ended for idleness', async () => {
  // Without a watch: one would be kept alive by messages, and they keep the page awake as well.
  const away = await portGone();
  const code = 'import time\nfor _ in range(4):\n    time.sleep(4)';
  const started = await client.call('start', runRequest(code, 'long'));
  const runId = (started as { value: { runId: string } }).value.runId;
  await away.evaluate((gone) => gone.promise);
  const recent = await client.call('recentRuns', { most: 10 });
  expect((recent as { value: readonly RunSummary[] }).value.find((run) => run.runId === runId)).toMatchObject({
    outcome: { kind: 'completed', exitCode: 0, error: null },
  });
});

test('the next call wakes it: files are there, variables are said to be gone', async () => {
  const run = await client.run(runRequest("print(open('/mnt/data/kept.txt').read())", 'one'));
  expect(textOf(run, 'stdout')).toBe('kept\n');
  const notices = (of: typeof run) => of.events.flatMap(({ event }) => (event.kind === 'notice' ? [event.text] : []));
  expect(notices(run)).toEqual([expect.stringContaining('Variables of earlier runs are gone')]);
  expect(notices(await client.run(runRequest('x = 7', 'one')))).toEqual([]);
});
