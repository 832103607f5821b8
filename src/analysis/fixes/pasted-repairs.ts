import { outsideTexts } from './broken-code.ts';
import type { Repair } from './repair.ts';

const FENCE = /^\s*(?:`{3,}|~{3,})[\w+-]*\s*$/u;

function* withoutFences(lines: readonly string[]): Generator<string> {
  const fences = lines.flatMap((line, at) => (FENCE.test(line) ? [at] : []));
  if (fences.length === 0) return;
  const [first, second] = fences as [number, ...number[]];
  yield lines.filter((line) => !FENCE.test(line)).join('\n');
  yield lines.slice(first + 1, second).join('\n');
  yield lines.slice(0, first).join('\n');
}

const PROMPTS = [/^\s*(?:>>>|\.\.\.)(?: |$)/u, /^(?:In \[\d+\]: | {3,6}\.{3}: ?)/u, /^(?:>|\.\.\.)(?: |$)/u, /^\$ /u];

/** Lines after a prompt are code, others are what it printed. */
function* withoutPrompts(lines: readonly string[]): Generator<string> {
  for (const prompt of PROMPTS) {
    const own = lines.filter((line) => prompt.test(line));
    if (own.length === 0) continue;
    yield own.map((line) => line.replace(prompt, '')).join('\n');
    yield lines.map((line) => line.replace(prompt, '')).join('\n');
  }
}

const plainQuotes = (text: string): string => text.replace(/[“”„‟″«»＂]/gu, '"').replace(/[‘’‚‛′＇]/gu, "'");
const plainBlanks = (text: string): string =>
  text
    .replace(/[\u200B\u2060\uFEFF\u200E\u200F\u00AD]/gu, '')
    .replace(/[\u00A0\u2000-\u200A\u202F\u205F\u3000]/gu, ' ');
const SIGNS: Readonly<Record<string, string>> = {
  '−': '-',
  '–': '-',
  '—': '-',
  '×': '*',
  '÷': '/',
  '≤': '<=',
  '≥': '>=',
  '≠': '!=',
  '…': '...',
  '、': ',',
  '。': '.',
  '【': '[',
  '】': ']',
};
/** Full-width forms of ASCII stand in its order, 0xFEE0 further on. Source: Unicode, Halfwidth and Fullwidth Forms. */
const plainSigns = (text: string): string =>
  text
    .replace(/[！-～]/gu, (sign) => String.fromCodePoint(sign.codePointAt(0)! - 0xfee0))
    .replace(/[−–—×÷≤≥≠…、。【】]/gu, (sign) => SIGNS[sign] ?? sign);

/** What chats, word processors and terminals put around or into code. */
export const PASTED_REPAIRS: readonly Repair[] = [
  { title: 'Leave out the fence around the code', propose: ({ lines }) => withoutFences(lines) },
  { title: 'Leave out the prompts', propose: ({ lines }) => withoutPrompts(lines) },
  {
    title: 'Use plain quotes and blanks',
    propose: (broken) => [
      outsideTexts(broken, (part) => plainBlanks(part)),
      outsideTexts(broken, (part) => plainQuotes(plainBlanks(part))),
      plainQuotes(plainBlanks(broken.code)),
    ],
  },
  {
    title: 'Use plain signs',
    propose: (broken) => [
      outsideTexts(broken, plainSigns),
      outsideTexts(broken, (part) => plainSigns(plainQuotes(plainBlanks(part)))),
    ],
  },
];
