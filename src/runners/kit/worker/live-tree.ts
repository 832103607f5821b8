import { joinBytes } from '../../../base/index.ts';
import type { FileOperation, FileStat } from '../../../contracts/files.ts';
import type { Changes } from '../written/index.ts';
import { FileError } from './file-error.ts';
import { type AskMailbox, MAILBOX_WINDOW_BYTES, type MailboxAnswer, readEntries } from './mailbox.ts';
import { plainPath } from './plain-path.ts';
import type { WorkerTree } from './worker-tree.ts';

const READ_AHEAD_BYTES = 64 * 1024;
const WRITE_BEHIND_BYTES = 1024 * 1024;
const FIRST_ROOM_BYTES = 64 * 1024;
/** Files that may hold unwritten bytes at once; the oldest is written when there is one more. */
const BEHIND_MOST = 16;

const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** What was read beyond what was asked for; good only for a reader that goes straight on. */
interface Ahead {
  readonly path: string;
  readonly position: number;
  readonly bytes: Uint8Array;
}

/** Written text that waits to become one piece. */
interface Behind {
  position: number;
  length: number;
  bytes: Uint8Array;
}

/**
 * The tree by the mailbox: each call asks the host and blocks, so a program sees what every other runtime wrote a moment
 * ago. The first write to a file goes out at once, as its refusal must be the program's; those that go straight on are
 * joined until `flush`, a look at the file, or another file in its place.
 */
export class LiveTree implements WorkerTree {
  readonly #ask: AskMailbox;
  readonly #changes: Changes;
  readonly #behind = new Map<string, Behind>();
  #ahead: Ahead | null = null;

  constructor(ask: AskMailbox, changes: Changes) {
    this.#ask = ask;
    this.#changes = changes;
  }

  stat(given: string): FileStat {
    const path = plainPath(given);
    this.#settle(path);
    const answer = this.#call({ op: 'stat', path });
    return {
      path,
      kind: answer.isDirectory ? 'directory' : 'file',
      sizeBytes: answer.sizeBytes,
      modifiedAtMs: answer.modifiedAtMs,
    };
  }

  exists(given: string): boolean {
    const path = plainPath(given);
    const { errno } = this.#ask({ op: 'stat', path });
    if (errno !== null && errno !== 'ENOENT' && errno !== 'ENOTDIR') throw new FileError(errno, path);
    return errno === null;
  }

  list(given: string): readonly FileStat[] {
    const path = plainPath(given);
    this.flush();
    return readEntries(this.#call({ op: 'list', path }));
  }

  read(given: string, position: number, length: number): Uint8Array<ArrayBuffer> {
    const path = plainPath(given);
    if (!isSize(position) || !isSize(length)) throw new FileError('EINVAL', path);
    this.#write(path);
    const pieces: Uint8Array[] = [];
    let got = 0;
    while (got < length) {
      const piece = this.#readPiece(path, position + got, length - got);
      if (piece.length === 0) break;
      pieces.push(piece);
      got += piece.length;
    }
    // An engine may ask for nothing of a file that is not there.
    if (length === 0) this.#call({ op: 'read', path, position, length: 0 });
    return joinBytes(pieces);
  }

  write(given: string, position: number, bytes: Uint8Array): void {
    const path = plainPath(given);
    this.#ahead = null;
    const behind = this.#behind.get(path);
    if (behind && behind.position + behind.length === position && this.#hold(behind, bytes)) return;
    this.#write(path);
    this.#writeNow(path, position, bytes, null);
    this.#keep(path, position + bytes.length);
  }

  truncate(given: string, sizeBytes: number): void {
    const path = plainPath(given);
    this.#settle(path);
    this.#writeNow(path, 0, null, sizeBytes);
  }

  replace(given: string, bytes: Uint8Array): void {
    const path = plainPath(given);
    this.#ahead = null;
    this.#behind.delete(path);
    this.#writeNow(path, 0, bytes, 0);
  }

  rename(givenFrom: string, givenTo: string): void {
    const path = plainPath(givenFrom);
    const to = plainPath(givenTo);
    this.flush();
    this.#call({ op: 'rename', path, to });
    if (path !== to) this.#changes.rename(path, to);
  }

  mkdir(given: string): void {
    this.#call({ op: 'mkdir', path: plainPath(given) });
  }

  remove(given: string): void {
    const path = plainPath(given);
    this.#settle(path);
    this.#call({ op: 'remove', path });
    this.#changes.remove(path);
  }

  flush(given?: string): void {
    this.#ahead = null;
    if (given !== undefined) this.#settle(plainPath(given));
    else for (const path of [...this.#behind.keys()]) this.#settle(path);
  }

  #call(operation: FileOperation): MailboxAnswer {
    const answer = this.#ask(operation);
    if (answer.errno) throw new FileError(answer.errno, operation.path);
    return answer;
  }

  #readPiece(path: string, position: number, wanted: number): Uint8Array {
    const ahead = this.#ahead;
    this.#ahead = null;
    if (ahead?.path === path && ahead.position === position) return this.#take(path, position, wanted, ahead.bytes);
    const length = Math.min(Math.max(wanted, READ_AHEAD_BYTES), MAILBOX_WINDOW_BYTES);
    return this.#take(path, position, wanted, this.#call({ op: 'read', path, position, length }).bytes.slice());
  }

  #take(path: string, position: number, wanted: number, bytes: Uint8Array): Uint8Array {
    if (bytes.length <= wanted) return bytes;
    this.#ahead = { path, position: position + wanted, bytes: bytes.subarray(wanted) };
    return bytes.subarray(0, wanted);
  }

  /** In pieces of what the host takes at once. */
  #writeNow(path: string, position: number, bytes: Uint8Array | null, truncateTo: number | null): void {
    const first = bytes?.slice(0, MAILBOX_WINDOW_BYTES) ?? null;
    this.#call({ op: 'write', path, position, bytes: first, truncateTo });
    this.#changes.touch(path);
    for (let at = MAILBOX_WINDOW_BYTES; bytes && at < bytes.length; at += MAILBOX_WINDOW_BYTES) {
      const piece = bytes.slice(at, at + MAILBOX_WINDOW_BYTES);
      this.#call({ op: 'write', path, position: position + at, bytes: piece, truncateTo: null });
    }
  }

  #keep(path: string, position: number): void {
    const oldest = this.#behind.size >= BEHIND_MOST ? this.#behind.keys().next().value : undefined;
    if (oldest !== undefined) this.#settle(oldest);
    this.#behind.set(path, { position, length: 0, bytes: new Uint8Array(0) });
  }

  /** False where there is no more room. */
  #hold(behind: Behind, bytes: Uint8Array): boolean {
    const length = behind.length + bytes.length;
    if (length > WRITE_BEHIND_BYTES) return false;
    if (length > behind.bytes.length) {
      const room = new Uint8Array(
        Math.min(Math.max(length, behind.bytes.length * 2, FIRST_ROOM_BYTES), WRITE_BEHIND_BYTES),
      );
      room.set(behind.bytes.subarray(0, behind.length));
      behind.bytes = room;
    }
    behind.bytes.set(bytes, behind.length);
    behind.length = length;
    return true;
  }

  /** Writes what is held of a file; its place is kept, so that a writer may go on. */
  #write(path: string): void {
    const behind = this.#behind.get(path);
    if (!behind || behind.length === 0) return;
    this.#behind.delete(path);
    this.#writeNow(path, behind.position, behind.bytes.subarray(0, behind.length), null);
  }

  #settle(path: string): void {
    this.#ahead = null;
    this.#write(path);
    this.#behind.delete(path);
  }
}
