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
  pressInCard,
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

/** Changes one byte of what is stored of a file, while the host is away. */
async function damageOnDisk(extension: ChromiumUnderTest, text: string): Promise<void> {
  const host = await extension.hostPage();
  const gone = new Promise((resolve) => host.once('close', resolve));
  await host.evaluate(() => setTimeout(() => window.close()));
  await gone;
  // A page without a door: nothing of it starts a host, which would hold the log.
  const page = await extension.extensionPage('LICENCES.txt');
  const damaged = await page.evaluate(async (wanted) => {
    interface Folder extends FileSystemDirectoryHandle {
      values(): AsyncIterable<Folder & FileSystemFileHandle>;
    }
    const trees = (await (await navigator.storage.getDirectory()).getDirectoryHandle('trees')) as Folder;
    let count = 0;
    for await (const tree of trees.values()) {
      for await (const entry of tree.values()) {
        if (!entry.name.startsWith('log-')) continue;
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
  site.set({ codeBlocks: 'mixed', renderer: 'app' });
  const page = await launched.newChatPage();
  await sendMessage(page, site, 'code');
  await turnEnded(page);
  const run = async (code: string, index: number) => {
    await clickPart(page, '[data-action="edit-block"]', { host: 'chatgpt-companion-run', index: 0 });
    await replaceText(page, '[data-part="code-field"]', code, { index });
    await pressInCard(page, 'run', index);
    return await finishedCard(page, index);
  };
  const files = ['one', 'two', 'three'].map((name) => `open("/mnt/data/${name}.txt", "w").write("all of ${name}")`);
  await run(files.join('\n'), 0);
  await damageOnDisk(launched, 'all of two');

  await page.reload();
  await turnEnded(page);
  const list = 'import os\nprint(sorted(os.listdir("/mnt/data")))';
  const first = await run(list, 0);
  expect(first.stdout).toContain("'one.txt'");
  expect(first.stdout).toContain("'three.txt'");
  const { title, explanation } = FAILURES['files/damaged'];
  expect(first.text).toContain(`${title}: two.txt.`);
  expect(first.text).toContain(explanation);
  expect((await run(list, 1)).text).not.toContain(title);

  const popup = await launched.popupPage();
  const panel = '[data-part="failure"][data-code="files/damaged"]';
  await popup.waitForSelector(panel);
  expect(await popup.$eval(`${panel} .detail`, (detail) => detail.textContent)).toBe('two.txt');
  await page.bringToFront();
  await run('open("/mnt/data/two.txt", "w").write("anew")', 2);
  await popup.waitForFunction((selector) => document.querySelector(selector) === null, {}, panel);
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
