/** A worker that can say what it uses does so every second. */
const SILENT_MS = 1_500;

/**
 * Says what a worker uses that cannot say it itself: one long call of compiled code never comes by where it is told. It
 * works, unless it said before that it waits; then nothing is told after the first time, for nothing changes.
 */
export class SilentUsage {
  readonly #tell: (cpuShare: number) => void;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(tell: (cpuShare: number) => void) {
    this.#tell = tell;
  }

  /** It was heard of just now, and goes on. */
  works(): void {
    this.#in(() => {
      this.#tell(1);
      this.works();
    });
  }

  waits(): void {
    this.#in(() => this.#tell(0));
  }

  /** Nothing is to be told of it. */
  rests(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }

  #in(act: () => void): void {
    this.rests();
    this.#timer = setTimeout(act, SILENT_MS);
  }
}
