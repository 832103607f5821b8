import { isForbiddenKey, isObject, owns } from '../json.ts';
import type { WireProblem } from '../wire-event.ts';

const INDEX = /^(0|[1-9][0-9]*)$/;

/** Why an operation was not applied; never leaves the decoder. */
export class Refusal {
  readonly problem: WireProblem;
  constructor(problem: WireProblem) {
    this.problem = problem;
  }
}

/** Splits a JSON pointer (rule D6). The empty pointer, the root, has no segments. */
export function parsePointer(pointer: string, deepest: number): readonly string[] | Refusal {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) return new Refusal('bad_path');
  const segments = pointer.slice(1).split('/');
  if (segments.some((raw) => isForbiddenKey(unescape(raw)))) return new Refusal('forbidden_path');
  if (segments.length > deepest) return new Refusal('bad_path');
  return pointer.includes('~') ? segments.map(unescape) : segments;
}

function unescape(segment: string): string {
  return segment.includes('~') ? segment.replaceAll('~1', '/').replaceAll('~0', '~') : segment;
}

/** A place in a document: a key of an object, an index of a list, or a list's end. */
export type Slot =
  | { readonly kind: 'key'; readonly object: Record<string, unknown>; readonly key: string; readonly exists: boolean }
  | { readonly kind: 'index'; readonly list: unknown[]; readonly index: number; readonly exists: boolean }
  | { readonly kind: 'end'; readonly list: unknown[] };

/** Finds the place that `segments` name below `root`; only `mayAppend` lets the last one be `-`. */
export function findSlot(root: unknown, segments: readonly string[], mayAppend: boolean): Slot | Refusal {
  let parent: unknown = root;
  const last = segments.length - 1;
  for (let depth = 0; depth < last; depth += 1) {
    const key = segments[depth] ?? '';
    if (Array.isArray(parent)) {
      if (!INDEX.test(key)) return new Refusal('bad_index');
      parent = (parent as unknown[])[Number(key)];
    } else parent = isObject(parent) && owns(parent, key) ? parent[key] : undefined;
    // JSON has no undefined: nothing is there.
    if (parent === undefined) return new Refusal('missing_path');
  }
  return slotOf(parent, segments[last] ?? '', mayAppend);
}

function slotOf(parent: unknown, key: string, mayAppend: boolean): Slot | Refusal {
  if (Array.isArray(parent)) {
    const list = parent as unknown[];
    if (key === '-') return mayAppend ? { kind: 'end', list } : new Refusal('bad_index');
    if (!INDEX.test(key)) return new Refusal('bad_index');
    const index = Number(key);
    if (index > list.length) return new Refusal('missing_path');
    return { kind: 'index', list, index, exists: index < list.length };
  }
  if (isObject(parent)) return { kind: 'key', object: parent, key, exists: owns(parent, key) };
  return new Refusal('missing_path');
}

export function readSlot(slot: Slot): unknown {
  if (slot.kind === 'end' || !slot.exists) return undefined;
  return slot.kind === 'key' ? slot.object[slot.key] : slot.list[slot.index];
}

export function writeSlot(slot: Slot, value: unknown): void {
  if (slot.kind === 'key') slot.object[slot.key] = value;
  else if (slot.kind === 'index') slot.list[slot.index] = value;
  else slot.list.push(value);
}
