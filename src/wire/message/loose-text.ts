import { isObject, type JsonObject } from '../json.ts';
import { isPointer } from './pointers.ts';

/** Where shapes that nobody knows keep what a person reads, in the order in which it is told. */
const TEXT_KEYS = [
  'title',
  'name',
  'label',
  'shared_prefix',
  'text',
  'summary',
  'message',
  'parts',
  'context_parts',
  'content',
  'contents',
  'body',
  'markdown',
  'description',
  'snippet',
  'result',
  'results',
  'output',
  'output_str',
  'value',
  'caption',
  'items',
  'widgets',
  'workspaces',
  'chunks',
  'data',
] as const;
const DEEPEST = 6;
const MOST_TEXTS = 500;

/** The texts of a shape that is not known, one a line: those under keys that speak of text, wherever they are nested. */
export function looseText(value: unknown): string {
  const texts: string[] = [];
  gather(value, 0, texts);
  return texts.join('\n');
}

function gather(value: unknown, depth: number, texts: string[]): void {
  if (texts.length >= MOST_TEXTS || depth > DEEPEST) return;
  if (typeof value === 'string') {
    if (value.trim() !== '' && !isPointer(value)) texts.push(value);
  } else if (Array.isArray(value)) for (const item of value as readonly unknown[]) gather(item, depth + 1, texts);
  else if (isObject(value)) gatherKeys(value, depth, texts);
}

function gatherKeys(value: JsonObject, depth: number, texts: string[]): void {
  for (const key of TEXT_KEYS) if (Object.hasOwn(value, key)) gather(value[key], depth + 1, texts);
}
