import { firstOf, fromOf, nameOf, toOf } from '../tree/syntax-table.ts';
import { type BrokenCode, lineOf, quietParts, withLine } from './broken-code.ts';
import type { Repair } from './repair.ts';

const CLOSER: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const isCloser = (sign: string): boolean => sign === ')' || sign === ']' || sign === '}';
/** Lines after an open bracket that are looked at, and open brackets: what is missing is mostly near. */
const LINES = 12;
const OPEN = 3;

const blanksOf = (line: string): number => /^\s*/u.exec(line)?.[0].length ?? 0;

interface Bracket {
  readonly sign: string;
  readonly at: number;
}

function pairBrackets(broken: BrokenCode): { readonly open: readonly Bracket[]; readonly extra: readonly Bracket[] } {
  const { table } = broken;
  const open: Bracket[] = [];
  const extra: Bracket[] = [];
  const lost: Bracket[] = [];
  const doubtful: Bracket[] = [];
  const depth = (offset: number): number => blanksOf(broken.lines[lineOf(broken.code, offset)] ?? '');
  for (let node = 0; node < table.count; node++) {
    const sign = nameOf(table, node);
    if (firstOf(table, node) >= 0 || toOf(table, node) - fromOf(table, node) !== 1) continue;
    const bracket = { sign, at: fromOf(table, node) };
    if (CLOSER[sign] !== undefined) open.push(bracket);
    else if (isCloser(sign)) {
      const match = open.findLastIndex((other) => CLOSER[other.sign] === sign);
      if (match < 0) extra.push(bracket);
      else {
        const [opener, ...inner] = open.splice(match);
        lost.push(...inner);
        // a block that ends left of where it begins was closed by a bracket of another
        if (opener !== undefined && sign === '}' && depth(bracket.at) < depth(opener.at)) doubtful.push(opener);
      }
    }
  }
  const left = [...lost, ...open];
  return { open: left.length > 0 ? [...left, ...doubtful] : left, extra };
}

/** Where a sign may be missing in a line: before each of the signs that it ends with, then at its end. Comments are not code. */
function endsOf(broken: BrokenCode, at: number): number[] {
  const line = broken.lines[at] ?? '';
  const start = broken.lines.slice(0, at).reduce((sum, other) => sum + other.length + 1, 0);
  const comment = quietParts(broken).find(
    ({ from }) =>
      from >= start && from < start + line.length && /^(?:#|\/\/|--)/u.test(broken.code.slice(from, from + 2)),
  );
  const said = (comment === undefined ? line : line.slice(0, comment.from - start)).trimEnd();
  const tail = /[\])},;:\s]*(?:=>)?[\s{]*$/u.exec(said)?.[0].length ?? 0;
  const ends: number[] = [];
  for (let place = said.length - tail; place <= said.length; place++) ends.push(place);
  return ends;
}

const insert = ({ lines }: BrokenCode, at: number, place: number, text: string): string => {
  const line = lines[at] ?? '';
  return withLine(lines, at, line.slice(0, place) + text + line.slice(place));
};

/** The first line after `at` that stands no deeper than it; the number of lines where there is none. */
function blockEnd(lines: readonly string[], at: number): number {
  const own = blanksOf(lines[at] ?? '');
  const end = lines.findIndex((line, other) => other > at && line.trim() !== '' && blanksOf(line) <= own);
  return end < 0 ? lines.length : end;
}

function withLineBefore(lines: readonly string[], at: number, line: string): string {
  let place = at;
  while (place > 0 && lines[place - 1]?.trim() === '') place -= 1;
  return lines.toSpliced(place, 0, line).join('\n') + (place >= lines.length ? '\n' : '');
}

function* closeBrackets(broken: BrokenCode): Generator<string> {
  const { lines, code } = broken;
  for (const { sign, at } of pairBrackets(broken).open.slice(-OPEN).reverse()) {
    const closer = CLOSER[sign] ?? '';
    const line = lineOf(code, at);
    const own = (lines[line] ?? '').slice(0, blanksOf(lines[line] ?? ''));
    const opensBlock = (lines[line] ?? '').trimEnd().endsWith(sign);
    if (opensBlock) yield withLineBefore(lines, blockEnd(lines, line), own + closer);
    for (let after = line; after < Math.min(lines.length, line + LINES); after++) {
      for (const place of endsOf(broken, after)) yield insert(broken, after, place, closer);
    }
    if (!opensBlock) yield withLineBefore(lines, blockEnd(lines, line), own + closer);
    yield `${code.trimEnd()}${closer}\n`;
  }
}

function* dropBrackets(broken: BrokenCode): Generator<string> {
  for (const { at } of pairBrackets(broken).extra.slice(0, OPEN))
    yield (broken.code.slice(0, at) + broken.code.slice(at + 1)).replace(/\n[ \t]+$/u, '\n');
}

/** Lines where a fault is, and the ones before. */
function faultyLines({ code, faults }: BrokenCode): number[] {
  const at = faults.slice(0, OPEN).map((offset) => lineOf(code, offset));
  return [...new Set(at.flatMap((line) => [line, line - 1]))].filter((line) => line >= 0);
}

/** One line with a quote more, at every place where it may have been. */
function* withQuote(broken: BrokenCode, at: number, quote: string): Generator<string> {
  const line = broken.lines[at] ?? '';
  if ((line.replace(/\\./gu, '').split(quote).length - 1) % 2 === 0) return;
  for (const place of endsOf(broken, at)) yield insert(broken, at, place, quote);
  // what follows an open text belongs to it for the grammar, comments and all
  const tail = /[\])},;:\s]*[\s{]*$/u.exec(line)?.index ?? line.length;
  for (let place = tail; place <= line.length; place++) yield insert(broken, at, place, quote);
  for (const before of line.matchAll(/[([{=,:+]\s*(?=[\p{L}\d])/gu))
    yield insert(broken, at, before.index + before[0].length, quote);
}

function* closeQuotes(broken: BrokenCode): Generator<string> {
  for (const at of faultyLines(broken)) {
    for (const quote of ['"', "'", '`']) yield* withQuote(broken, at, quote);
  }
}

/** Texts of several lines in Python. */
function* closeLongTexts(broken: BrokenCode): Generator<string> {
  const { lines, code } = broken;
  for (const quote of ['"""', "'''"]) {
    if (code.split(quote).length % 2 === 1) continue;
    const opened = lineOf(code, code.lastIndexOf(quote) + 1);
    yield insert(broken, opened, (lines[opened] ?? '').length, quote);
    yield `${code.trimEnd()}\n${quote}\n`;
  }
}

/** One sign of a pair is missing, or one is too many. */
export const CLOSING_REPAIRS: readonly Repair[] = [
  { title: 'Close the text', propose: closeQuotes },
  { title: 'Close the text', languages: ['python'], propose: closeLongTexts },
  { title: 'Close the bracket', propose: closeBrackets },
  { title: 'Leave out the bracket that closes nothing', propose: dropBrackets },
];
