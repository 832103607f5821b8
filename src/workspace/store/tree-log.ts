import { refuse } from './file-failure.ts';
import { encodeRecord, type LogRecord, readRecords, type RecordMeta } from './log-records.ts';
import { type SyncAccess, writeAll } from './opfs-handles.ts';

/** "ccfiles\n", the layout's version, and whether the log was once whole. */
const MAGIC = new TextEncoder().encode('ccfiles\n');
const HEADER_BYTES = 16;
/** Version 1 was a folder of plain files; see `former-tree.ts`. */
export const LAYOUT_VERSION = 2;

const NO_BYTES = new Uint8Array(0);

/** The one file that says what a tree is: its accepted operations in order, with the bytes of small files in them. */
export class TreeLog {
  readonly #access: SyncAccess;
  #end = HEADER_BYTES;

  private constructor(access: SyncAccess) {
    this.#access = access;
  }

  /** Not valid before `complete`: a half-written log counts for nothing when it is found later. */
  static start(access: SyncAccess): TreeLog {
    access.truncate(0);
    writeAll(access, header(false), 0);
    return new TreeLog(access);
  }

  /** Null for a log that was never complete. Throws EIO for one that is none, or of a later version: it is left alone. */
  static reopen(access: SyncAccess): TreeLog | null {
    const bytes = new Uint8Array(HEADER_BYTES);
    const length = access.read(bytes, { at: 0 });
    const view = new DataView(bytes.buffer);
    const isComplete = view.getUint32(12) === 1;
    const isOurs = MAGIC.every((byte, index) => bytes[index] === byte);
    if (length < HEADER_BYTES || (isOurs && !isComplete)) return null;
    if (!isOurs || view.getUint32(8) !== LAYOUT_VERSION) return refuse('EIO');
    return new TreeLog(access);
  }

  complete(): void {
    this.#access.flush();
    writeAll(this.#access, header(true), 0);
    this.#access.flush();
  }

  get sizeBytes(): number {
    return this.#end;
  }

  /** Every whole record; then the log goes on after the last, and what lies behind it is cut off. */
  *replay(told: {
    /** A record between good ones, in its place among them. */
    readonly onBad: (bytes: Uint8Array) => void;
    readonly onTail: (bytes: Uint8Array) => void;
  }): Generator<LogRecord> {
    const end = yield* readRecords(this.#access, HEADER_BYTES, told.onBad);
    const tail = new Uint8Array(this.#access.getSize() - end);
    this.#access.read(tail, { at: end });
    if (tail.length > 0) told.onTail(tail);
    this.#end = end;
    this.#access.truncate(end);
  }

  /** Answers where the bytes lie. Throws ENOSPC with the log as it was. */
  append(meta: RecordMeta, payload: Uint8Array = NO_BYTES): number {
    const { bytes, payloadOffset } = encodeRecord(meta, payload);
    try {
      writeAll(this.#access, bytes, this.#end);
    } catch (error) {
      this.#access.truncate(this.#end);
      throw error;
    }
    const payloadAt = this.#end + payloadOffset;
    this.#end += bytes.length;
    return payloadAt;
  }

  read(into: Uint8Array, at: number): void {
    if (this.#access.read(into, { at }) < into.length) refuse('EIO');
  }

  flush(): void {
    this.#access.flush();
  }

  close(): void {
    this.#access.close();
  }
}

function header(isComplete: boolean): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  bytes.set(MAGIC);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, LAYOUT_VERSION);
  view.setUint32(12, isComplete ? 1 : 0);
  return bytes;
}
