/** A machine that idles takes 5 % of a processor; one that stands still, none. */
const IDLE_MS = 120_000;

export interface RestOptions {
  stop(): Promise<void>;
  run(): Promise<void>;
  /** True while a program that was left running works in the guest. */
  isBusy(): Promise<boolean>;
}

/** Stands a machine still that nobody has used for two minutes and in which nothing was left running. */
export class Rest {
  readonly #options: RestOptions;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** Of stopping and going on, in order. */
  #last: Promise<void> = Promise.resolve();
  #uses = 0;

  constructor(options: RestOptions) {
    this.#options = options;
    this.#wait();
  }

  /** Does something with the machine, which goes on before. */
  async during<T>(use: () => Promise<T>): Promise<T> {
    this.#uses += 1;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    try {
      this.#last = this.#last.then(() => this.#options.run());
      await this.#last;
      return await use();
    } finally {
      this.#uses -= 1;
      if (this.#uses === 0) this.#wait();
    }
  }

  #wait(): void {
    this.#timer = setTimeout(() => void this.#stop(), IDLE_MS);
  }

  async #stop(): Promise<void> {
    this.#timer = null;
    const isBusy = await this.#options.isBusy();
    if (this.#uses > 0) return;
    if (isBusy) return this.#wait();
    this.#last = this.#last.then(() => this.#options.stop());
    await this.#last;
  }
}
