import type { WireFrame } from '../adapter.ts';
import { isObject } from '../json.ts';

/** Rule S7: an unnamed object with a message and no type is the whole message so far. */
export function recogniseSnapshot(frame: WireFrame): boolean {
  if (frame.kind !== 'sse' || (frame.name !== '' && frame.name !== 'message')) return false;
  return isObject(frame.value) && typeof frame.value['type'] !== 'string' && isObject(frame.value['message']);
}
