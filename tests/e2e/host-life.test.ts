import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureBuilt } from '../../tools/build.ts';
import { type ChromiumUnderTest, launchChromium } from '../support/browsers/index.ts';
import { connectRunsClient, outcomeOf, type RunsClient, runRequest, textOf } from '../support/runs-client/index.ts';
import { type Site, startSite } from '../support/site/index.ts';

let site: Site;
let chromium: ChromiumUnderTest;
let client: RunsClient;

beforeAll(async () => {
  await ensureBuilt('chrome');
  site = await startSite({ speed: 'instant' });
  chromium = await launchChromium({ extension: 'extension/chrome-mv3', site, leavesServiceWorkerAlone: true });
  client = await connectRunsClient(await chromium.extensionPage('popup.html'));
});
afterAll(async () => {
  await chromium.close();
  await site[Symbol.asyncDispose]();
});

const IS_SCIENCE = "import sys; print('numpy' in sys.modules)";

async function setPythonStart(pythonStart: string): Promise<void> {
  await client.page.evaluate(async (start) => {
    const { chrome } = globalThis as unknown as {
      chrome: { storage: { local: { set(values: unknown): Promise<void> } } };
    };
    await chrome.storage.local.set({ settings: { version: 1, values: { pythonStart: start } } });
  }, pythonStart);
}

async function startIn(session: string): Promise<string> {
  const run = await client.run(runRequest(IS_SCIENCE, session));
  expect(outcomeOf(run)).toMatchObject({ kind: 'completed', exitCode: 0 });
  return textOf(run, 'stdout').trim();
}

test('a changed start reaches the host that runs already, also with the service worker dead', async () => {
  await setPythonStart('science');
  expect(await startIn('before')).toBe('True');
  await chromium.stopServiceWorker();
  await setPythonStart('base');
  // The way of the message has no sign of its arrival but what it does.
  await expect.poll(() => startIn(crypto.randomUUID()), { timeout: 90_000 }).toBe('False');
  expect(await startIn('before')).toBe('True');
});

test('a host that closed itself is opened again by the next call; files are there, lost variables are said', async () => {
  await client.run(runRequest("x = 1; open('/mnt/data/kept.txt', 'w').write('kept')", 'closed'));
  const host = await chromium.hostPage();
  const gone = new Promise((resolve) => host.once('close', resolve));
  await host.evaluate(() => setTimeout(() => window.close()));
  await gone;
  const run = await client.run(runRequest("print(open('/mnt/data/kept.txt').read())", 'closed'));
  expect(textOf(run, 'stdout')).toBe('kept\n');
  expect(run.events.some(({ event }) => event.kind === 'notice')).toBe(true);
});
