import { firstOf, fromOf, toOf } from '../tree/syntax-table.ts';
import type { CodeLanguage } from '../../contracts/analysis.ts';
import { readShell } from '../shell/read-shell.ts';
import { isKnownProgram } from '../tables/shell-commands.ts';
import { GRAMMARS, type TreeLanguage } from '../tree/grammars.ts';
import { hasNamed, makeSyntaxTable, nameOf, nodesNamed } from '../tree/syntax-table.ts';
import { languageOfLabel, languageOfShebang } from './labels.ts';
import { cutTokens } from './tokens.ts';
import { wordScores } from './word-evidence.ts';

export interface DetectedLanguage {
  readonly language: CodeLanguage;
  readonly from: 'label' | 'shebang' | 'syntax' | 'none';
  readonly sureness: number;
}

/** So much of the code is tried with each grammar; what it is shows at its beginning. */
const SAMPLE = 4_000;
const TREES: readonly TreeLanguage[] = ['python', 'javascript', 'typescript', 'lua'];

function sampleOf(code: string): string {
  if (code.length <= SAMPLE) return code;
  const cut = code.lastIndexOf('\n', SAMPLE);
  return code.slice(0, cut > SAMPLE / 2 ? cut : SAMPLE);
}

/** Share of the text that a grammar cannot read: 0 is all read. */
function faultsOf(language: TreeLanguage, sample: string): number {
  const table = makeSyntaxTable(GRAMMARS[language].parser, sample, 20_000);
  let lost = 0;
  for (const node of table.errors) lost += Math.max(4, toOf(table, node) - fromOf(table, node));
  // a lone name or comparison reads in every language and says nothing
  return Math.min(1, lost / Math.max(20, sample.length)) + (language === 'lua' ? loneValues(table) : 0);
}

const EXPRESSIONS = new Set(['ExpressionStatement']);

/** Lua has no statement that is only a value. */
function loneValues(table: ReturnType<typeof makeSyntaxTable>): number {
  const values = nodesNamed(table, EXPRESSIONS).filter((at) => nameOf(table, firstOf(table, at)) !== 'CallExpression');
  return values.length > 0 ? 0.2 : 0;
}

function isJson(code: string): boolean {
  const text = code.trim();
  if (!/^[[{]/u.test(text) || text.length > 200_000) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    // no JSON is the answer, not a failure
    return false;
  }
}

const MARKUP_TAGS =
  /^<(!doctype html|html|head|body|div|p|span|ul|ol|table|form|script|style|section|main|nav|header|footer|button|a|img|h[1-6]|svg)\b/iu;

/** Languages that show in their first signs. */
function byOpening(code: string): CodeLanguage | null {
  const text = code.trimStart();
  if (text.startsWith('<?php')) return 'php';
  if (text.startsWith('<?xml')) return 'xml';
  if (MARKUP_TAGS.test(text)) return 'html';
  if (/^<[a-zA-Z][\w:.-]*[\s>]/u.test(text)) return 'xml';
  if (/^\(module\b/u.test(text)) return 'wasm';
  return isJson(text) ? 'json' : null;
}

/** How much a fault weighs against words. */
const FAULT = 60;
const READ = 4;
/** What a script of known programs alone counts. */
const KNOWN = 6;

interface Scored {
  readonly language: CodeLanguage;
  readonly score: number;
}

/** Words of a command line that no sentence has: a flag, a path, a variable. */
const isOfShell = (text: string): boolean => /^-|\/|\$|^[\w-]+\.\w+$|:$|@/u.test(text);

/** Known programs with such words speak for a shell, faults against it. */
function shellScore(own: number, sample: string): number {
  const { commands, errors } = readShell(sample);
  const fault = Math.min(1, (errors.length * 30) / Math.max(40, sample.length));
  const known = commands.filter(({ name }) => name !== null && isKnownProgram(name));
  const isSure = known.some(({ words }) => words.some(({ text }) => isOfShell(text)));
  const named = isSure && errors.length === 0 && known.length === commands.length ? KNOWN : 0;
  return own + named - fault * FAULT;
}

const TYPE_NODES = new Set(['TypeAnnotation', 'InterfaceDeclaration', 'TypeAliasDeclaration', 'EnumDeclaration']);

/** Whether it has types; JavaScript's grammar reads them as well. */
function hasTypes(sample: string): boolean {
  return hasNamed(makeSyntaxTable(GRAMMARS.typescript.parser, sample, 20_000), TYPE_NODES);
}

const readScore = (own: number, fault: number): number => own - fault * FAULT + (fault === 0 ? READ : 0);

function scoreAll(code: string): Scored[] {
  const sample = sampleOf(code);
  const words = wordScores(cutTokens(sample));
  const scores = new Map(words);
  const word = (language: CodeLanguage): number => words.get(language) ?? 0;
  const faults = Object.fromEntries(TREES.map((language) => [language, faultsOf(language, sample)]));
  for (const language of TREES) {
    const own = language === 'typescript' ? word(language) + word('javascript') - 1 : word(language);
    scores.set(language, own <= 0 ? 0 : readScore(own, faults[language] ?? 1));
  }
  // what only the wider grammar reads is the wider language
  if (faults['typescript'] === 0 && (faults['javascript'] !== 0 || hasTypes(sample)))
    scores.set('typescript', word('typescript') + word('javascript') + READ + 4);
  scores.set('shell', shellScore(word('shell'), sample));
  return [...scores].map(([language, score]) => ({ language, score })).sort((a, b) => b.score - a.score);
}

/** Whether a text is prose: words with spaces, few signs. */
const LEAST = 2;

function bySyntax(code: string): DetectedLanguage {
  const opening = byOpening(code);
  if (opening) return { language: opening, from: 'syntax', sureness: 0.95 };
  const [best, second] = scoreAll(code);
  if (!best || best.score < LEAST) return { language: 'text', from: 'none', sureness: 0 };
  const ahead = best.score - Math.max(0, second?.score ?? 0);
  return {
    language: best.language,
    from: 'syntax',
    sureness: Math.min(0.95, Math.round((ahead / best.score) * 50 + 45) / 100),
  };
}

/** Label first, then `#!`, then the code itself. A label that means no language is no label. */
export function detectLanguage(code: string, label: string | null): DetectedLanguage {
  const labelled = label === null ? null : languageOfLabel(label);
  if (labelled) return { language: labelled, from: 'label', sureness: 1 };
  const shebang = languageOfShebang(code);
  if (shebang) return { language: shebang, from: 'shebang', sureness: 1 };
  return bySyntax(code);
}
