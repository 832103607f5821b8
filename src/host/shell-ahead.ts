import type { ExpectsEngines } from '../contracts/box.ts';
import type { SessionId } from '../contracts/ids.ts';
import type { Language } from '../contracts/run.ts';
import type { Runner } from '../contracts/runner.ts';
import type { SpareControl } from '../box/index.ts';
import type { SessionPool } from '../execution/index.ts';
import type { MachineBook } from './machines/index.ts';

/** How long nothing began or ended before what was put off for a Linux begins. */
const AFTER_SHELL_MS = 1500;
/** So long after the host began, all else begins beside a run too, at the next look: what is ready ahead of need helps as well. */
const MOST_WAIT_MS = 10_000;

export interface ShellAheadOptions {
  readonly shell: Runner | undefined;
  readonly boxes: ExpectsEngines & Pick<SpareControl, 'expectBig' | 'after'>;
  readonly pool: Pick<SessionPool, 'isOpening' | 'engineOf' | 'all'>;
  readonly book: Pick<MachineBook, 'engineSession'>;
  readonly isOn: () => boolean;
  /** Whether a run waits or works. */
  readonly isBusy: () => boolean;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Begins Linux for a program that is on its way, and lets all else wait for it. */
export class ShellAhead {
  readonly #options: ShellAheadOptions;

  constructor(options: ShellAheadOptions) {
    this.#options = options;
  }

  /** A program comes, and may still be refused. */
  expect(language: Language, sessionId: SessionId): void {
    const { shell, pool, book } = this.#options;
    if (!shell?.manifest.languages.includes(language) || pool.isOpening) return;
    // One of those that a person made has its engine elsewhere.
    if (book.engineSession(shell, sessionId) === sessionId && pool.engineOf(shell, sessionId) === null) this.#begin();
  }

  /** The host was started for a program: it begins with Linux, and with all else (`begin`) later. */
  first(begin: () => void): void {
    const { pool, now } = this.#options;
    if (pool.isOpening || pool.all().length > 0) return begin();
    this.#begin();
    this.#later(begin, now() + MOST_WAIT_MS);
  }

  #begin(): void {
    const { shell, boxes, pool, signal } = this.#options;
    boxes.expectBig();
    // Its own may be opened by the time that its engine is known.
    shell?.expect?.({ expect: (engine) => void (pool.isOpening || signal.aborted || boxes.expect(engine)) });
  }

  #later(begin: () => void, mostAtMs: number): void {
    const { boxes, pool, isOn, isBusy, now, signal } = this.#options;
    boxes.after(AFTER_SHELL_MS, () => {
      if (signal.aborted || !isOn()) return;
      if (pool.isOpening || (isBusy() && now() < mostAtMs)) this.#later(begin, mostAtMs);
      else begin();
    });
  }
}
