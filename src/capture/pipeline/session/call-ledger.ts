import flru, { type flruCache } from 'flru';

/** Which calls were offered, refused or announced, so that each is so once (rule C4). */
export class CallLedger {
  readonly #offered: flruCache<boolean>;
  readonly #doubted: flruCache<boolean>;
  readonly #forming: flruCache<boolean>;

  constructor(keysKept: number) {
    this.#offered = flru(keysKept);
    this.#doubted = flru(keysKept);
    this.#forming = flru(keysKept);
  }

  wasOffered(key: string): boolean {
    return this.#offered.get(key) === true;
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
      if (keys.get(previousKey) !== true) continue;
      keys.set(previousKey, false);
      keys.set(key, true);
    }
  }
}

function addOnce(keys: flruCache<boolean>, key: string): boolean {
  if (keys.get(key) === true) return false;
  keys.set(key, true);
  return true;
}
