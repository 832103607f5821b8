/** So long what the guest says waits for what it wrote to its share before: by then the host has it, be it not yet on its disk. */
const MOST_HELD_MS = 500;
/** No more of it waits than this, whatever a guest sends. */
const MOST_HELD_BYTES = 1024 * 1024;

interface Held {
  readonly bytes: Uint8Array;
  isDue: boolean;
}

export interface WordsOptions {
  /** Null where the share has all that it told the guest to have; else settles once it has. */
  readonly settled: () => Promise<void> | null;
  readonly hear: (bytes: Uint8Array) => void;
  /** `hear` threw where nobody waits for it. */
  readonly onFault: (error: unknown) => void;
}

/** What a guest says, heard after what it wrote before: who hears that a program has ended finds its files (decision 0178). */
export class Words {
  readonly #options: WordsOptions;
  #held: Held[] = [];
  #heldBytes = 0;

  constructor(options: WordsOptions) {
    this.#options = options;
  }

  /** The bytes are kept as they are. */
  take(bytes: Uint8Array): void {
    const settled = this.#options.settled();
    if (!settled && this.#held.length === 0) return this.#options.hear(bytes);
    const held: Held = { bytes, isDue: !settled };
    this.#held.push(held);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > MOST_HELD_BYTES) return this.#release();
    if (settled) void this.#releaseAfter(held, settled);
  }

  /** They are of a guest that is gone. */
  forget(): void {
    this.#held = [];
    this.#heldBytes = 0;
  }

  #release(): void {
    for (const held of this.#held) held.isDue = true;
    this.#hearDue();
  }

  async #releaseAfter(held: Held, settled: Promise<void>): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await Promise.race([settled, new Promise<void>((settle) => (timer = setTimeout(settle, MOST_HELD_MS)))]);
    clearTimeout(timer);
    held.isDue = true;
    this.#hearDue();
  }

  #hearDue(): void {
    for (let first = this.#held[0]; first?.isDue === true; first = this.#held[0]) {
      this.#held.shift();
      this.#heldBytes -= first.bytes.length;
      try {
        this.#options.hear(first.bytes);
      } catch (error) {
        this.#options.onFault(error);
      }
    }
  }
}
