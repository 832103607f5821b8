import { LIMITS } from '../contracts/limits.ts';

/** How often it is looked whether anything can go. */
const LOOK_EVERY_MS = 15_000;

export interface IdleWatchOptions {
  /** Whether a run waits or works. */
  readonly isBusy: () => boolean;
  /** Engines that keep variables. */
  readonly sessions: () => number;
  /** Ends the spare engine; called once after each time that it was wanted. */
  readonly dropSpare: () => void;
  /** Nothing is left and nobody is connected. May be called again while that stays so. */
  readonly onIdle: () => void;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Lets go of what nobody needs any more: first the spare engine, then the host itself. */
export class IdleWatch {
  readonly #options: IdleWatchOptions;
  #ports = 0;
  #hasSpare = false;
  #wantedAtMs: number;
  #emptySinceMs: number | null = null;

  constructor(options: IdleWatchOptions) {
    this.#options = options;
    this.#wantedAtMs = options.now();
    const timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
    options.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }

  /** Somebody wants an engine, or will soon. */
  wanted(): void {
    this.#wantedAtMs = this.#options.now();
    this.#hasSpare = true;
  }

  /** Somebody is connected until `ended`. */
  connected(): { readonly ended: () => void } {
    this.#ports += 1;
    let isOpen = true;
    return {
      ended: () => {
        if (isOpen) this.#ports -= 1;
        isOpen = false;
      },
    };
  }

  #look(): void {
    const { isBusy, sessions, dropSpare, onIdle, now } = this.#options;
    const atMs = now();
    if (isBusy()) this.#wantedAtMs = atMs;
    if (this.#hasSpare && atMs - this.#wantedAtMs >= LIMITS.spareIdleMs.standard) {
      this.#hasSpare = false;
      dropSpare();
    }
    const isEmpty = !isBusy() && !this.#hasSpare && this.#ports === 0 && sessions() === 0;
    this.#emptySinceMs = isEmpty ? (this.#emptySinceMs ?? atMs) : null;
    if (this.#emptySinceMs !== null && atMs - this.#emptySinceMs >= LIMITS.hostIdleMs.standard) onIdle();
  }
}
