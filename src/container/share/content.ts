/** What is read and kept of a file at a time. Bytes behind `length` within the file are zeros. */
const BLOCK_BYTES = 256 * 1024;

interface Block {
  readonly index: number;
  readonly of: Content;
  bytes: Uint8Array;
  length: number;
}

/** Bytes of one file that lie in memory, by block. Of a block that is here, all is here. */
export class Content {
  readonly blocks = new Map<number, Block>();
  /** Of a file that was removed while open: nothing of it may be forgotten, for it is nowhere else. */
  isKept = false;
}

const startOf = (index: number): number => index * BLOCK_BYTES;

/** Numbers of the blocks that `length` bytes from `position` lie in. */
function* blocksOf(position: number, length: number): Generator<number> {
  if (length <= 0) return;
  const last = Math.floor((position + length - 1) / BLOCK_BYTES);
  for (let index = Math.floor(position / BLOCK_BYTES); index <= last; index += 1) yield index;
}

/** Reads a block of a file from where it lies; fewer bytes where the file ends. */
type Load = (position: number, length: number) => Promise<Uint8Array>;

/**
 * Bytes of all files of a tree that lie in memory, up to a bound; those used longest ago go first. It only remembers: who
 * writes also brings the bytes to where they stay.
 */
export class ContentCache {
  readonly #mostBytes: number;
  /** Those that may go, by last use. */
  readonly #recent = new Set<Block>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Fills `into` with the bytes from `position` on, which the file has. */
  async read(content: Content, position: number, into: Uint8Array, load: Load): Promise<void> {
    for (const index of blocksOf(position, into.length)) {
      const block = content.blocks.get(index) ?? (await this.#loaded(content, index, load));
      this.#use(block);
      const from = Math.max(position, startOf(index));
      const until = Math.min(position + into.length, startOf(index + 1));
      const known = block.bytes.subarray(from - startOf(index), Math.min(until - startOf(index), block.length));
      into.set(known, from - position);
    }
  }

  /** Takes over what was written to a file that had `sizeBytes` before. */
  write(content: Content, sizeBytes: number, position: number, bytes: Uint8Array): void {
    for (const index of blocksOf(position, bytes.length)) {
      const start = startOf(index);
      const from = Math.max(position, start);
      const until = Math.min(position + bytes.length, startOf(index + 1));
      const coversOld = from === start && until >= Math.min(sizeBytes, startOf(index + 1));
      const known = content.blocks.get(index);
      if (!known && !coversOld && start < sizeBytes) continue; // what is around it is not here
      const block = known ?? this.#made(content, index);
      this.#grow(block, until - start);
      block.bytes.set(bytes.subarray(from - position, until - position), from - start);
      block.length = Math.max(block.length, until - start);
      this.#use(block);
    }
  }

  /** The file was cut or stretched to `sizeBytes`. */
  cut(content: Content, sizeBytes: number): void {
    for (const block of content.blocks.values()) {
      const length = sizeBytes - startOf(block.index);
      if (length <= 0) this.#drop(block);
      else if (length < block.length) {
        block.bytes.fill(0, length, block.length);
        block.length = length;
      }
    }
  }

  forget(content: Content): void {
    for (const block of content.blocks.values()) this.#drop(block);
    content.isKept = false;
  }

  /** Loads all of a file that is about to be removed; from now on it is here alone, until it is forgotten. */
  async keep(content: Content, sizeBytes: number, load: Load): Promise<void> {
    for (const index of blocksOf(0, sizeBytes)) {
      if (!content.blocks.has(index)) await this.#loaded(content, index, load);
      // At once: loading the next one could make room by it.
      const block = content.blocks.get(index);
      if (block) this.#recent.delete(block);
    }
    for (const block of content.blocks.values()) this.#bytes -= block.bytes.length;
    content.isKept = true;
  }

  async #loaded(content: Content, index: number, load: Load): Promise<Block> {
    const bytes = await load(startOf(index), BLOCK_BYTES);
    const block = this.#made(content, index);
    this.#count(block, bytes.length);
    block.bytes = bytes;
    block.length = bytes.length;
    this.#use(block);
    return block;
  }

  #made(content: Content, index: number): Block {
    const block: Block = { index, of: content, bytes: new Uint8Array(0), length: 0 };
    content.blocks.set(index, block);
    return block;
  }

  /** Room doubles, so that a file written in many pieces is not copied for each; what is more than half of one gets a whole block. */
  #grow(block: Block, length: number): void {
    if (length <= block.bytes.length) return;
    const wanted = Math.max(length, block.bytes.length * 2);
    const grown = new Uint8Array(wanted > BLOCK_BYTES / 2 ? BLOCK_BYTES : wanted);
    grown.set(block.bytes.subarray(0, block.length));
    this.#count(block, grown.length - block.bytes.length);
    block.bytes = grown;
  }

  #use(block: Block): void {
    if (block.of.isKept) return;
    this.#recent.delete(block);
    this.#recent.add(block);
    for (const oldest of this.#recent) {
      if (this.#bytes <= this.#mostBytes || oldest === block) break;
      this.#drop(oldest);
    }
  }

  #drop(block: Block): void {
    this.#recent.delete(block);
    if (block.of.blocks.delete(block.index)) this.#count(block, -block.bytes.length);
  }

  /** Kept files have a bound of their own. */
  #count(block: Block, bytes: number): void {
    if (!block.of.isKept) this.#bytes += bytes;
  }
}
