import { weigh } from './weigh.ts';

/** Deliveries to the host a second, and how many may go at once after a rest or a word of the host's. */
export const DELIVERIES_PER_SECOND = 60;
const BURST = 8;
/** Deliveries that the host has not taken yet. */
const MOST_UNTAKEN = 4;
/** 4 KiB units: a worker with shared memory is made to wait at the first, one without it is ended at the second. */
export const WINDOW_UNITS = 2048;
export const MOST_UNITS = 65_536;
const MOST_MESSAGES = 400_000;

export interface OutboxOptions {
  readonly deliver: (messages: readonly unknown[], units: number) => void;
  /** Called once when a worker sent more than a box holds. */
  readonly onOverflow: () => void;
  readonly now: () => number;
  readonly schedule: (run: () => void, delayMs: number) => void;
}

/**
 * Gathers what a worker posts, so that no flood of it reaches the host: few deliveries, in order, none before the last were taken. What
 * the host asks for itself is not held up: each of its words may be answered at once (decision 0158).
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #waiting: unknown[] = [];
  #units = 0;
  #tokens = BURST;
  #refilledAtMs: number;
  #untaken = 0;
  #isScheduled = false;
  #isOver = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#refilledAtMs = options.now();
  }

  add(message: unknown): void {
    if (this.#isOver) return;
    this.#waiting.push(message);
    this.#units += weigh(message);
    if (this.#units > MOST_UNITS || this.#waiting.length > MOST_MESSAGES) {
      this.#isOver = true;
      this.#waiting = [];
      this.#options.onOverflow();
      return;
    }
    this.#flush();
  }

  /** The host posted something that is no answer, and may wait for one. */
  asked(): void {
    this.#tokens = BURST;
    this.#flush();
  }

  /** The host has worked through a delivery. */
  took(): void {
    this.#untaken = Math.max(0, this.#untaken - 1);
    this.#flush();
  }

  #flush(): void {
    if (this.#waiting.length === 0 || this.#untaken >= MOST_UNTAKEN) return;
    const now = this.#options.now();
    const earned = ((now - this.#refilledAtMs) / 1000) * DELIVERIES_PER_SECOND;
    this.#tokens = Math.min(BURST, this.#tokens + earned);
    this.#refilledAtMs = now;
    if (this.#tokens < 1) return this.#later(((1 - this.#tokens) / DELIVERIES_PER_SECOND) * 1000);
    this.#tokens -= 1;
    this.#untaken += 1;
    const [messages, units] = [this.#waiting, this.#units];
    this.#waiting = [];
    this.#units = 0;
    this.#options.deliver(messages, units);
  }

  #later(delayMs: number): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#options.schedule(() => {
      this.#isScheduled = false;
      this.#flush();
    }, delayMs);
  }
}
