/** Puts on the disk what is wanted there, and lets nobody wait for it: one flush at a time, and one more for all that came meanwhile. */
export class FlushBehind {
  readonly #flush: () => Promise<unknown>;
  #isWanted = false;
  #working: Promise<void> | null = null;

  constructor(flush: () => Promise<unknown>) {
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
      await this.#flush().catch((error: unknown) => console.warn('share: what was closed was not flushed', error));
    }
    this.#working = null;
  }
}
