import type { Envelope } from '../../interception/envelope.ts';

type Row = Readonly<Record<string, unknown>>;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isShort = (value: unknown, limit: number): value is string => typeof value === 'string' && value.length <= limit;
const isShortOrNull = (value: unknown, limit: number): value is string | null =>
  value === null || isShort(value, limit);

const URL_LIMIT = 8_192;
const REQUEST_LIMIT = 64 * 1024;
const COUNT_NAMES = 64;
const SITES = ['https://chatgpt.com/', 'https://chat.openai.com/'];

function isSiteUrl(value: unknown): value is string {
  return isShort(value, URL_LIMIT) && SITES.some((site) => value.startsWith(site));
}

function isSocketUrl(value: unknown): value is string {
  return isShort(value, URL_LIMIT) && /^wss?:\/\/[^?#]*$/u.test(value);
}

function readBytes(value: unknown): Uint8Array | null {
  // Shared memory would let the sender change what was already checked.
  return value instanceof Uint8Array && value.buffer instanceof ArrayBuffer ? value : null;
}

function readCounts(value: unknown): Record<string, number> | null {
  if (typeof value !== 'object' || value === null) return null;
  const counts: Record<string, number> = {};
  const entries = Object.entries(value);
  if (entries.length > COUNT_NAMES) return null;
  for (const [name, count] of entries) {
    if (!/^[A-Za-z]{1,32}$/u.test(name) || !isCount(count)) return null;
    counts[name] = count;
  }
  return counts;
}

function readOpen(row: Row, seq: number): Envelope | null {
  const { stream, transport, method, url, status, contentType, retryAfter, request } = row;
  if (!isCount(stream) || (transport !== 'fetch' && transport !== 'xhr')) return null;
  if ((method !== 'GET' && method !== 'POST') || !isSiteUrl(url)) return null;
  if (!isCount(status) || status > 999 || !isShort(contentType, 256)) return null;
  if (!isShortOrNull(retryAfter, 64) || !isShortOrNull(request, REQUEST_LIMIT)) return null;
  return { v: 1, seq, kind: 'open', stream, transport, method, url, status, contentType, retryAfter, request };
}

function readSocket(row: Row, seq: number): Envelope | null {
  const { socket, url, direction, data } = row;
  if (!isCount(socket) || !isSocketUrl(url) || (direction !== 'in' && direction !== 'out')) return null;
  const payload = typeof data === 'string' ? data : readBytes(data);
  return payload === null ? null : { v: 1, seq, kind: 'socket', socket, url, direction, data: payload };
}

function readChunk(row: Row, seq: number): Envelope | null {
  const bytes = readBytes(row['bytes']);
  const stream = row['stream'];
  return bytes && isCount(stream) ? { v: 1, seq, kind: 'chunk', stream, bytes } : null;
}

function readEnd(row: Row, seq: number): Envelope | null {
  const { stream, how } = row as { stream: unknown; how: unknown };
  if (!isCount(stream) || (how !== 'complete' && how !== 'cancelled' && how !== 'failed')) return null;
  return { v: 1, seq, kind: 'end', stream, how };
}

/**
 * Reads one envelope out of what arrived, or null. Written by hand and not with zod: it stands on the way of every
 * frame, and the same bundle must stay small. Unknown members are left behind.
 */
export function checkEnvelope(value: unknown): Envelope | null {
  if (typeof value !== 'object' || value === null) return null;
  const row = value as Row;
  const seq = row['seq'];
  if (row['v'] !== 1 || !isCount(seq)) return null;
  switch (row['kind']) {
    case 'open':
      return readOpen(row, seq);
    case 'chunk':
      return readChunk(row, seq);
    case 'end':
      return readEnd(row, seq);
    case 'socket':
      return readSocket(row, seq);
    case 'health': {
      const counts = readCounts(row['counts']);
      return counts ? { v: 1, seq, kind: 'health', counts } : null;
    }
    default:
      return null;
  }
}

/** What an envelope costs in memory, near enough for a limit. */
export function sizeOf(envelope: Envelope): number {
  if (envelope.kind === 'chunk') return envelope.bytes.length + 64;
  if (envelope.kind === 'socket') return envelope.data.length + 128;
  return 1_024;
}
