/** Timers that one run may have waiting at once. */
const TIMERS_MOST = 10_000;

interface Due {
  readonly atMs: number;
  readonly order: number;
}

/** The timers of a run, in the order in which they are due. The guest keeps what they do. */
export class Timers {
  readonly #due = new Map<number, Due>();
  readonly #loose = new Set<number>();
  readonly #nowMs: () => number;
  #order = 0;
  /** True once a program wanted more timers than there may be. */
  isOverfull = false;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  begin(): void {
    this.#due.clear();
    this.#loose.clear();
    this.isOverfull = false;
  }

  set(id: number, ms: number): boolean {
    if (this.#due.size >= TIMERS_MOST) {
      this.isOverfull = true;
      return false;
    }
    this.#order += 1;
    this.#due.set(id, { atMs: this.#nowMs() + ms, order: this.#order });
    return true;
  }

  clear(id: number): void {
    this.#due.delete(id);
    this.#loose.delete(id);
  }

  /** A loose timer does not keep its run from ending. */
  hold(id: number, isHeld: boolean): void {
    if (isHeld) this.#loose.delete(id);
    else this.#loose.add(id);
  }

  get hasHeld(): boolean {
    for (const id of this.#due.keys()) if (!this.#loose.has(id)) return true;
    return false;
  }

  get count(): number {
    return this.#due.size;
  }

  /** Milliseconds until the next one is due; Infinity where none waits. */
  waitMs(): number {
    let next = Infinity;
    for (const { atMs } of this.#due.values()) next = Math.min(next, atMs);
    return next - this.#nowMs();
  }

  /** Takes those that are due now, oldest first. */
  takeDue(): number[] {
    const now = this.#nowMs();
    const due = [...this.#due].filter(([, { atMs }]) => atMs <= now);
    due.sort(([, a], [, b]) => a.atMs - b.atMs || a.order - b.order);
    for (const [id] of due) this.#due.delete(id);
    return due.map(([id]) => id);
  }
}
