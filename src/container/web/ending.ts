/** The end of what somebody waits for. No signal: what listens to events is taken from a worker before a program runs in it. */
export class Ending {
  #isEnded = false;
  #heard: (() => void) | null = null;

  get isEnded(): boolean {
    return this.#isEnded;
  }

  end(): void {
    this.#isEnded = true;
    this.#heard?.();
  }

  /** The one who is told, at once where it has ended; null for nobody any more. */
  tell(heard: (() => void) | null): void {
    this.#heard = heard;
    if (this.#isEnded) heard?.();
  }
}
