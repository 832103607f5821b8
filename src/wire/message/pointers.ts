import { isObject, listOf, type JsonObject } from '../json.ts';

const POINTER = /^(?:sediment|file-service):\/\/[^\s]+$/;
// A longer one is a text; to look at one that is being written would cost as much as it is long.
const LONGEST_UTF16 = 256;
const MOST = 500;
const NONE: readonly string[] = [];
/** Fields of a part that hold an address, or something that holds one. */
const FIELDS = [
  'asset_pointer',
  'audio_asset_pointer',
  'video_container_asset_pointer',
  'frames_asset_pointers',
  'screenshot',
] as const;

/** True for a text that is nothing but the address of an asset. */
export function isPointer(text: string): boolean {
  return text.length <= LONGEST_UTF16 && POINTER.test(text);
}

/** The addresses of what a message shows or plays, in their order. */
export function assetPointers(content: JsonObject): readonly string[] {
  const { parts } = content as { parts?: unknown };
  // Nearly all messages have parts or a plain text, and no field for an address beside them.
  if (parts === undefined && typeof content['text'] === 'string' && content['asset_pointer'] === undefined) return NONE;
  const pointers: string[] = [];
  for (const part of listOf(parts)) {
    if (typeof part !== 'string') gather(part, pointers, 0);
    else if (isPointer(part)) pointers.push(part);
  }
  if (parts === undefined) gather(content, pointers, 0);
  return pointers;
}

/** Addresses stand in the field itself, in a list of them, or in objects that have such a field again. */
function gather(value: unknown, pointers: string[], depth: number): void {
  if (!isObject(value) || depth > 3) return;
  for (const field of FIELDS) {
    const held = value[field];
    if (held === undefined) continue;
    for (const item of Array.isArray(held) ? (held as readonly unknown[]) : [held]) {
      if (pointers.length >= MOST) return;
      if (typeof item === 'string' && item !== '') pointers.push(item);
      else gather(item, pointers, depth + 1);
    }
  }
}
