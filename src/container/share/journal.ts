import type { FileAnswer, FileErrno, FileOperation, FilesChange, SessionFiles } from '../../contracts/files.ts';

type Write = Extract<FileOperation, { op: 'write' }>;
/** What changes a tree. */
export type Change = Exclude<FileOperation, { op: 'stat' | 'list' | 'read' }>;

/** Bytes that grow at their end; room doubles. */
interface Growing {
  room: Uint8Array;
  length: number;
}

/** Whose changes they are: who brings them to the tree, and hears what the tree did not take. */
export interface Author {
  /** The bytes of a write, and all the memory that they lie in, are the tree's from then on. */
  readonly perform: SessionFiles['perform'];
  /** The tree did not take it: what the guest was told is not so. */
  readonly onRefused: (errno: FileErrno) => void;
}

interface Entry {
  operation: Change;
  readonly author: Author;
  /** Of a write of few bytes; the operation has them when it is its turn. */
  growing: Growing | null;
}

/** So many bytes go to the tree as they came: to copy them to others costs more than a change of their own. */
const MANY_BYTES = 64 * 1024;

export interface JournalOptions {
  /** The tree did not take it; its author is told after. */
  readonly onRefused: (operation: Change) => void;
  /** Who adds to more than this waits. */
  readonly mostBytes: number;
  /** Writes of few bytes that follow one another become one up to this size. */
  readonly joinedBytes: number;
}

/**
 * Changes that were answered and are still on their way to the tree: brought there one after the other, in order, without
 * delay. What is written to one file while another change is under way goes there as one.
 */
export class Journal {
  /** Of what is added from now on. Null before the first. */
  author: Author | null = null;
  readonly #options: JournalOptions;
  readonly #waiting: Entry[] = [];
  #underWay: Change | null = null;
  /** Own changes that others would hear of while one is under way. */
  #heard = 0;
  #bytes = 0;
  #added = 0;
  #done = 0;
  readonly #settling: { readonly until: number; readonly settle: () => void }[] = [];
  #roomWanted: (() => void) | null = null;

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  get isIdle(): boolean {
    return this.#done === this.#added;
  }

  /**
   * Takes a change; its number says until when to wait for it. The bytes of a write, and all the memory that they lie in, are the
   * tree's from then on.
   */
  add(change: Change): number {
    const { author } = this;
    if (!author) throw new Error('a change of nobody');
    const last = this.#waiting.at(-1);
    this.#bytes += heldBytes(change);
    if (last && this.#joins(last, change)) return this.#added;
    this.#waiting.push({ author, ...entryOf(change) });
    this.#added += 1;
    if (!this.#underWay) void this.#work();
    return this.#added;
  }

  /** Null where there is room for more; else settles once there is. */
  room(): Promise<void> | null {
    if (this.#bytes <= this.#options.mostBytes) return null;
    return new Promise((settle) => {
      this.#roomWanted = settle;
    });
  }

  /** Settles once everything up to that number was done or refused. */
  settled(until = this.#added): Promise<void> {
    if (this.#done >= until) return DONE;
    return new Promise((settle) => this.#settling.push({ until, settle }));
  }

  /**
   * True for what the tree tells of the change under way, which is told before `perform` settles. Where another made the
   * very same change meanwhile, one of the two is taken for the other, and the second is not own.
   */
  isOwn(told: FilesChange): boolean {
    const own = this.#underWay;
    if (own === null || this.#heard > 0 || own.op !== told.kind || own.path !== told.path) return false;
    if (own.op === 'rename' && told.kind === 'rename' && own.to !== told.to) return false;
    this.#heard += 1;
    return true;
  }

  #joins(last: Entry, change: Change): boolean {
    if (last.operation.op !== 'write' || change.op !== 'write' || last.operation.path !== change.path) return false;
    if (last.author !== this.author || change.truncateTo !== null) return false;
    if (change.bytes === null || !areFew(change.bytes)) return false;
    const { growing } = last;
    if (growing === null) {
      if (last.operation.bytes !== null) return false;
      last.operation = { ...last.operation, position: change.position };
      last.growing = startOf(change.bytes);
      return true;
    }
    const end = growing.length + change.bytes.length;
    if (last.operation.position + growing.length !== change.position || end > this.#options.joinedBytes) return false;
    append(growing, change.bytes);
    return true;
  }

  async #work(): Promise<void> {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const operation = withBytes(next);
      const bytes = next.growing?.length ?? heldBytes(operation);
      this.#underWay = operation;
      this.#heard = 0;
      const answer = await next.author.perform(operation, { handsOver: true }).catch(broken);
      this.#underWay = null;
      this.#bytes -= bytes;
      this.#done += 1;
      if (!answer.ok) {
        this.#options.onRefused(operation);
        next.author.onRefused(answer.errno);
      }
      this.#tell();
    }
  }

  #tell(): void {
    for (let first = this.#settling[0]; first && first.until <= this.#done; first = this.#settling[0]) {
      this.#settling.shift();
      first.settle();
    }
    if (this.#bytes > this.#options.mostBytes) return;
    this.#roomWanted?.();
    this.#roomWanted = null;
  }
}

/** A tree that breaks instead of refusing must not hold up what comes after. */
function broken(error: unknown): FileAnswer {
  console.error('share: a change failed', error);
  return { ok: false, errno: 'EIO' };
}

/** What a change keeps in memory until it is done: of many bytes all that they lie in. */
function heldBytes(change: Change): number {
  if (change.op !== 'write' || change.bytes === null) return 0;
  return areFew(change.bytes) ? change.bytes.length : change.bytes.buffer.byteLength;
}

const areFew = (bytes: Uint8Array): boolean => bytes.length < MANY_BYTES;

function entryOf(change: Change): Pick<Entry, 'operation' | 'growing'> {
  if (change.op !== 'write' || change.bytes === null || !areFew(change.bytes))
    return { operation: change, growing: null };
  // The memory that they came in may be much larger.
  return { operation: { ...change, bytes: null }, growing: startOf(change.bytes) };
}

const startOf = (bytes: Uint8Array): Growing => ({ room: bytes.slice(), length: bytes.length });

function append(growing: Growing, bytes: Uint8Array): void {
  const end = growing.length + bytes.length;
  if (end > growing.room.length) {
    const room = new Uint8Array(Math.max(end, growing.room.length * 2));
    room.set(growing.room.subarray(0, growing.length));
    growing.room = room;
  }
  growing.room.set(bytes, growing.length);
  growing.length = end;
}

const DONE = Promise.resolve();

function withBytes({ operation, growing }: Entry): Change {
  if (operation.op !== 'write' || growing === null) return operation;
  const write: Write = { ...operation, bytes: growing.room.subarray(0, growing.length) };
  return write;
}
