import type { Language } from '../contracts/run.ts';
import type { FixLine, SuggestedFix } from '../contracts/suggested-fix.ts';
import type { CodeReading } from './reading/index.ts';

/** Lines shown around a change; lines shown at most, and of each so much. */
const CONTEXT = 2;
const LINES = 120;
const LINE_UTF16 = 300;

const KINDS = { ' ': 'same', '+': 'added', '-': 'removed' } as const;
const isSign = (sign: string): sign is keyof typeof KINDS => Object.hasOwn(KINDS, sign);

/** What differs by lines, unchanged stretches left out. */
function linesOf(hunks: readonly { readonly oldStart: number; readonly lines: readonly string[] }[]): FixLine[] {
  const lines: FixLine[] = [];
  for (const { oldStart, lines: hunk } of hunks) {
    if (oldStart > 1) lines.push({ kind: 'gap', text: '' });
    for (const line of hunk) {
      const sign = line.charAt(0);
      // the package's remark that a file has no newline at its end is no line of it
      if (isSign(sign)) lines.push({ kind: KINDS[sign], text: line.slice(1, LINE_UTF16) });
    }
  }
  return lines.length > LINES ? [...lines.slice(0, LINES), { kind: 'gap', text: '' }] : lines;
}

/** The likeliest fix of code that its language cannot read, with what it changes; null for none. */
export async function suggestFix(
  { fixes }: Pick<CodeReading, 'fixes'>,
  language: Language,
  code: string,
): Promise<SuggestedFix | null> {
  const [[fix], { structuredPatch }] = await Promise.all([fixes(code, language), import('diff')]);
  if (fix === undefined) return null;
  const end = (text: string): string => `${text.trimEnd()}\n`;
  const { hunks } = structuredPatch('', '', end(code), end(fix.code), '', '', { context: CONTEXT });
  return { title: fix.title, code: fix.code, language: fix.language, lines: linesOf(hunks) };
}
