import { isObject, type JsonObject } from '../json.ts';
import { isPointer } from './pointers.ts';

/** Where shapes that nobody knows keep what a person reads, in the order in which it is told. */
const TEXT_KEYS: ReadonlySet<string> = new Set([
  'title',
  'name',
  'label',
  'heading',
  'headline',
  'subtitle',
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
  'html',
  'description',
  'snippet',
  'quote',
  'question',
  'answer',
  'note',
  'result',
  'results',
  'output',
  'output_str',
  'value',
  'caption',
  'paragraph',
  'paragraphs',
  'lines',
  'bullets',
  'items',
  'entries',
  'sections',
  'blocks',
  'rows',
  'cells',
  'widgets',
  'workspaces',
  'chunks',
  'data',
]);
const DEEPEST = 6;
const MOST_TEXTS = 500;
/** Values that are looked at, texts or not. */
const MOST_VALUES = 20_000;
/** Several words: a text under whatever key. */
const IS_PROSE = /\S\s+\S/;

interface Gathering {
  readonly texts: string[];
  values: number;
  /** Whether a string that stands under a key that says nothing of text is one. */
  readonly isText: (value: string) => boolean;
}

/** The texts of a shape that is not known, one a line: those under keys that speak of text, wherever they are nested. */
export function looseText(value: unknown): string {
  return gatherAll(value, () => false);
}

/** As `looseText`; of a shape with no such key, what reads like a sentence. */
export function anyText(value: unknown): string {
  const texts = looseText(value);
  return texts === '' ? gatherAll(value, (text) => IS_PROSE.test(text)) : texts;
}

/** The texts nested in a shape whose own text is read already. */
export function nestedText(value: JsonObject): string {
  const nested = Object.entries(value).filter(
    ([key, part]) => key !== 'text' && key !== 'parts' && typeof part === 'object',
  );
  return nested.length === 0 ? '' : looseText(Object.fromEntries(nested));
}

/** True for the description of a picture, a file or a recording: its fields, such as what was asked for, are no text. */
export function isAsset({ content_type: type }: JsonObject): boolean {
  return typeof type === 'string' && type.endsWith('asset_pointer');
}

function gatherAll(value: unknown, isText: Gathering['isText']): string {
  const gathering: Gathering = { texts: [], values: 0, isText };
  gather(value, { depth: 0, isNamed: true }, gathering);
  return gathering.texts.join('\n');
}

/** `isNamed`: the nearest key above speaks of text. */
function gather(value: unknown, at: { readonly depth: number; readonly isNamed: boolean }, all: Gathering): void {
  all.values += 1;
  if (all.values > MOST_VALUES || at.depth > DEEPEST) return;
  if (typeof value === 'string') {
    if (at.isNamed || all.isText(value)) addText(value, all.texts);
  } else if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) gather(item, { ...at, depth: at.depth + 1 }, all);
  } else if (isObject(value) && !isAsset(value)) gatherKeys(value, at.depth + 1, all);
}

function addText(value: string, texts: string[]): void {
  if (texts.length < MOST_TEXTS && value.trim() !== '' && !isPointer(value)) texts.push(value);
}

function gatherKeys(value: JsonObject, depth: number, all: Gathering): void {
  for (const key of TEXT_KEYS) if (Object.hasOwn(value, key)) gather(value[key], { depth, isNamed: true }, all);
  for (const key of Object.keys(value)) if (!TEXT_KEYS.has(key)) gather(value[key], { depth, isNamed: false }, all);
}
