/** What the machine reads its disk of. It answers at once, from when it is ready on. */
export interface DiskSource {
  /** Settles once it can be read; absent: it can. */
  readonly ready?: Promise<void>;
  /** Called when something is asked before it is ready, each time. */
  readonly want?: (() => void) | undefined;
  /** From this byte on it can be read before it is ready; nothing can where nothing is said. */
  readonly readyFrom?: number;
  /** Bytes; a multiple of 4096. */
  readonly length: number;
  /** How much of it a guest may write; a multiple of 4096. All of it where nothing is said. */
  readonly writableLength?: number;
  /** Bytes from `offset`; a view is enough, nobody writes to it. */
  read(offset: number, length: number): Uint8Array;
}

const BLOCK_BYTES = 4096;

/**
 * The disk that v86 sees: a source that is only read, and the blocks that the guest has written, in memory and in saved
 * states. It cannot grow beyond the disk's length, which the image keeps small.
 */
export class BlockDisk {
  readonly byteLength: number;
  onload: ((event: object) => void) | undefined;
  readonly #source: DiskSource;
  readonly #writableLength: number;
  readonly #mostWrittenBytes: number;
  readonly #written = new Map<number, Uint8Array>();
  /** Counts the states that the guest was put to. */
  #life = 0;
  /** Null once the source can be read. */
  #waiting: Promise<void> | null;
  /** Something of the source was asked for before. */
  #isWanted = false;

  /** `mostWrittenBytes`: a write beyond it throws RangeError. A guest that keeps to its file system never comes there. */
  constructor(source: DiskSource, mostWrittenBytes = source.writableLength ?? source.length) {
    this.#source = source;
    this.#writableLength = source.writableLength ?? source.length;
    this.#mostWrittenBytes = mostWrittenBytes;
    this.byteLength = source.length;
    this.#waiting = source.ready?.then(() => void (this.#waiting = null)) ?? null;
    this.#waiting?.catch(() => undefined); // who made the source tells it
  }

  /** Settles once what the guest asked for before the source could be read was answered. */
  async settled(): Promise<void> {
    if (this.#isWanted) await this.#waiting;
  }

  /** How much the guest has written, in whole blocks. */
  get writtenBytes(): number {
    return this.#written.size * BLOCK_BYTES;
  }

  load(): void {
    this.onload?.({});
  }

  get(offset: number, length: number, done: (bytes: Uint8Array) => void): void {
    const isHere = this.#waiting === null || offset >= (this.#source.readyFrom ?? Infinity);
    if (isHere) done(this.#read(offset, length));
    else this.#later(() => done(this.#read(offset, length)));
  }

  /** v86 0.5.462 reads the boot sector by this as it is made. */
  get_and_cache(offset: number, length: number, done: (bytes: Uint8Array) => void): void {
    done(this.get_from_cache(offset, length));
  }

  /** And by this what the geometry of the disk is: of one without partitions, as of one that is not here yet, the usual one. */
  get_from_cache(offset: number, length: number): Uint8Array {
    return this.#waiting ? new Uint8Array(length) : this.#read(offset, length);
  }

  set(offset: number, bytes: Uint8Array, done: () => void): void {
    if (this.#waiting) {
      const kept = bytes.slice();
      return this.#later(() => this.set(offset, kept, done));
    }
    // The guest names any sector it likes; what is only to be read stays as it is.
    const end = Math.min(offset + bytes.length, this.#writableLength);
    for (let block = Math.floor(offset / BLOCK_BYTES); block * BLOCK_BYTES < end; block += 1) {
      const start = block * BLOCK_BYTES;
      const from = Math.max(offset, start);
      const to = Math.min(end, start + BLOCK_BYTES);
      this.#block(block, to - from === BLOCK_BYTES).set(bytes.subarray(from - offset, to - offset), from - start);
    }
    done();
  }

  get_state(): [Int32Array, Uint8Array] {
    const numbers = new Int32Array(this.#written.size);
    const blocks = new Uint8Array(this.#written.size * BLOCK_BYTES);
    let at = 0;
    for (const [block, bytes] of this.#written) {
      numbers[at] = block;
      blocks.set(bytes, at * BLOCK_BYTES);
      at += 1;
    }
    return [numbers, blocks];
  }

  set_state([numbers, blocks]: [Int32Array, Uint8Array]): void {
    this.#life += 1;
    this.#written.clear();
    numbers.forEach((block, at) => {
      this.#written.set(block, blocks.slice(at * BLOCK_BYTES, (at + 1) * BLOCK_BYTES));
    });
  }

  /** What is asked before the source can be read. Of a guest that was put back to a state meanwhile, it asks no more. */
  #later(answer: () => void): void {
    const life = this.#life;
    this.#isWanted = true;
    this.#source.want?.();
    this.#waiting?.then(
      () => {
        if (life === this.#life) answer();
      },
      () => undefined, // as above: nothing can be answered
    );
  }

  #block(block: number, isWhole: boolean): Uint8Array {
    let bytes = this.#written.get(block);
    if (!bytes) {
      if (this.writtenBytes >= this.#mostWrittenBytes)
        throw new RangeError('the guest wrote more than its disk may hold');
      bytes = isWhole ? new Uint8Array(BLOCK_BYTES) : this.#read(block * BLOCK_BYTES, BLOCK_BYTES);
      this.#written.set(block, bytes);
    }
    return bytes;
  }

  /** A copy; zeroes beyond the disk's end. */
  #read(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    const end = Math.min(offset + length, this.byteLength);
    for (let at = offset; at < end; ) {
      const block = Math.floor(at / BLOCK_BYTES);
      const written = this.#written.get(block);
      let to = Math.min(end, (block + 1) * BLOCK_BYTES);
      if (written) {
        bytes.set(written.subarray(at - block * BLOCK_BYTES, to - block * BLOCK_BYTES), at - offset);
      } else {
        // One question for neighbours that are all the source's.
        while (to < end && !this.#written.has(to / BLOCK_BYTES)) to = Math.min(end, to + BLOCK_BYTES);
        bytes.set(this.#source.read(at, to - at), at - offset);
      }
      at = to;
    }
    return bytes;
  }
}
