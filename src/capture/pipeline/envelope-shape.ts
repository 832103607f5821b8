import type { Envelope } from '../../interception/envelope.ts';

const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
// Not instanceof alone: bytes that crossed from the page may be of another realm.
const isBytes = (value: unknown): boolean =>
  value instanceof Uint8Array ||
  (ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]');
const isOneOf = (value: unknown, ...known: readonly string[]): boolean => isText(value) && known.includes(value);

type Fields = Record<string, unknown>;

// By hand: the content script's size budget has no room for a schema library at a single place.
const SHAPES: Readonly<Record<Envelope['kind'], (fields: Fields) => boolean>> = {
  open: (fields) =>
    isCount(fields['stream']) &&
    isOneOf(fields['transport'], 'fetch', 'xhr') &&
    isText(fields['method']) &&
    isText(fields['url']) &&
    isCount(fields['status']) &&
    isText(fields['contentType']) &&
    isTextOrNull(fields['retryAfter']) &&
    isTextOrNull(fields['request']),
  chunk: (fields) => isCount(fields['stream']) && isBytes(fields['bytes']),
  end: (fields) => isCount(fields['stream']) && isOneOf(fields['how'], 'complete', 'cancelled', 'failed'),
  socket: (fields) =>
    isCount(fields['socket']) &&
    isText(fields['url']) &&
    isOneOf(fields['direction'], 'in', 'out') &&
    (isText(fields['data']) || isBytes(fields['data'])),
  health: ({ counts }) => typeof counts === 'object' && counts !== null && Object.values(counts).every(isCount),
};

/** Checks what came from the page. Null for anything that is not an envelope of this version. */
export function readEnvelope(input: unknown): Envelope | null {
  if (typeof input !== 'object' || input === null) return null;
  const fields = input as Fields;
  const { kind } = fields as { kind?: unknown };
  if (fields['v'] !== 1 || !isCount(fields['seq']) || !isText(kind) || !Object.hasOwn(SHAPES, kind)) return null;
  return SHAPES[kind as Envelope['kind']](fields) ? (input as Envelope) : null;
}
