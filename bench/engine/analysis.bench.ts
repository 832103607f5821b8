import ts from 'typescript';
import type { ParsedLanguage } from '../../src/contracts/analysis.ts';
import { readLabelled } from '../../tools/analyse/labelled.ts';
import { openAnalyser } from '../../tools/analyse/open-analyser.ts';
import { type BenchRow, benchRow } from '../bench-row.ts';

const LINES = 1_000;
/** The first rounds compile the parsers; a person's first card waits for the engine much longer. */
const WARMING = 15;
const ROUNDS = 60;
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

function measure(codes: readonly string[], once: (code: string) => void): number[] {
  return codes
    .map((code) => {
      const begun = performance.now();
      once(code);
      return performance.now() - begun;
    })
    .slice(WARMING);
}

/** TypeScript's own parser and a walk over its tree: syntax alone, nothing is judged. */
function parseWithTypescript(code: string): void {
  const walk = (node: ts.Node): void => ts.forEachChild(node, walk);
  walk(ts.createSourceFile('x.ts', code, ts.ScriptTarget.Latest, true));
}

/** Reading code before it runs, in the process of the bench: no browser's part in it. */
export async function* analysisRows(): AsyncGenerator<BenchRow> {
  for (const language of LANGUAGES) {
    const codes = Array.from({ length: WARMING + ROUNDS }, (_, round) => thousandLines(language, round));
    const analyser = openAnalyser();
    const samples = measure(codes, (code) => void analyser.analyse({ code, label: language }));
    const isScript = language === 'javascript' || language === 'typescript';
    yield benchRow({
      name: `analysis of 1,000 lines of ${language}`,
      unit: 'ms',
      samples,
      ...(isScript
        ? { peer: { name: 'typescript createSourceFile', samples: measure(codes, parseWithTypescript) } }
        : {}),
      budget: { p95: 20 },
    });
  }
}
