import ts from 'typescript';
import type { ParsedLanguage } from '../../src/contracts/analysis.ts';
import { connectRunsClient, type RunsClient } from '../../tests/support/runs-client/index.ts';
import { readLabelled } from '../../tools/analyse/labelled.ts';
import type { BenchGroup, BenchRow } from '../bench-row.ts';
import { type BrowserName, startBrowser } from '../support/extension-browser.ts';
import { measuredHere } from '../support/measured.ts';

const LINES = 1_000;
/** The first rounds compile the parsers; a person's first card waits for the engine much longer. */
const WARMING = 15;
const ROUNDS = 40;
const LANGUAGES: readonly ParsedLanguage[] = ['python', 'javascript', 'typescript', 'lua', 'shell'];
const COMMENT: Readonly<Record<ParsedLanguage, string>> = {
  python: '#',
  javascript: '//',
  typescript: '//',
  lua: '--',
  shell: '#',
};

/** A thousand lines of the labelled pieces in an order of their own, so that no two rounds read the same. */
function thousandLines(language: ParsedLanguage, round: number): string {
  const pieces = readLabelled().filter(
    (one) => one.language === language && !one.code.startsWith('#!') && !/syntax|cut|jsx/u.test(one.name),
  );
  const lines: string[] = [];
  for (let at = round; lines.length < LINES; at += 1 + (round % 3)) {
    const piece = pieces[at % pieces.length];
    lines.push(`${COMMENT[language]} ${round}.${at}`, ...(piece?.code.trimEnd().split('\n') ?? []));
  }
  return lines.slice(0, LINES).join('\n');
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

/** TypeScript's own parser and a walk over its tree: syntax alone, nothing is judged. */
function parseWithTypescript(code: string): number {
  const begun = performance.now();
  const walk = (node: ts.Node): void => ts.forEachChild(node, walk);
  walk(ts.createSourceFile('x.ts', code, ts.ScriptTarget.Latest, true));
  return performance.now() - begun;
}

async function* rowsIn(browser: BrowserName): AsyncGenerator<BenchRow> {
  await using started = await startBrowser(browser);
  const client = await connectRunsClient(await started.quietPage());
  for (const language of LANGUAGES) {
    const name = `analysis of 1,000 lines of ${language} in the host${browser === 'firefox' ? ' (Firefox)' : ''}`;
    yield await measuredHere(name, 'ms', async () => {
      const codes = Array.from({ length: WARMING + ROUNDS }, (_, round) => thousandLines(language, round));
      const samples = (await inTheHost(client, codes, language)).slice(WARMING);
      const isScript = language === 'javascript' || language === 'typescript';
      const peer = isScript && {
        name: 'typescript createSourceFile, in Node',
        samples: codes.map(parseWithTypescript).slice(WARMING),
      };
      return { samples, ...(peer ? { peer } : {}), budget: { p95: 20 } };
    });
  }
}

/** Reading code before it runs: in the host, door and all. */
export const analysisRows: BenchGroup = async function* () {
  yield* rowsIn('chromium');
  yield* rowsIn('firefox');
};
