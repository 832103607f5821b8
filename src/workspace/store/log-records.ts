import crc32 from 'crc-32';
import * as v from 'valibot';
import type { SyncAccess } from './opfs-handles.ts';

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const at = v.pipe(v.number(), v.finite());

/** What a record says. `cut`: the size that the file is given before the bytes go in; null leaves it. */
const metaSchema = v.variant('op', [
  v.object({ op: v.literal('mkdir'), path: v.string(), at }),
  v.object({ op: v.literal('write'), path: v.string(), position: size, cut: v.nullable(size), at }),
  v.object({ op: v.literal('blob'), path: v.string(), blob: size, size, at }),
  v.object({ op: v.literal('rename'), path: v.string(), to: v.string(), at }),
  v.object({ op: v.literal('remove'), path: v.string(), at }),
]);

export type RecordMeta = Readonly<v.InferOutput<typeof metaSchema>>;

export interface LogRecord {
  readonly meta: RecordMeta;
  /** Where the record's bytes lie in the log. */
  readonly payloadAt: number;
  readonly payloadLength: number;
}

/** Length of the body, its CRC-32, length of the meta text in it. */
const HEAD_BYTES = 12;
/** More than any record has: a small file's bytes, and two paths of which each UTF-16 unit takes six letters at most. */
const RECORD_BYTES = 256 * 1024;
const WINDOW_BYTES = 4 * 1024 * 1024;

/** A record is one write of the store; whoever finds half of one sees it by its checksum. */
export function encodeRecord(meta: RecordMeta, payload: Uint8Array): { bytes: Uint8Array; payloadOffset: number } {
  const text = new TextEncoder().encode(JSON.stringify(meta));
  const bytes = new Uint8Array(HEAD_BYTES + text.length + payload.length);
  bytes.set(text, HEAD_BYTES);
  bytes.set(payload, HEAD_BYTES + text.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, text.length + payload.length);
  view.setUint32(8, text.length);
  view.setInt32(4, crc32.buf(bytes.subarray(8)));
  return { bytes, payloadOffset: HEAD_BYTES + text.length };
}

/**
 * Whole records from `start` on. One whose checksum is wrong is stepped over when a good one follows it, and told with its
 * bytes, valid until the next record; else everything ends there. Returns where that is.
 */
export function* readRecords(
  access: SyncAccess,
  start: number,
  onBad: (bytes: Uint8Array) => void,
): Generator<LogRecord, number> {
  const window = new Window(access);
  let end = start;
  for (;;) {
    const found = recordAt(window, end);
    if (found === null) return end;
    if (found.record !== null) yield found.record;
    else if (recordAt(window, found.next)?.record) onBad(window.bytes(end, found.next - end) ?? new Uint8Array(0));
    else return end;
    end = found.next;
  }
}

function recordAt(window: Window, at: number): { record: LogRecord | null; next: number } | null {
  const head = window.bytes(at, HEAD_BYTES);
  if (head === null) return null;
  const view = new DataView(head.buffer, head.byteOffset, HEAD_BYTES);
  const [bodyLength, crc, metaLength] = [view.getUint32(0), view.getInt32(4), view.getUint32(8)];
  const next = at + HEAD_BYTES + bodyLength;
  if (bodyLength === 0 || bodyLength > RECORD_BYTES) return null;
  const checked = window.bytes(at + 8, HEAD_BYTES - 8 + bodyLength);
  if (checked === null) return null;
  if (metaLength > bodyLength || crc32.buf(checked) !== crc) return { record: null, next };
  const body = checked.subarray(HEAD_BYTES - 8);
  const meta = parseMeta(body.subarray(0, metaLength));
  const payloadAt = at + HEAD_BYTES + metaLength;
  return { record: meta && { meta, payloadAt, payloadLength: bodyLength - metaLength }, next };
}

/** Whether these bytes may be the beginning of one record, of which the rest was never written. */
export function isCutShort(bytes: Uint8Array): boolean {
  if (bytes.length < HEAD_BYTES) return true;
  const bodyLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  return bodyLength <= RECORD_BYTES && HEAD_BYTES + bodyLength > bytes.length;
}

const NAMED = /\{"op":"[a-z]+","path":("(?:[^"\\]|\\.){0,4096}")/gu;

/** Paths that are named in bytes of a log of which no checksum tells what they are; in order, each once. */
export function pathsIn(bytes: Uint8Array): readonly string[] {
  const found = [...new TextDecoder().decode(bytes).matchAll(NAMED)];
  const paths = found.flatMap(([, quoted = '""']) => {
    try {
      return [String(JSON.parse(quoted))];
    } catch {
      return []; // damaged itself
    }
  });
  return [...new Set(paths)];
}

function parseMeta(bytes: Uint8Array): RecordMeta | null {
  let text: unknown;
  try {
    text = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // Not ours: stepped over and counted like one whose checksum is wrong.
    return null;
  }
  const parsed = v.safeParse(metaSchema, text);
  return parsed.success ? parsed.output : null;
}

/** Reads a file in large pieces. */
class Window {
  readonly #access: SyncAccess;
  readonly #sizeBytes: number;
  #from = 0;
  #held = new Uint8Array(0);

  constructor(access: SyncAccess) {
    this.#access = access;
    this.#sizeBytes = access.getSize();
  }

  /** Null where the file ends before. Valid until the next call. */
  bytes(at: number, length: number): Uint8Array | null {
    if (at + length > this.#sizeBytes) return null;
    if (at < this.#from || at + length > this.#from + this.#held.length) {
      const held = new Uint8Array(Math.min(Math.max(WINDOW_BYTES, length), this.#sizeBytes - at));
      this.#held = held.subarray(0, this.#access.read(held, { at }));
      this.#from = at;
      if (this.#held.length < length) return null;
    }
    return this.#held.subarray(at - this.#from, at - this.#from + length);
  }
}
