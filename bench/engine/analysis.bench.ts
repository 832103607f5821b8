import { globSync } from 'node:fs';
import type { Page } from 'puppeteer-core';
import type { ParsedLanguage } from '../../src/contracts/analysis.ts';
import type { ReadingReply, ReadingRequest } from '../../src/host/reading/code-reading.ts';
import { connectRunsClient, type RunsClient } from '../../tests/support/runs-client/index.ts';
import { readLabelled } from '../../tools/analyse/labelled.ts';
import type { BenchGroup, BenchRow } from '../bench-row.ts';
import { type BrowserName, startBrowser } from '../support/extension-browser.ts';
import { measuredHere } from '../support/measured.ts';
import { openPeers, type PeerName } from './peers/open-peers.ts';

const LINES = 1_000;
/** The first rounds compile what the sample that the host reads ahead of need did not reach; a person's first card waits for the engine much longer. */
const WARMING = 15;
const ROUNDS = 40;
/** Until the host has made ready what it makes ready ahead of need, engines and parsers: what a person asks first comes later still. */
const REST_MS = 20_000;
const LANGUAGES: readonly ParsedLanguage[] = ['python', 'javascript', 'typescript', 'lua', 'shell'];
const COMMENT: Readonly<Record<ParsedLanguage, string>> = {
  python: '#',
  javascript: '//',
  typescript: '//',
  lua: '--',
  shell: '#',
};

/** A parser that programs of other people stand on; there is none that judges what it read. */
const PEERS: Readonly<Record<ParsedLanguage, { readonly name: PeerName; readonly words: string }>> = {
  python: { name: 'tree-sitter-python', words: 'web-tree-sitter with tree-sitter-python' },
  javascript: { name: 'typescript', words: 'typescript createSourceFile' },
  typescript: { name: 'typescript', words: 'typescript createSourceFile' },
  lua: { name: 'luaparse', words: 'luaparse' },
  shell: { name: 'tree-sitter-bash', words: 'web-tree-sitter with tree-sitter-bash' },
};

/** Not read on their own: what is broken on purpose, and what luaparse (Lua 5.3) knows nothing of. */
const LEFT_OUT = /syntax|cut|jsx|lua: attribs/u;

/**
 * A thousand lines of whole labelled pieces in an order of their own, so that no two rounds read the same. Where a piece ends
 * with `return`, as in Lua, it stands in a block.
 */
function thousandLines(language: ParsedLanguage, round: number): string {
  const pieces = readLabelled().filter(
    (one) => one.language === language && !one.code.startsWith('#!') && !LEFT_OUT.test(one.name),
  );
  const [open, close] = language === 'lua' ? [['do'], ['end']] : [[], []];
  const lines: string[] = [];
  for (let at = round; ; at += 1 + (round % 3)) {
    const code = pieces[at % pieces.length]?.code.trimEnd().split('\n') ?? [];
    const piece = [`${COMMENT[language]} ${round}.${at}`, ...open, ...code, ...close];
    if (lines.length + piece.length > LINES) break;
    lines.push(...piece);
  }
  while (lines.length < LINES) lines.push(`${COMMENT[language]} ${round}`);
  return lines.join('\n');
}

interface InPage {
  readonly companionRuns: { call(method: 'select', request: object): Promise<{ readonly ok: boolean }> };
  readonly benchReader: {
    ask(method: 'analyse' | 'warm', args: readonly unknown[]): Promise<void>;
  };
}

/** Starts the built reader in a page of the extension, which shares its thread and heap with the host, and gets it ready as the host does. */
async function startReader(page: Page, browser: BrowserName): Promise<void> {
  const folder = `extension/${browser === 'chromium' ? 'chrome' : 'firefox'}-mv3`;
  const [script, more] = globSync('assets/reading-worker-*.js', { cwd: folder });
  if (script === undefined || more !== undefined) throw new Error(`one reader was expected in ${folder}`);
  await page.evaluate((address) => {
    const worker = new Worker(address, { type: 'module' });
    // As `open-reading.ts` asks it, one question at a time.
    const ask: InPage['benchReader']['ask'] = (method, args) =>
      new Promise((resolve, reject) => {
        worker.onmessage = ({ data }: MessageEvent<ReadingReply>) =>
          data.answer.ok ? resolve() : reject(new Error(data.answer.error));
        worker.onerror = (event) => reject(new Error(event.message));
        worker.postMessage({ id: 1, method, args } satisfies ReadingRequest);
      });
    Object.assign(globalThis, { benchReader: { ask } });
  }, `/${script}`);
  for (const language of LANGUAGES)
    await page.evaluate((name) => (globalThis as unknown as InPage).benchReader.ask('warm', [name]), language);
}

/** Each code read by the reader, asked as the host asks it; milliseconds from the question to the answer in the host's heap. */
function inTheHost(page: Page, codes: readonly string[], label: string): Promise<number[]> {
  return page.evaluate(
    async (all, name) => {
      const samples: number[] = [];
      for (const code of all) {
        const begun = performance.now();
        await (globalThis as unknown as InPage).benchReader.ask('analyse', [{ code, label: name }, '']);
        samples.push(performance.now() - begun);
      }
      return samples;
    },
    codes,
    label,
  );
}

/** What a person waits for: the running host is asked by a page where the code should run, which reads it first. */
function asked(client: RunsClient, codes: readonly string[], label: string): Promise<number[]> {
  return client.page.evaluate(
    async (all, language) => {
      const samples: number[] = [];
      for (const code of all) {
        const request = { sessionId: 'chat:bench', language, label: language, code };
        const begun = performance.now();
        const answer = await (globalThis as unknown as InPage).companionRuns.call('select', request);
        if (!answer.ok) throw new Error(JSON.stringify(answer));
        samples.push(performance.now() - begun);
      }
      return samples;
    },
    codes,
    label,
  );
}

async function* rowsIn(browser: BrowserName): AsyncGenerator<BenchRow> {
  await using started = await startBrowser(browser);
  const page = await started.quietPage();
  const client = await connectRunsClient(page);
  await asked(client, ['print(1)'], 'python'); // opens the host, which then makes ready what it makes ready ahead of need
  await startReader(page, browser);
  await new Promise((rested) => setTimeout(rested, REST_MS));
  const peers = await openPeers(await started.blankPage(), [...new Set(LANGUAGES.map((one) => PEERS[one].name))]);
  const where = browser === 'firefox' ? ' (Firefox)' : '';
  for (const language of LANGUAGES) {
    const codes = Array.from({ length: WARMING + ROUNDS }, (_, round) => thousandLines(language, round));
    yield await measuredHere(`analysis of 1,000 lines of ${language}, seen in the host${where}`, 'ms', async () => {
      const samples = (await inTheHost(page, codes, language)).slice(WARMING);
      const { name: peer, words } = PEERS[language];
      return {
        samples,
        peer: {
          name: `${words}: parse and one walk, in a plain worker`,
          samples: (await peers.each(peer, codes)).slice(WARMING),
        },
        budget: { p95: 20 },
      };
    });
    yield await measuredHere(
      `where 1,000 lines of ${language} should run, asked by a page${where}`,
      'ms',
      async () => ({
        samples: (await asked(client, codes, language)).slice(WARMING),
        budget: { p95: 50 },
      }),
    );
  }
}

/** Reading code before it runs: as the host sees it, and as a page does that asks where it should run. */
export const analysisRows: BenchGroup = async function* () {
  yield* rowsIn('chromium');
  yield* rowsIn('firefox');
};
