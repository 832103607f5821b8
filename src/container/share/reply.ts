import { type Errno, ERRNOS } from './refusal.ts';

export const HEADER_BYTES = 7;
const ENCODER = new TextEncoder();
const ERROR_TYPE = 7;
/** Type 0 (1), version (4), inode (8). */
const QID_BYTES = 13;

export type NodeKind = 'file' | 'folder' | 'link';

export interface Qid {
  readonly kind: NodeKind;
  readonly inode: number;
}

export interface Attributes extends Qid {
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly accessedAtMs: number;
  readonly modifiedAtMs: number;
  readonly changedAtMs: number;
}

const QID_TYPES: Readonly<Record<NodeKind, number>> = { file: 0, folder: 0x80, link: 0x02 };
const MODE_TYPES: Readonly<Record<NodeKind, number>> = { file: 0o100000, folder: 0o040000, link: 0o120000 };
/** DT_REG, DT_DIR, DT_LNK. */
const ENTRY_TYPES: Readonly<Record<NodeKind, number>> = { file: 8, folder: 4, link: 10 };
const BLOCK_BYTES = 4096;

/** Writes an answer from front to back behind its header. Numbers are little-endian. */
export class Writer {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #at = HEADER_BYTES;

  /** `room`: bytes expected behind the header; more make it grow. */
  constructor(room = 64) {
    this.#bytes = new Uint8Array(HEADER_BYTES + room);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#at;
  }

  u8(value: number): this {
    const at = this.#take(1);
    this.#view.setUint8(at, value);
    return this;
  }
  u16(value: number): this {
    const at = this.#take(2);
    this.#view.setUint16(at, value, true);
    return this;
  }
  u32(value: number): this {
    const at = this.#take(4);
    this.#view.setUint32(at, value, true);
    return this;
  }
  u64(value: number | bigint): this {
    const at = this.#take(8);
    this.#view.setBigUint64(at, BigInt.asUintN(64, typeof value === 'bigint' ? value : whole(value)), true);
    return this;
  }
  text(value: string): this {
    return this.encoded(ENCODER.encode(value));
  }
  encoded(text: Uint8Array): this {
    this.u16(text.length);
    const at = this.#take(text.length);
    this.#bytes.set(text, at);
    return this;
  }
  qid({ kind, inode }: Qid): this {
    return this.u8(QID_TYPES[kind]).u32(0).u64(inode);
  }
  /** The next `length` bytes, zeros, to be filled at once: what is written after may move them. */
  space(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }
  /** Sets the number that was written first. */
  patch32(value: number): this {
    this.#view.setUint32(HEADER_BYTES, value, true);
    return this;
  }
  patch16(value: number): this {
    this.#view.setUint16(HEADER_BYTES, value, true);
    return this;
  }

  /** The whole message, with its memory to itself: it may be handed over. */
  finish(type: number, tag: number): Uint8Array<ArrayBuffer> {
    const message = this.#at === this.#bytes.length ? this.#bytes : this.#bytes.slice(0, this.#at);
    const view = new DataView(message.buffer);
    view.setUint32(0, this.#at, true);
    view.setUint8(4, type);
    view.setUint16(5, tag, true);
    return message;
  }

  /** Where the next bytes go. It may move the memory: look at that afterwards. */
  #take(length: number): number {
    const at = this.#at;
    this.#at = at + length;
    if (this.#at > this.#bytes.length) {
      const grown = new Uint8Array(this.#at * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return at;
  }
}

function whole(value: number): bigint {
  return BigInt(Math.floor(value));
}

/** The answer to a request that is refused: Linux' number of the error. */
export function errorReply(errno: Errno, tag: number): Uint8Array<ArrayBuffer> {
  return new Writer(4).u32(ERRNOS[errno]).finish(ERROR_TYPE, tag);
}

function time(into: Writer, atMs: number): void {
  const seconds = Math.floor(atMs / 1000);
  into.u64(seconds).u64((atMs - seconds * 1000) * 1e6);
}

/** Answer to a request for attributes: the basic ones (0x7ff), all zero but these. */
export function writeAttributes(into: Writer, of: Attributes): Writer {
  const type = MODE_TYPES[of.kind];
  into
    .u64(0x7ff)
    .qid(of)
    .u32(type | of.mode)
    .u32(of.uid)
    .u32(of.gid);
  // One link, also to a folder: "1" says that the number of folders within cannot be told from it.
  into
    .u64(1)
    .u64(0)
    .u64(of.sizeBytes)
    .u64(BLOCK_BYTES)
    .u64(Math.ceil(of.sizeBytes / 512));
  time(into, of.accessedAtMs);
  time(into, of.modifiedAtMs);
  time(into, of.changedAtMs);
  return into.u64(0).u64(0).u64(0).u64(0);
}

/** One entry of a listing; `next` is what a reader goes on with. False, and nothing written, where it would pass `most` bytes. */
export function writeEntry(into: Writer, name: string, qid: Qid, next: number, most: number): boolean {
  const encoded = ENCODER.encode(name);
  if (into.length + QID_BYTES + 8 + 1 + 2 + encoded.length > most) return false;
  into.qid(qid).u64(next).u8(ENTRY_TYPES[qid.kind]).encoded(encoded);
  return true;
}

/** What `df` shows. */
export function writeUsage(
  into: Writer,
  bytes: { total: number; used: number },
  nodes: { total: number; used: number },
) {
  const free = Math.max(0, Math.floor((bytes.total - bytes.used) / BLOCK_BYTES));
  into
    .u32(0x01021997)
    .u32(BLOCK_BYTES)
    .u64(bytes.total / BLOCK_BYTES)
    .u64(free)
    .u64(free);
  return into
    .u64(nodes.total)
    .u64(Math.max(0, nodes.total - nodes.used))
    .u64(0)
    .u32(255);
}
