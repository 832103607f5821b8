import { LIMITS } from '../../contracts/limits.ts';

/** What was passed on and not used up: a server that sends faster than that waits. */
export class Ahead {
  #bytes = 0;
  #goOn: (() => void) | null = null;

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  taken(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes < LIMITS.previewAheadBytes.standard) this.release();
  }

  /** Settles when there is room for more; nothing where there is. */
  room(): void | Promise<void> {
    if (this.#bytes < LIMITS.previewAheadBytes.standard) return undefined;
    return new Promise((goOn) => {
      const before = this.#goOn;
      this.#goOn = () => {
        before?.();
        goOn();
      };
    });
  }

  /** Nobody is to wait any more. */
  release(): void {
    this.#goOn?.();
    this.#goOn = null;
  }
}
