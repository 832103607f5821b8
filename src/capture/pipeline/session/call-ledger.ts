import QuickLRU from 'quick-lru';

/** Which calls were offered, refused or announced, so that each is so once (rule C4). */
export class CallLedger {
  readonly #offered: QuickLRU<string, true>;
  readonly #doubted: QuickLRU<string, true>;
  readonly #forming: QuickLRU<string, true>;

  constructor(keysKept: number) {
    this.#offered = new QuickLRU({ maxSize: keysKept });
    this.#doubted = new QuickLRU({ maxSize: keysKept });
    this.#forming = new QuickLRU({ maxSize: keysKept });
  }

  wasOffered(key: string): boolean {
    return this.#offered.has(key);
  }

  /** True the first time. */
  offer(key: string): boolean {
    return addOnce(this.#offered, key);
  }

  /** True the first time; a later whole copy of the call may still be offered. */
  doubt(key: string): boolean {
    return addOnce(this.#doubted, key);
  }

  /** True the first time. */
  form(key: string): boolean {
    return addOnce(this.#forming, key);
  }

  rename(previousKey: string, key: string): void {
    for (const keys of [this.#offered, this.#doubted, this.#forming]) {
      if (keys.delete(previousKey)) keys.set(key, true);
    }
  }
}

function addOnce(keys: QuickLRU<string, true>, key: string): boolean {
  if (keys.has(key)) return false;
  keys.set(key, true);
  return true;
}
