import { cpSync, globSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ensureBuilt } from '../../tools/build.ts';
import type { HostStatus } from '../../src/contracts/doors/runs.ts';
import { FAILURES } from '../../src/contracts/failures.ts';
import { sessionIdOf } from '../../src/contracts/ids.ts';
import {
  barTag,
  type ChromiumOptions,
  type ChromiumUnderTest,
  clickPart,
  finishedAgain,
  finishedCard,
  launchChromium,
  partWith,
  pressInCard,
  readCards,
  replaceText,
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
import { needsLinuxImage } from '../support/linux-image.ts';
import { conversationOf } from '../support/scenario-world.ts';
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
  return (chromium = await launchChromium({ isCalm: true, extension: EXTENSION, site, ...changes }));
}

async function open(changes: Partial<ChromiumOptions> = {}): Promise<RunsClient> {
  const launched = await launch(changes);
  return connectRunsClient(await launched.extensionPage('popup.html'));
}

const add = (client: RunsClient, name: string, bytes: number) =>
  client.call('addFile', { sessionId: 'page:files', name, base64: Buffer.alloc(bytes, 'x').toString('base64') });

/** A copy of the built extension without the one file that `pattern` finds; its folder. */
function packageWithout(pattern: string, name: string): string {
  const extension = join(folder, name);
  cpSync(join(import.meta.dirname, '../..', EXTENSION), extension, { recursive: true });
  const [part, ...others] = globSync(pattern, { cwd: extension });
  if (part === undefined || others.length > 0) throw new Error(`${pattern} is not one file of the package`);
  rmSync(join(extension, part));
  return extension;
}

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

/** Changes one byte of what is stored of a file, while the host is away. */
async function damageOnDisk(extension: ChromiumUnderTest, text: string): Promise<void> {
  await extension.endHost();
  // A page without a door: nothing of it starts a host, which would hold the log.
  const page = await extension.extensionPage('LICENCES.txt');
  const damaged = await page.evaluate(async (wanted) => {
    const trees = await (await navigator.storage.getDirectory()).getDirectoryHandle('trees');
    let count = 0;
    for await (const tree of trees.values()) {
      if (!(tree instanceof FileSystemDirectoryHandle)) continue;
      for await (const entry of tree.values()) {
        if (!(entry instanceof FileSystemFileHandle) || !entry.name.startsWith('log-')) continue;
        const bytes = new Uint8Array(await (await entry.getFile()).arrayBuffer());
        const at = new TextDecoder('latin1').decode(bytes).indexOf(wanted);
        if (at < 0) continue;
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        const writable = await entry.createWritable();
        await writable.write(bytes);
        await writable.close();
        count += 1;
      }
    }
    return count;
  }, text);
  expect(damaged).toBe(1);
  await page.close();
}

test('a damaged log of files is said in the card and the popup, by the names of the files, until they are made anew', async () => {
  const launched = await launch();
  site.set({ codeBlocks: 'mixed', renderer: 'app', historyLagMs: 0 });
  const page = await launched.newChatPage();
  await sendMessage(page, site, 'code');
  await turnEnded(page);
  const address = page.url();
  const client = await connectRunsClient(await launched.extensionPage('popup.html'));
  const files = ['one', 'two', 'three'].map((name) => `open("/mnt/data/${name}.txt", "w").write("all of ${name}")`);
  const sessionId = sessionIdOf(await conversationOf(page));
  await client.run(runRequest(files.join('\n'), '', { sessionId }));
  await client.page.close();
  // Nobody is connected who would have the host started again.
  await page.goto('about:blank');
  await damageOnDisk(launched, 'all of two');
  await page.goto(address, { waitUntil: 'domcontentloaded' });
  await page.waitForFunction((tag) => document.querySelectorAll(tag).length > 0, {}, barTag);

  await clickPart(page, '[data-action="edit-block"]', { host: barTag, index: 0 });
  await replaceText(page, '[data-part="code-field"]', 'import os\nprint(sorted(os.listdir("/mnt/data")))');
  await pressInCard(page, 'run');
  const first = await finishedCard(page);
  expect(first.stdout).toContain("'one.txt', 'three.txt'");
  const { title, explanation } = FAILURES['files/damaged'];
  expect(first.text).toContain(`${title}: two.txt.`);
  expect(first.text).toContain(explanation);
  await pressInCard(page, 'again');
  const second = await finishedAgain(page, first);
  expect(second.stdout).toBe(first.stdout);
  expect(second.text).not.toContain(title);

  const popup = await launched.popupPage();
  const panel = '[data-part="failure"][data-code="files/damaged"]';
  await popup.waitForSelector(panel);
  expect(await popup.$eval(`${panel} .detail`, (detail) => detail.textContent)).toBe('two.txt');
  const anew = 'open("/mnt/data/two.txt", "w").write("anew")';
  expect(outcomeOf(await (await connectRunsClient(popup)).run(runRequest(anew, '', { sessionId })))).toMatchObject({
    kind: 'completed',
    error: null,
  });
  await popup.waitForFunction((selector) => document.querySelector(selector) === null, {}, panel);
});

