import type { CapturedMessage } from '../../contracts/capture.ts';
import { isObject, listOf, textOrNull, type JsonObject } from '../json.ts';

const PYTHON_TOOLS: ReadonlySet<unknown> = new Set([
  'python',
  'python_user_visible',
  'python.exec',
  'python_user_visible.exec',
]);
const LIKE_PYTHON = /python|jupyter|code_?interpreter|notebook|pyodide|kernel/i;

export function isPythonTool(name: unknown): boolean {
  return PYTHON_TOOLS.has(name);
}

/** True for a tool that may be Python under another name. It is no call of ours, but to be noticed. */
export function isLikePython(name: unknown): name is string {
  return typeof name === 'string' && name !== 'all' && LIKE_PYTHON.test(name);
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
