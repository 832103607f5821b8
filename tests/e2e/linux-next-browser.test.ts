import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureBuilt } from '../../tools/build.ts';
import { launchChromium } from '../support/browsers/index.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { connectRunsClient, outcomeOf, runRequest, textOf } from '../support/runs-client/index.ts';
import { type Site, startSite } from '../support/site/index.ts';
import { testFolder } from '../support/test-folder.ts';

const profile = testFolder('next-browser');
let site: Site;

beforeAll(async () => {
  needsLinuxImage();
  await ensureBuilt('chrome');
  site = await startSite();
});
afterAll(() => site.close());

/** Runs a program of the shell in a browser of its own over the profile, and quits that at once; what it printed and was told. */
async function inBrowser(code: string, isSaved: boolean) {
  const chromium = await launchChromium({
    extension: 'extension/chrome-mv3',
    site,
    userDataDir: profile,
    hasProbe: false,
    isCalm: true,
  });
  try {
    const client = await connectRunsClient(await chromium.extensionPage('vendor/python/LICENCES.txt'));
    const request = runRequest(code, 'kept', { language: 'shell' });
    const done = await client.run(request);
    expect(outcomeOf(done)).toMatchObject({ kind: 'completed', exitCode: 0 });
    if (isSaved) expect(await client.call('saveMachine', { sessionId: request.sessionId })).toMatchObject({ ok: true });
    const told = done.events.flatMap(({ event }) => (event.kind === 'notice' ? [event.text] : []));
    return { stdout: textOf(done, 'stdout'), told: told.join() };
  } finally {
    await chromium.close();
  }
}

test('a machine that was saved goes on in the next browser: variables, functions, its own files and those of the conversation', async () => {
  const first = await inBrowser(
    'cd /root; echo own >note; mine=still; greet() { echo "hi $1"; }; echo shared >/mnt/data/note.txt',
    true,
  );
  expect(first.told).toBe('');
  const next = await inBrowser('pwd; cat note; echo "$mine"; greet you; cat /mnt/data/note.txt', false);
  expect(next.told).toMatch(/goes on as it was saved/);
  expect(next.stdout).toBe('/root\nown\nstill\nhi you\nshared\n');
}, 300_000);
