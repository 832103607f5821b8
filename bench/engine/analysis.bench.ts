import type { ParsedLanguage } from '../../src/contracts/analysis.ts';
import { connectRunsClient, type RunsClient } from '../../tests/support/runs-client/index.ts';
import { readLabelled } from '../../tools/analyse/labelled.ts';
import type { BenchGroup, BenchRow } from '../bench-row.ts';
import { type BrowserName, startBrowser } from '../support/extension-browser.ts';
import { measuredHere } from '../support/measured.ts';
import { openPeers, type PeerName } from './peers/open-peers.ts';

const LINES = 1_000;
/** The first rounds compile the parsers; a person's first card waits for the engine much longer. */
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
  readonly companionRuns: { call(method: 'analyse', request: object): Promise<{ readonly ok: boolean }> };
}

/** Each code read by the host, asked for over its door; milliseconds from the asking to the answer. */
function inTheHost(client: RunsClient, codes: readonly string[], label: string): Promise<number[]> {
  return client.page.evaluate(
    async (all, name) => {
      const samples: number[] = [];
      for (const code of all) {
        const begun = performance.now();
        const answer = await (globalThis as unknown as InPage).companionRuns.call('analyse', { code, label: name });
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
  const client = await connectRunsClient(await started.quietPage());
  await new Promise((rested) => setTimeout(rested, REST_MS));
  const peers = await openPeers(await started.blankPage(), [...new Set(LANGUAGES.map((one) => PEERS[one].name))]);
  for (const language of LANGUAGES) {
    const name = `analysis of 1,000 lines of ${language} in the host${browser === 'firefox' ? ' (Firefox)' : ''}`;
    yield await measuredHere(name, 'ms', async () => {
      const codes = Array.from({ length: WARMING + ROUNDS }, (_, round) => thousandLines(language, round));
      const samples = (await inTheHost(client, codes, language)).slice(WARMING);
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
  }
}

/** Reading code before it runs: in the host, door and all. */
export const analysisRows: BenchGroup = async function* () {
  yield* rowsIn('chromium');
  yield* rowsIn('firefox');
};
