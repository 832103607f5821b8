/** A machine that idles takes 5 % of a processor; one that stands still, none. */
const AFTER_MS = 120_000;
/** How long what was just ended may take to be gone: a terminal that was closed is a use until its shell has left. */
const ENDING_MS = 2_000;
const LOOK_EVERY_MS = 100;

export interface RestOptions {
  stop(): Promise<void>;
  run(): Promise<void>;
  /** True while a program that was left running works in the guest. */
  isBusy(): Promise<boolean>;
  /** Told after each stop, and before the next use. */
  tell(isResting: boolean): void;
  /** How long nobody has used it by then; two minutes where nothing is said. */
  readonly afterMs?: number | undefined;
}

/** Stands a machine still that nobody has used for two minutes and in which nothing was left running. */
export class Rest {
  readonly #options: RestOptions;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** Of stopping and going on, in order; never rejects. */
  #last: Promise<void> = Promise.resolve();
  #uses = 0;
  #isResting = false;

  constructor(options: RestOptions) {
    this.#options = options;
    this.#wait();
  }

  get isResting(): boolean {
    return this.#isResting;
  }

  /** Does something with the machine, which goes on before. */
  during<T>(use: () => Promise<T>): Promise<T> {
    return this.stayUp(async () => {
      await this.#next(() => this.#goOn());
      return use();
    });
  }

  /** Keeps one that works from standing still meanwhile; one that does stand still is not woken. */
  async stayUp<T>(use: () => Promise<T>): Promise<T> {
    this.#uses += 1;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    try {
      return await use();
    } finally {
      this.#uses -= 1;
      if (this.#uses === 0) this.#wait();
    }
  }

  /**
   * Stands it still, as soon as what is ending has ended; false where it is used on or something was left running in it.
   * Rejects where it could not be stopped.
   */
  async now(): Promise<boolean> {
    for (let waitedMs = 0; await this.#isUsed(); waitedMs += LOOK_EVERY_MS) {
      if (waitedMs >= ENDING_MS) return false;
      await new Promise((settle) => setTimeout(settle, LOOK_EVERY_MS));
    }
    if (this.#isResting) return true;
    await this.#next(() => this.#standStill()).catch((cause: unknown) => {
      this.#waitAgain();
      throw cause;
    });
    return this.#isResting;
  }

  async #isUsed(): Promise<boolean> {
    if (this.#uses > 0) return true;
    await this.#last;
    // One that stands still answers no question.
    return !this.#isResting && (await this.#options.isBusy());
  }

  #wait(): void {
    this.#timer = setTimeout(() => void this.#stop(), this.#options.afterMs ?? AFTER_MS);
  }

  async #stop(): Promise<void> {
    this.#timer = null;
    const isBusy = await this.#options.isBusy();
    // Used meanwhile, and perhaps done with: then it was waited anew.
    if (this.#uses > 0 || this.#timer !== null) return;
    if (isBusy) return this.#wait();
    await this.#next(() => this.#standStill()).catch(() => this.#waitAgain());
  }

  /** It could not be stopped and works on: another time, then. */
  #waitAgain(): void {
    if (this.#uses === 0 && this.#timer === null) this.#wait();
  }

  /** After what came before, whether that worked or not. */
  #next(step: () => Promise<void>): Promise<void> {
    const done = this.#last.then(step);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #standStill(): Promise<void> {
    // Wanted again before it came to this, or stopped by who came first.
    if (this.#uses > 0 || this.#isResting) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#options.stop();
    this.#isResting = true;
    this.#options.tell(true);
  }

  async #goOn(): Promise<void> {
    await this.#options.run();
    if (this.#isResting) this.#options.tell(false);
    this.#isResting = false;
  }
}
