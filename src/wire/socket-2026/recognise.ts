import type { WireFrame } from '../adapter.ts';
import { isObject } from '../json.ts';

const PAYLOADS: ReadonlySet<unknown> = new Set([
  'conversation-turn-stream',
  'conversation-turn-complete',
  'conversation-update',
]);

/** One envelope of the page's socket, as sent by the site (docs/wire.md, section 9). */
export function recogniseSocketEnvelope(frame: WireFrame): boolean {
  if (frame.kind !== 'socket' || frame.direction !== 'in' || !isObject(frame.value)) return false;
  const { type, payload, reply } = frame.value as { type?: unknown; payload?: unknown; reply?: unknown };
  if (type === 'reply' || type === undefined) return isObject(reply);
  if (type === 'conversation-update') return true;
  return type === 'message' && isObject(payload) && PAYLOADS.has(payload['type']);
}
