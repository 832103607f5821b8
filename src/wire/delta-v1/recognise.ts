import type { WireFrame } from '../adapter.ts';
import { isObject, owns } from '../json.ts';

/** Rules S6 and S7: named delta frames, their encoding line, and unnamed objects with v or o. */
export function recogniseDelta(frame: WireFrame): boolean {
  if (frame.kind !== 'sse') return false;
  const { name, value } = frame;
  if (name === 'delta_encoding') return true;
  if (name === 'delta') return !(isObject(value) && typeof value['type'] === 'string' && !isDelta(value));
  if (name !== '' && name !== 'message') return false;
  return isObject(value) && typeof value['type'] !== 'string' && !isObject(value['message']) && isDelta(value);
}

function isDelta(value: object): boolean {
  return owns(value, 'v') || owns(value, 'o');
}