test('a reader of code that cannot be started is said so in the card; a press runs, and no shell call starts by itself', async () => {
  const extension = packageWithout('assets/reading-worker-*.js', 'without-reader');
  const { newChatPage } = await launch({ extension });
  site.set({ codeBlocks: 'mixed', renderer: 'legacy' });
  const page = await newChatPage();
  await sendMessage(page, site, 'code');
  await turnEnded(page);
  const { title, explanation, suggestions } = FAILURES['reader/failed'];
  // The last bar is of a block without a name: only who reads it knows what it is.
  await clickPart(page, '[data-action="run-block"]', { host: barTag, index: 5 });
  await partWith(page, '[data-part="failure"][data-code="reader/failed"]');
  const [unknown] = await readCards(page);
  for (const words of [title, explanation, ...suggestions]) expect(unknown?.text).toContain(words);
  await clickPart(page, '[data-action="run-block"]', { host: barTag, index: 0 });
  const known = await finishedCard(page, 0);
  expect(known).toMatchObject({ status: 'Done', stdout: '45\n' });
  expect(known.text).toContain(title);

  // A call for a shell would start by itself: unread it waits for a press, and claims nothing.
  needsLinuxImage();
  const id = 'unread-shell';
  const content = { tool_name: 'shell', tool_version: 'v1.0', command: 'echo unread' };
  site.seed({ id, type: 'tool_call', conversation_id: await conversationOf(page), content });
  const of = { index: 2 };
  const refused = await partWith(page, '[data-part="failure"][data-code="reader/failed"]', undefined, null, of);
  expect(refused.text).toContain(title);
  expect((await readCards(page))[2]).toMatchObject({ outcome: 'refused', stdout: '' });
  await pressInCard(page, 'again', 2);
  const pressed = await finishedCard(page, 2);
  expect(pressed).toMatchObject({ status: 'Done', stdout: 'unread\n' });
  expect(pressed.text).toContain(title);
});

test('a Python that cannot be started ahead of need is told in the popup, and tried again when it is wanted', async () => {
  const extension = join(folder, 'without-python');
  cpSync(join(import.meta.dirname, '../..', EXTENSION), extension, { recursive: true });
  const file = join(extension, 'vendor/python/pyodide.asm.wasm');
  renameSync(file, `${file}.away`);
  const client = await open({ extension });
  const state = async () => {
    await client.call('warm', { language: 'python' });
    const status = await client.call('status', {});
    return status.ok ? (status.value as HostStatus).python : null;
  };
  await expect.poll(state).toBe('failed');
  const engine = await client.page.waitForSelector('[data-part="engine"][data-python="failed"]');
  expect(await engine?.evaluate((part) => part.textContent)).toBe('Python could not be started');
  renameSync(`${file}.away`, file);
  await expect.poll(state).toBe('ready');
});

test('a part of the package that is missing is said as a failure of the extension; what does not need it goes on', async () => {
  const extension = packageWithout('chunks/describe-file-*.js', 'without-description');
  const { newChatPage } = await launch({ extension });
  site.set({ renderer: 'app' });
  const page = await newChatPage();
  await sendMessage(page, site, 'files');
  const before = await finishedCard(page);
  await turnEnded(page);
  await pressInCard(page, 'describe');
  const { title, explanation, suggestions } = FAILURES['door/failed'];
  const panel = '[data-part="describe"] [data-part="failure"][data-code="door/failed"]';
  const isWorded = (parts: readonly { text: string }[], said: string) => parts[0]?.text.includes(said);
  const { text } = await partWith(page, panel, isWorded, title);
  for (const words of [explanation, ...suggestions]) expect(text).toContain(words);
  await pressInCard(page, 'cancel');
  await pressInCard(page, 'again');
  expect(await finishedAgain(page, before)).toMatchObject({ outcome: 'completed', status: 'Done' });
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
  await clickPart(page, '[data-action="run-block"]', { host: barTag, index: 0 });
  const card = await finishedCard(page);
  const { title, explanation } = FAILURES['host/unavailable'];
  expect(card.text).toContain(title);
  expect(card.text).toContain(explanation);
});

test('a worker of the files that stands still is said to give no answer in time, and answers once it goes on', async () => {
  const { newChatPage, hostPage } = await launch();
  site.set({ renderer: 'app' });
  const page = await newChatPage();
  await sendMessage(page, site, 'files');
  await finishedCard(page);
  await turnEnded(page);
  const worker = (await hostPage()).workers().find((one) => one.url().includes('file-worker'));
  if (worker === undefined) throw new Error('the host has no worker of the files');
  await worker.client.send('Debugger.enable');
  // At the next line that it would run.
  await worker.client.send('Debugger.pause');
  await pressInCard(page, 'describe');
  const { title, explanation, suggestions } = FAILURES['door/deadline'];
  const panel = '[data-part="describe"] [data-part="failure"][data-code="door/deadline"]';
  const isWorded = (parts: readonly { text: string }[], said: string) => parts[0]?.text.includes(said);
  const { text } = await partWith(page, panel, isWorded, title);
  for (const words of [explanation, ...suggestions]) expect(text).toContain(words);
  // With it every stop goes.
  await worker.client.send('Debugger.disable');
  await pressInCard(page, 'cancel');
  await pressInCard(page, 'describe');
  await partWith(page, '[data-part="describe-text"]', (parts) => (parts[0]?.value ?? '') !== '');
});
