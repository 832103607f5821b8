import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ensureBuilt } from '../../tools/build.ts';
import { FAILURES } from '../../src/contracts/failures.ts';
import {
  type ChromiumOptions,
  type ChromiumUnderTest,
  clickPart,
  finishedCard,
  launchChromium,
  sendMessage,
  turnEnded,
} from '../support/browsers/index.ts';
import {
  connectRunsClient,
  outcomeOf,
  questionOf,
  type RunsClient,
  runRequest,
  textOf,
} from '../support/runs-client/index.ts';
import { type Site, startSite } from '../support/site/index.ts';
import { testFolder } from '../support/test-folder.ts';

// Failures of what the engine stands on, each a real one: a store without room, a store that is damaged, a host that cannot open.
const EXTENSION = 'extension/chrome-mv3';

let site: Site;
let chromium: ChromiumUnderTest | null = null;
const folder = testFolder('surroundings');

beforeAll(async () => {
  await ensureBuilt('chrome');
  site = await startSite({ speed: 'quick' });
});
afterEach(async () => {
  await chromium?.close();
  chromium = null;
});
afterAll(() => site[Symbol.asyncDispose]());

async function launch(changes: Partial<ChromiumOptions> = {}): Promise<ChromiumUnderTest> {
  return (chromium = await launchChromium({ extension: EXTENSION, site, ...changes }));
}

async function open(changes: Partial<ChromiumOptions> = {}): Promise<RunsClient> {
  const launched = await launch(changes);
  return connectRunsClient(await launched.extensionPage('popup.html'));
}

const add = (client: RunsClient, name: string, bytes: number) =>
  client.call('addFile', { sessionId: 'page:files', name, base64: Buffer.alloc(bytes, 'x').toString('base64') });

test('an answer that comes after its run ended, and a file that is not there, are refused', async () => {
  const client = await open();
  const started = await client.call('start', runRequest('print(input("name? "))', 'late', { stdin: null }));
  if (!started.ok) throw new Error(started.error.code);
  const { runId } = started.value as { runId: string };
  await client.watch(runId, 0);
  const question = questionOf((await client.until(runId, 'input')).events);
  expect(await client.call('answerInput', { runId, question, text: 'Ada' })).toMatchObject({ ok: true });
  const ended = await client.until(runId, 'ended');
  expect(textOf(ended, 'stdout')).toContain('Ada\n');
  expect(await client.call('answerInput', { runId, question, text: 'Eve' })).toMatchObject({
    ok: false,
    error: { code: 'run/not-asking' },
  });
  expect(await client.call('readFile', { sessionId: 'page:late', path: 'nothing.txt' })).toMatchObject({
    ok: false,
    error: { code: 'files/not-found' },
  });
});

test('a browser that gives no more room is said so, and takes files again when it does', async () => {
  const client = await open();
  expect(await add(client, 'first.bin', 1000)).toMatchObject({ ok: true });
  const session = await client.page.createCDPSession();
  const origin = `chrome-extension://${chromium?.extensionId ?? ''}`;
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 100_000 });
  expect(await add(client, 'large.bin', 8_000_000)).toMatchObject({ ok: false, error: { code: 'files/no-space' } });
  const code = 'with open("/mnt/data/large.bin", "wb") as file: file.write(b"x" * 8_000_000)';
  expect(outcomeOf(await client.run(runRequest(code, 'full')))).toMatchObject({
    kind: 'completed',
    error: { title: 'OSError', message: expect.stringContaining('No space left') },
  });
  await session.send('Storage.overrideQuotaForOrigin', { origin });
  expect(await add(client, 'large.bin', 8_000_000)).toMatchObject({ ok: true });
});

test('a store that the browser cannot open is said so; programs without files run', async () => {
  const userDataDir = join(folder, 'profile');
  mkdirSync(join(userDataDir, 'Default'), { recursive: true });
  // Where Chromium wants its folder of files, there is something else.
  writeFileSync(join(userDataDir, 'Default', 'File System'), 'damaged');
  const client = await open({ userDataDir });
  expect(await add(client, 'first.bin', 1000)).toMatchObject({ ok: false, error: { code: 'files/unavailable' } });
  const run = await client.run(runRequest('print(6 * 7)', 'no files'));
  expect(textOf(run, 'stdout')).toBe('42\n');
});

test('an engine whose page cannot be opened is said so in the card', async () => {
  const extension = join(folder, 'extension');
  cpSync(join(import.meta.dirname, '../..', EXTENSION), extension, { recursive: true });
  rmSync(join(extension, 'offscreen.html'));
  const { newChatPage } = await launch({ extension });
  site.set({ codeBlocks: 'mixed', renderer: 'app' });
  const page = await newChatPage();
  await sendMessage(page, site, 'code');
  await turnEnded(page);
  await clickPart(page, '[data-action="run-block"]', { host: 'chatgpt-companion-run', index: 0 });
  // The page looks for its host for so long: before it decides where to run, and again to run.
  const card = await finishedCard(page, 0, 200_000);
  const { title, explanation } = FAILURES['host/unavailable'];
  expect(card.text).toContain(title);
  expect(card.text).toContain(explanation);
}, 300_000);
