import type { Pending } from './host-calls.ts';

/** Answers that a run still waits for. */
export class OpenAnswers implements Pending {
  #run = 0;
  #open = 0;
  readonly #settled: (() => void)[] = [];
  #wake: (() => void) | null = null;

  /** Answers to questions of an earlier run come to nothing. */
  begin(): void {
    this.#run += 1;
    this.#open = 0;
    this.#settled.length = 0;
  }

  open(answer: Promise<string>, settle: (answer: string) => void): void {
    const run = this.#run;
    this.#open += 1;
    const finish = (json: string): void => {
      if (run !== this.#run) return;
      this.#settled.push(() => settle(json));
      this.#wake?.();
    };
    answer.then(finish, (error: unknown) => finish(JSON.stringify({ error: String((error as Error).message) })));
  }

  get isOpen(): boolean {
    return this.#open > 0;
  }

  /** The guest's part of an answer that came. */
  take(): (() => void) | null {
    const next = this.#settled.shift() ?? null;
    if (next) this.#open -= 1;
    return next;
  }

  /** Settles when an answer comes. */
  async next(): Promise<void> {
    if (this.#settled.length > 0) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = null;
  }
}
