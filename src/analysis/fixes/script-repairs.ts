import { type BrokenCode, lineOf, outsideTexts } from './broken-code.ts';
import type { Repair } from './repair.ts';

const LUA = ['lua'] as const;
const SCRIPTS = ['javascript', 'typescript'] as const;

const inCode = (broken: BrokenCode, pattern: RegExp, by: string): string[] => {
  const made = outsideTexts(broken, (part) => part.replace(pattern, by));
  return made === broken.code ? [] : [made];
};

const blanksOf = (line: string): string => /^\s*/u.exec(line)?.[0] ?? '';

/** Blocks of Lua end with a word: after the lines that stand deeper than their head, else after everything. */
function* withEnds({ lines, code }: BrokenCode): Generator<string> {
  const heads = lines.flatMap((line, at) => (/\b(?:function|do|then)\b/u.test(line) ? [at] : []));
  for (const head of heads.slice(-8).reverse()) {
    const own = blanksOf(lines[head] ?? '');
    const after = lines.findIndex((line, at) => at > head && line.trim() !== '' && blanksOf(line).length <= own.length);
    if (after > 0) yield lines.toSpliced(after, 0, `${own}end`).join('\n');
  }
  yield `${code.trimEnd()}\nend\n`;
}

function* withWord({ lines, code, faults }: BrokenCode, head: RegExp, word: string): Generator<string> {
  for (const at of new Set(faults.slice(0, 3).flatMap((offset) => [lineOf(code, offset), lineOf(code, offset) - 1]))) {
    const line = lines[at];
    if (line !== undefined && head.test(line)) yield lines.with(at, `${line.trimEnd()} ${word}`).join('\n');
  }
}

/** Habits of other languages in Lua and JavaScript, and blocks of Lua. */
export const SCRIPT_REPAIRS: readonly Repair[] = [
  { title: 'Compare with ~=', languages: LUA, propose: (broken) => inCode(broken, /!=/gu, '~=') },
  { title: 'Write elseif', languages: LUA, propose: (broken) => inCode(broken, /\b(?:else if|elif)\b/gu, 'elseif') },
  {
    title: 'Write out what is added',
    languages: LUA,
    propose: (broken) => inCode(broken, /^([ \t]*)([\w.]+)[ \t]*([+\-*/])=[ \t]*(.+)$/gmu, '$1$2 = $2 $3 $4'),
  },
  {
    title: 'Use the words and, or, not',
    languages: LUA,
    propose: (broken) => [
      outsideTexts(broken, (part) =>
        part
          .replace(/&&/gu, 'and')
          .replace(/\|\|/gu, 'or')
          .replace(/!(?=[\w(])/gu, 'not '),
      ),
    ],
  },
  {
    title: 'Add the missing then',
    languages: LUA,
    propose: (broken) => withWord(broken, /^\s*(?:else)?if\b/u, 'then'),
  },
  { title: 'Add the missing do', languages: LUA, propose: (broken) => withWord(broken, /^\s*(?:for|while)\b/u, 'do') },
  { title: 'Add the missing end', languages: LUA, propose: withEnds },
  {
    title: 'Write else if',
    languages: SCRIPTS,
    propose: (broken) => inCode(broken, /\b(?:elif|elsif)\b/gu, 'else if'),
  },
  {
    title: 'Write comments with //',
    languages: SCRIPTS,
    propose: (broken) => inCode(broken, /^([ \t]*)#(?!!)/gmu, '$1//'),
  },
];
