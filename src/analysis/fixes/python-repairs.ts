import { childrenOf, firstOf, fromOf, nameOf, toOf } from '../tree/syntax-table.ts';
import { type BrokenCode, lineOf, outsideTexts, withLine } from './broken-code.ts';
import type { Repair } from './repair.ts';

const PYTHON = ['python'] as const;
const blanksOf = (line: string): string => /^[ \t]*/u.exec(line)?.[0] ?? '';
const isBlank = (line: string): boolean => line.trim() === '';

function* evenIndents({ lines, code, faults }: BrokenCode): Generator<string> {
  const filled = lines.filter((line) => !isBlank(line));
  const least = Math.min(...filled.map((line) => blanksOf(line).length));
  if (least > 0 && Number.isFinite(least)) yield lines.map((line) => line.slice(least)).join('\n');
  const [first, ...rest] = lines;
  if (first === undefined) return;
  if (blanksOf(first) !== '') yield [first.trimStart(), ...rest].join('\n');
  // copied from its first letter on: the first line lost what all others still have
  const others = Math.min(...rest.filter((line) => !isBlank(line)).map((line) => blanksOf(line).length));
  if (others > 0 && Number.isFinite(others)) yield [first, ...rest.map((line) => line.slice(others))].join('\n');
  for (const at of faultLines(code, faults)) {
    const line = lines[at] ?? '';
    const near = new Set([at - 1, at - 2, at + 1].map((other) => blanksOf(lines[other] ?? '')));
    for (const blanks of [...near, `${blanksOf(lines[at - 1] ?? '')}    `])
      yield withLine(lines, at, blanks + line.trimStart());
  }
}

const faultLines = (code: string, faults: readonly number[]): number[] =>
  [...new Set(faults.slice(0, 4).flatMap((offset) => [lineOf(code, offset), lineOf(code, offset) - 1]))].filter(
    (at) => at >= 0,
  );

function* withoutTabs({ lines, code }: BrokenCode): Generator<string> {
  if (!/^[ ]*\t/mu.test(code)) return;
  for (const width of [4, 8, 2]) {
    yield lines
      .map((line) => blanksOf(line).replaceAll('\t', ' '.repeat(width)) + line.slice(blanksOf(line).length))
      .join('\n');
  }
}

const HEAD =
  /^(\s*(?:async\s+)?(?:def|class|if|elif|else|for|while|try|except|finally|with|match|case)\b(?:[^#'"]|'[^']*'|"[^"]*")*?)(\s*(?:#.*)?)$/u;

function* withColons({ lines }: BrokenCode): Generator<string> {
  const add = (line: string): string => {
    const head = HEAD.exec(line);
    if (head === null || /[:,\\([{]$/u.test(head[1] ?? '')) return line;
    return `${(head[1] ?? '').replace(/[;.]$/u, '')}:${head[2] ?? ''}`;
  };
  const all = lines.map(add);
  yield all.join('\n');
  for (const [at, line] of all.entries()) if (line !== lines[at]) yield withLine(lines, at, line);
}

/** Longer ones are no statements but what an open bracket swallowed. */
const PRINT_UTF16 = 500;

/** `print x` of Python 2, wherever the grammar sees it. */
function* withPrintCalls({ code, table }: BrokenCode): Generator<string> {
  const edits: { from: number; to: number; text: string }[] = [];
  for (let at = 0; at < table.count; at++) {
    if (nameOf(table, at) !== 'PrintStatement') continue;
    const from = fromOf(table, at);
    const lineEnd = code.indexOf('\n', from);
    const quiet = childrenOf(table, at).some((child) => toOf(table, child) > (lineEnd < 0 ? code.length : lineEnd));
    const to = quiet ? toOf(table, at) : lineEnd < 0 ? code.length : lineEnd;
    if (to - from > PRINT_UTF16) continue;
    const [, said = '', after = ''] =
      /^((?:[^#'"]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")*?)(\s*(?:[;#].*)?)$/su.exec(
        code.slice(toOf(table, firstOf(table, at)), to),
      ) ?? [];
    const values = said.trim();
    const isOpen = values.endsWith(',');
    edits.push({ from, to, text: `print(${isOpen ? `${values} end=' '` : values})${after}` });
  }
  if (edits.length === 0) return;
  let made = code;
  for (const { from, to, text } of edits.reverse()) made = made.slice(0, from) + text + made.slice(to);
  yield made;
}

const inCode = (broken: BrokenCode, pattern: RegExp, by: string): string[] => {
  const made = outsideTexts(broken, (part) => part.replace(pattern, by));
  return made === broken.code ? [] : [made];
};

/** What is wrong with Python only: blocks by blanks, colons, habits of other languages and of Python 2. */
export const PYTHON_REPAIRS: readonly Repair[] = [
  { title: 'Use blanks instead of tabs', languages: PYTHON, propose: withoutTabs },
  { title: 'Put the lines under each other', languages: PYTHON, propose: evenIndents },
  { title: 'Add the missing colon', languages: PYTHON, propose: withColons },
  { title: 'Call print as a function', languages: PYTHON, propose: withPrintCalls },
  {
    title: 'Write elif',
    languages: PYTHON,
    propose: (broken) => inCode(broken, /^([ \t]*)else[ \t]+if\b/gmu, '$1elif'),
  },
  {
    title: 'Write except … as',
    languages: PYTHON,
    propose: (broken) => inCode(broken, /^([ \t]*except[ \t]+[\w.]+),[ \t]*([a-z_]\w*)[ \t]*:/gmu, '$1 as $2:'),
  },
  {
    title: 'Put the exceptions in parentheses',
    languages: PYTHON,
    propose: (broken) => inCode(broken, /^([ \t]*except[ \t]+)([\w.]+(?:,[ \t]*[\w.]+)+)/gmu, '$1($2)'),
  },
  {
    title: 'Compare with ==',
    languages: PYTHON,
    propose: (broken) => inCode(broken, /^([ \t]*(?:if|elif|while)\b[^=\n]*[^=!<>:\n])=(?!=)/gmu, '$1=='),
  },
  {
    title: 'Use the words and, or, not',
    languages: PYTHON,
    propose: (broken) => [
      outsideTexts(broken, (part) =>
        part
          .replace(/ ?&& ?/gu, ' and ')
          .replace(/ ?\|\| ?/gu, ' or ')
          .replace(/!(?=[\w(])/gu, 'not '),
      ),
    ],
  },
  {
    title: 'Count with += 1',
    languages: PYTHON,
    propose: (broken) => [
      outsideTexts(broken, (part) =>
        part.replace(/^([ \t]*[\w.]+)\+\+[ \t]*;?$/gmu, '$1 += 1').replace(/^([ \t]*[\w.]+)--[ \t]*;?$/gmu, '$1 -= 1'),
      ),
    ],
  },
];
