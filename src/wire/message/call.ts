import type { CapturedMessage } from '../../contracts/capture.ts';
import { isObject, listOf, textOrNull, type JsonObject } from '../json.ts';

const PYTHON_TOOLS: ReadonlySet<unknown> = new Set([
  'python',
  'python_user_visible',
  'python.exec',
  'python_user_visible.exec',
]);
/** Whole parts of names, and two that make one. Nobody is called so. */
const LIKE_PYTHON: ReadonlySet<string> = new Set([
  'python',
  'ipython',
  'pyodide',
  'jupyter',
  'codeinterpreter',
  'pythoncaascottool',
]);
const CODE_INTERPRETER = ['code', 'interpreter'] as const;
/** They may name much else: news of a kernel, a notebook of notes. */
const PERHAPS_PYTHON: ReadonlySet<string> = new Set(['kernel', 'notebook']);
const BETWEEN_PARTS = /[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])/;

export function isPythonTool(name: unknown): boolean {
  return PYTHON_TOOLS.has(name);
}

/** What in the name of a tool speaks of Python. */
export interface PythonSign {
  /** One word, lower case, which is a sign as strong by itself. */
  readonly word: string;
  /** False where the word may stand for much else as well: to be told of, but no reason to doubt anything. */
  readonly isStrong: boolean;
}

/** A sign in the name of a tool that it may be Python under another name; null where there is none. It is no call of ours. */
export function pythonSign(name: unknown): PythonSign | null {
  if (typeof name !== 'string') return null;
  const parts = name.split(BETWEEN_PARTS).map((part) => part.toLowerCase());
  const [code, interpreter] = CODE_INTERPRETER;
  const strong =
    parts.find((part) => LIKE_PYTHON.has(part)) ??
    (parts.some((part, at) => part === code && parts[at + 1] === interpreter) ? code + interpreter : undefined);
  if (strong !== undefined) return { word: strong, isStrong: true };
  const weak = parts.find((part) => PERHAPS_PYTHON.has(part));
  return weak === undefined ? null : { word: weak, isStrong: false };
}

/** Rule C1: role and recipient, nothing else. */
export function isPythonCall(message: CapturedMessage): boolean {
  return message.role === 'assistant' && isPythonTool(message.recipient);
}

/** Rule C2: the code of a call; null when it is blank or of another content type. */
export function callCode(message: JsonObject): string | null {
  const content = isObject(message['content']) ? message['content'] : {};
  const type = content['content_type'];
  const code = type === 'code' ? content['text'] : type === 'text' ? listOf(content['parts'])[0] : null;
  return typeof code === 'string' && code.trim() !== '' ? code : null;
}

/** True for a message that was made while thinking. */
export function isThinking(message: JsonObject): boolean {
  const metadata = message['metadata'];
  if (message['channel'] === 'analysis') return true;
  return isObject(metadata) && textOrNull(metadata['reasoning_status']) !== null;
}
