import type { Redirection } from 'unbash';
import { wordOf } from '../read-shell.ts';
import { type Item, itemOfWord } from './item.ts';
import { textOfHereDoc } from './known-values.ts';
import { type Reading, type Standing, WHY } from './reading.ts';

/** Options of a shell that have a word of their own. */
const TAKING = /^[-+]\w*[oO]$/u;
const QUESTIONS = new Set(['--version', '--help']);
/** They name a file that is run first. */
const FILES = new Set(['--rcfile', '--init-file']);

interface ShellOptions {
  readonly isCode: boolean;
  readonly isInput: boolean;
  readonly operand: Item | undefined;
}

/** Null where they cannot be told apart. */
function optionsOf(items: readonly Item[]): ShellOptions | null {
  let isCode = false;
  let isInput = false;
  let at = 0;
  for (let item = items[at]; item !== undefined && /^[-+]./u.test(item.text); item = items[at]) {
    const { text } = item;
    if (item.isComputed || FILES.has(text)) return null;
    if (text === '--') {
      at += 1;
      break;
    }
    if (!text.startsWith('--') && text.startsWith('-')) {
      isCode ||= text.includes('c');
      isInput ||= text.includes('s');
    }
    at += TAKING.test(text) ? 2 : 1;
  }
  return { isCode, isInput, operand: items[at] };
}

/** `bash -c …`, `bash file`, and a shell that takes its commands from its input. */
export function judgeShell(items: readonly Item[], at: Standing, reading: Reading): void {
  if (QUESTIONS.has(items[0]?.text ?? '')) return;
  const options = optionsOf(items);
  if (options === null) return reading.ask(null, WHY.unclear, at);
  const { isCode, isInput, operand } = options;
  if (isCode) return operand === undefined ? undefined : readCode(operand, at, reading);
  if (operand !== undefined && !isInput && operand.text !== '-') return runFile(operand, at, reading);
  readInput(at.redirects, at, reading);
}

/** Text with variables in it is read where the script says what they are, and that changes no command. */
function readCode(code: Item, at: Standing, reading: Reading): void {
  if (!code.isComputed) return reading.read(code.text, at, false);
  const values = code.variable === null ? null : (reading.known.variables.get(code.variable) ?? null);
  if (values === null) return reading.ask(null, WHY.code, at);
  for (const value of values) reading.read(value, at, false);
}

function readInput(redirects: readonly Redirection[], at: Standing, reading: Reading): void {
  const last = redirects.findLast(
    (one) => one.type !== 'Redirect' || one.operator === '<' || one.operator === '<&' || one.operator === '<>',
  );
  if (last?.type === 'HereDoc') {
    const text = textOfHereDoc(last);
    if (text === null) reading.ask(null, WHY.code, at);
    else reading.read(text, at, false);
  } else if (last?.type === 'HereString' && last.target !== undefined) {
    readCode(itemOfWord(last.target), at, reading);
  } else if (last?.type === 'Redirect' && last.operator === '<' && last.target !== undefined) {
    runFile({ ...wordOf(last.target), hasPattern: false, variable: null }, at, reading);
  } else reading.ask(null, WHY.input, at);
}

const SHEBANG_OTHERS = /^#!.*\b(?:python|perl|node|lua|ruby|php|awk|sed)/u;

/** A file that is run: read where this code wrote it just so, asked about else. */
export function runFile(file: Item, at: Standing, reading: Reading): void {
  if (file.isComputed || file.hasPattern) return reading.ask(null, WHY.computed, at);
  const { files, downloads } = reading.known;
  const text = files.get(file.text) ?? files.get(file.text.replace(/^\.\//u, ''));
  if (text !== undefined) {
    if (!SHEBANG_OTHERS.test(text)) reading.read(text, at, false);
  } else if (downloads.has(file.text.slice(file.text.lastIndexOf('/') + 1))) reading.ask(null, WHY.download, at);
  else if (file.text.startsWith('/dev/') || file.text.startsWith('/proc/')) reading.ask(null, WHY.input, at);
  else reading.ask(file.text, WHY.script, at);
}
