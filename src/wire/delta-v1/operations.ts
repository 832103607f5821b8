import { isObject } from '../json.ts';
import { findSlot, readSlot, Refusal, writeSlot, type Slot } from './pointer.ts';

type Operation = (slot: Slot, value: unknown) => Refusal | null;

/**
 * The operations below the root (rules D8 to D10). Values are taken over, not copied: each frame is parsed anew and
 * nothing else holds its parts.
 */
const OPERATIONS: ReadonlyMap<string, Operation> = new Map(Object.entries({ add, replace, remove, append, truncate }));

export function isOperation(name: string): boolean {
  return OPERATIONS.has(name);
}

export function applyOperation(
  root: unknown,
  segments: readonly string[],
  name: string,
  value: unknown,
): Refusal | null {
  const operation = OPERATIONS.get(name);
  if (!operation) return new Refusal('unknown_op');
  const slot = findSlot(root, segments, name === 'add' || name === 'append');
  if (slot instanceof Refusal) return slot;
  return operation(slot, value);
}

function add(slot: Slot, value: unknown): Refusal | null {
  if (value === undefined) return new Refusal('bad_value');
  if (slot.kind === 'index') slot.list.splice(slot.index, 0, value);
  else writeSlot(slot, value);
  return null;
}

function replace(slot: Slot, value: unknown): Refusal | null {
  if (value === undefined) return new Refusal('bad_value');
  if (slot.kind === 'index' && !slot.exists) return new Refusal('missing_path');
  writeSlot(slot, value);
  return null;
}

function remove(slot: Slot): Refusal | null {
  if (slot.kind === 'end' || !slot.exists) return new Refusal('missing_path');
  if (slot.kind === 'index') slot.list.splice(slot.index, 1);
  // The key comes off a document of ours, made by JSON.parse.
  else Reflect.deleteProperty(slot.object, slot.key);
  return null;
}

function append(slot: Slot, value: unknown): Refusal | null {
  if (value === undefined) return new Refusal('bad_value');
  const current = readSlot(slot);
  if (current === undefined || current === null) writeSlot(slot, value);
  else if (typeof current === 'string' && typeof value === 'string') writeSlot(slot, current + value);
  else if (Array.isArray(current)) {
    // One by one: spreading a long list into push overflows the stack.
    if (Array.isArray(value)) for (const item of value) (current as unknown[]).push(item);
    else (current as unknown[]).push(value);
  } else if (isObject(current) && isObject(value)) Object.assign(current, value);
  else return new Refusal('type_mismatch');
  return null;
}

function truncate(slot: Slot, value: unknown): Refusal | null {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) return new Refusal('bad_value');
  if (slot.kind === 'end' || !slot.exists) return new Refusal('missing_path');
  const current = readSlot(slot);
  if (typeof current === 'string') writeSlot(slot, current.slice(0, value));
  else if (Array.isArray(current)) current.length = Math.min(current.length, value);
  else return new Refusal('type_mismatch');
  return null;
}
