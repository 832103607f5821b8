import { GRAMMARS, type TreeLanguage } from '../tree/grammars.ts';
import {
  firstOf,
  fromOf,
  makeSyntaxTable,
  nameOf,
  parentOf,
  type SyntaxTable,
  textOf,
  toOf,
} from '../tree/syntax-table.ts';
import { pythonFaults } from './python-faults.ts';

/** Code as it was parsed, with the places at which it cannot be right. */
export interface BrokenCode {
  readonly language: TreeLanguage;
  readonly code: string;
  readonly lines: readonly string[];
  readonly table: SyntaxTable;
  /** Offsets, in the order of the text. */
  readonly faults: readonly number[];
}

const TYPES = new Set(['TypeAnnotation', 'InterfaceDeclaration', 'TypeAliasDeclaration', 'EnumDeclaration']);
const NAME = /^[#@]?[\p{ID_Start}$_][\p{ID_Continue}$\u200C\u200D]*$/u;
const isNameNode = (name: string): boolean => /(Name|Definition)$/u.test(name);

/** What the grammar takes and the language does not: they take every sign beyond ASCII for a letter. */
function strangeNames(table: SyntaxTable): number[] {
  const found: number[] = [];
  for (let at = 0; at < table.count; at++) {
    const text = firstOf(table, at) < 0 && isNameNode(nameOf(table, at)) ? textOf(table, at) : '';
    if (/[^\p{ASCII}]/u.test(text) && !NAME.test(text)) found.push(fromOf(table, at));
  }
  return found;
}

/** JavaScript's grammar reads TypeScript's types as well. */
function typesIn(table: SyntaxTable): number[] {
  const found: number[] = [];
  for (let at = 0; at < table.count; at++) {
    if (TYPES.has(nameOf(table, at)) && !TYPES.has(nameOf(table, parentOf(table, at)))) found.push(fromOf(table, at));
  }
  return found;
}

/** In Lua a value alone is no statement, unless it is a call. */
function loneValues(table: SyntaxTable): number[] {
  const found: number[] = [];
  for (let at = 0; at < table.count; at++) {
    const value = nameOf(table, at) === 'ExpressionStatement' ? firstOf(table, at) : -1;
    if (value >= 0 && nameOf(table, value) !== 'CallExpression') found.push(fromOf(table, value));
  }
  return found;
}

function ownFaults(language: TreeLanguage, table: SyntaxTable): number[] {
  if (language === 'python') return pythonFaults(table);
  if (language === 'javascript') return typesIn(table);
  return language === 'lua' ? loneValues(table) : [];
}

/** Parses. Never throws. */
export function readBroken(language: TreeLanguage, code: string): BrokenCode {
  const table = makeSyntaxTable(GRAMMARS[language].parser, code);
  const faults = [
    ...table.errors.map((node) => fromOf(table, node)),
    ...strangeNames(table),
    ...ownFaults(language, table),
  ].sort((a, b) => a - b);
  return { language, code, lines: code.split('\n'), table, faults };
}

/** Texts and comments: what stands in them is no code. */
export function quietParts({ table }: BrokenCode): { readonly from: number; readonly to: number }[] {
  const parts: { from: number; to: number }[] = [];
  for (let at = 0; at < table.count; at++) {
    if (/String|Comment|RegExp/u.test(nameOf(table, at))) parts.push({ from: fromOf(table, at), to: toOf(table, at) });
  }
  return parts;
}

/** `change` on everything outside of texts and comments. */
export function outsideTexts(broken: BrokenCode, change: (part: string) => string): string {
  let done = 0;
  let made = '';
  for (const { from, to } of quietParts(broken)) {
    if (from < done) continue;
    made += change(broken.code.slice(done, from)) + broken.code.slice(from, to);
    done = to;
  }
  return made + change(broken.code.slice(done));
}

/** The line of an offset, counted from 0. */
export function lineOf(code: string, offset: number): number {
  let line = 0;
  for (let at = code.indexOf('\n'); at >= 0 && at < offset; at = code.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** The code with one line in another form. */
export const withLine = (lines: readonly string[], at: number, line: string): string => lines.with(at, line).join('\n');
