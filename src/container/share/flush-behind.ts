/** From one flush to the next: many small files are closed faster than a disk is flushed, and others want the files too. */
const PAUSE_MS = 50;

/** Puts on the disk what is wanted there, and holds up nobody who wants it: one flush at a time, and one more for all that came meanwhile. */
export class FlushBehind {
  readonly #flush: () => Promise<void>;
  #isWanted = false;
  #working: Promise<void> | null = null;

  /** `flush` rejects where the disk does not take it. */
  constructor(flush: () => Promise<void>) {
    this.#flush = flush;
  }

  want(): void {
    this.#isWanted = true;
    this.#working ??= this.#work();
  }

  /** Settles once nothing is wanted any more. Never rejects. */
  async settled(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#isWanted) {
      this.#isWanted = false;
      // Who must be sure asks for a flush of its own, and is told of its failure.
      await this.#flush().catch((error: unknown) => console.warn('share: what was closed is not on the disk', error));
      await new Promise((settle) => setTimeout(settle, PAUSE_MS));
    }
    this.#working = null;
  }
}
