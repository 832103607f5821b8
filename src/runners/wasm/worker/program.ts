/** A word as it was written, or a text in quotes. */
export interface Word {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** How a module is to be run: what the comment lines before the module say. */
export interface RunWish {
  /** The export to call, and its arguments as they were written; null runs `_start`, or tells what there is to call. */
  readonly call: { readonly name: string; readonly given: readonly Word[]; readonly shows: ResultForm } | null;
  /** WASI's `argv` after the program's name. */
  readonly args: readonly string[];
  /** `NAME=value`. */
  readonly env: readonly string[];
  /** WASI may see the workspace. */
  readonly hasFiles: boolean;
}

export type ResultForm = 'plain' | 'string' | 'u32' | 'u64' | 'bool' | 'hex';

export type ModuleSource =
  | { readonly kind: 'wat'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** Below the root of the workspace or absolute, as written. */
  | { readonly kind: 'file'; readonly path: string };

export interface Program {
  readonly wish: RunWish;
  readonly source: ModuleSource;
}

/** What a person has to change; the text is for them. */
export class ProgramProblem extends Error {
  /** 1-based. */
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

const FORMS: readonly ResultForm[] = ['string', 'u32', 'u64', 'bool', 'hex'];
const WORD = /"(?:[^"\\]|\\.)*"|\S+/gu;
/** Base64 of `\0asm`, as far as four bytes decide it. */
const BASE64_START = /^AGFzb[Q-T]/u;
const DATA_ADDRESS = /^data:application\/wasm;base64,/u;
const MODULE_PATH = /^(?:"(?:[^"\\]|\\.)*\.(?:wasm|wat)"|\S+\.(?:wasm|wat))(?:\s|$)/u;

/**
 * Reads what was given as code: WAT text, a module in base64, or `path.wasm export arguments`; before it, comment lines
 * `;; run:`, `;; args:`, `;; env:`, `;; files: on`. Throws `ProgramProblem`.
 */
export function readProgram(code: string): Program {
  const lines = code.split('\n');
  let wish: RunWish = { call: null, args: [], env: [], hasFiles: false };
  let at = 0;
  for (; at < lines.length; at += 1) {
    const line = (lines[at] ?? '').trim();
    if (line === '') continue;
    if (!line.startsWith(';;')) break;
    wish = withPragma(wish, line, at + 1);
  }
  const rest = lines.slice(at).join('\n').trim();
  const line = at + 1;
  if (rest === '') throw new ProgramProblem('There is no module: the code is empty.', 1);
  // The whole text, so that the lines of its errors are the person's.
  if (rest.startsWith('(')) return { wish, source: { kind: 'wat', text: code } };
  return encodedModule(rest, wish, line) ?? moduleByPath(rest, wish, line);
}

function encodedModule(rest: string, wish: RunWish, line: number): Program | null {
  if (!BASE64_START.test(rest) && !DATA_ADDRESS.test(rest)) return null;
  return { wish, source: { kind: 'bytes', bytes: bytesOfBase64(rest.replace(DATA_ADDRESS, ''), line) } };
}

function moduleByPath(rest: string, wish: RunWish, line: number): Program {
  if (rest.includes('\n') || !MODULE_PATH.test(rest)) {
    throw new ProgramProblem(
      'This is neither WebAssembly text (it begins with "(module"), nor a module in base64, nor the path of a .wasm file.',
      line,
    );
  }
  const [path, ...words] = wordsOf(rest, line);
  const call = words.length > 0 ? callOf(words, line) : wish.call;
  return { wish: { ...wish, call }, source: { kind: 'file', path: path?.text ?? '' } };
}

function withPragma(wish: RunWish, line: string, number: number): RunWish {
  const found = /^;;+\s*(run|args|env|files|wasi):\s*(.*)$/u.exec(line);
  if (!found) return wish;
  const [, name = '', value = ''] = found;
  const words = wordsOf(value, number);
  switch (name) {
    case 'run':
      return { ...wish, call: callOf(words, number) };
    case 'args':
      return { ...wish, args: [...wish.args, ...words.map(({ text }) => text)] };
    case 'env':
      return { ...wish, env: [...wish.env, ...words.map(({ text }) => text)] };
    default:
      if (value.trim() !== 'on' && value.trim() !== 'off' && value.trim() !== 'files') {
        throw new ProgramProblem(`";; ${name}:" is followed by on or off.`, number);
      }
      return { ...wish, hasFiles: value.trim() !== 'off' };
  }
}

function callOf(words: readonly Word[], line: number): RunWish['call'] {
  const arrow = words.findIndex(({ text, isQuoted }) => text === '->' && !isQuoted);
  const form = arrow < 0 ? 'plain' : (words[arrow + 1]?.text ?? '');
  const isForm = arrow < 0 || (FORMS as readonly string[]).includes(form);
  if (!isForm || (arrow >= 0 && words.length !== arrow + 2)) {
    throw new ProgramProblem(`After "->" comes one of ${FORMS.join(', ')}.`, line);
  }
  const [name, ...given] = arrow < 0 ? words : words.slice(0, arrow);
  if (name === undefined) throw new ProgramProblem('";; run:" is followed by the name of an export.', line);
  return { name: name.text, given, shows: form as ResultForm };
}

/** Words between spaces; in quotes, as JSON has them, a word may hold anything. */
function wordsOf(text: string, line: number): Word[] {
  return (text.match(WORD) ?? []).map((word) =>
    word.startsWith('"') ? { text: unquoted(word, line), isQuoted: true } : { text: word, isQuoted: false },
  );
}

function unquoted(word: string, line: number): string {
  try {
    return JSON.parse(word) as string;
  } catch {
    throw new ProgramProblem(`${word} is no text in quotes.`, line); // says what the parser would
  }
}

function bytesOfBase64(text: string, line: number): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text.replaceAll(/\s/gu, '')), (letter) => letter.codePointAt(0) ?? 0);
  } catch {
    throw new ProgramProblem('The base64 text of the module is damaged.', line); // atob says no more
  }
}
