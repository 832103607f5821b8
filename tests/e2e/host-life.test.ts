import { beforeAll, expect, test } from 'vitest';
import { chooseSettings } from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { connectRunsClient, outcomeOf, type RunsClient, runRequest, textOf } from '../support/runs-client/index.ts';

const world = siteInChromium({ speed: 'instant' }, { leavesServiceWorkerAlone: true });
let client: RunsClient;

beforeAll(async () => {
  client = await connectRunsClient(await world.chromium.extensionPage('popup.html'));
});

const IS_SCIENCE = "import sys; print('numpy' in sys.modules)";

const setPythonStart = (pythonStart: string): Promise<void> => chooseSettings(client.page, { pythonStart });

async function startIn(session: string): Promise<string> {
  const run = await client.run(runRequest(IS_SCIENCE, session));
  expect(outcomeOf(run)).toMatchObject({ kind: 'completed', exitCode: 0 });
  return textOf(run, 'stdout').trim();
}

test('what was read ahead of the first engine is not held once that stands', async () => {
  const held = async () => {
    const host = await world.chromium.hostPage();
    return host.evaluate(() => (globalThis as { companionReadAhead?: Map<string, unknown> }).companionReadAhead?.size);
  };
  await expect.poll(held).toBe(0);
});

test('a changed start reaches the host that runs already, also with the service worker dead', async () => {
  await setPythonStart('science');
  expect(await startIn('before')).toBe('True');
  await world.chromium.stopServiceWorker();
  await setPythonStart('base');
  // The way of the message has no sign of its arrival but what it does.
  await expect.poll(() => startIn(crypto.randomUUID()), { timeout: 90_000 }).toBe('False');
  expect(await startIn('before')).toBe('True');
});

test('a host that closed itself is opened again by the next call; files are there, lost variables are said', async () => {
  await client.run(runRequest("x = 1; open('/mnt/data/kept.txt', 'w').write('kept')", 'closed'));
  await world.chromium.endHost();
  const run = await client.run(runRequest("print(open('/mnt/data/kept.txt').read())", 'closed'));
  expect(textOf(run, 'stdout')).toBe('kept\n');
  expect(run.events.some(({ event }) => event.kind === 'notice')).toBe(true);
});
