import { randomUUID } from 'node:crypto';

/** One event of a turn. Offsets are `<ms>-<number>`. Source: docs/wire.md, section 9, W5. */
export interface TurnItem {
  readonly text: string;
  readonly streamItemId: string;
  readonly parentStreamItemId: string | null;
  readonly offset: string;
}

/** Everything a turn has sent so far. Transports read it at their own pace and wait at its end. */
export class TurnLog {
  readonly items: TurnItem[] = [];
  /** Index of the first item after the hand-off, or null where there is none. */
  handoffAt: number | null = null;
  isEnded = false;

  readonly #waiting = new Set<() => void>();
  readonly #startedAtMs = Date.now();

  /** Index at which a topic that stalls says nothing more: within the first call or answer. Null before it is known. */
  get stallAt(): number | null {
    const begin = this.items.findIndex(
      ({ text }, at) => at >= (this.handoffAt ?? 0) && /"recipient":"python|"channel":"final"/u.test(text),
    );
    return begin < 0 ? null : begin + 2;
  }

  append(text: string): void {
    if (text === '' || this.isEnded) return;
    const parent = this.handoffAt === this.items.length ? null : (this.items.at(-1)?.streamItemId ?? null);
    this.items.push({
      text,
      streamItemId: randomUUID(),
      parentStreamItemId: parent,
      offset: `${String(this.#startedAtMs)}-${String(this.items.length)}`,
    });
    this.#wake();
  }

  markHandoff(): void {
    this.handoffAt = this.items.length;
    this.#wake();
  }

  end(): void {
    this.isEnded = true;
    this.#wake();
  }

  /** Yields items from `start` on until the turn ends, `until` is reached or the signal aborts. */
  async *read(start: number, until: () => number | null, signal: AbortSignal): AsyncGenerator<TurnItem> {
    let index = start;
    while (!signal.aborted) {
      const stop = until();
      if (stop !== null && index >= stop) return;
      const item = this.items[index];
      if (item !== undefined) {
        index += 1;
        yield item;
      } else if (this.isEnded) {
        return;
      } else {
        await this.#changed(signal);
      }
    }
  }

  async #changed(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  #wake(): void {
    for (const done of [...this.#waiting]) done();
  }
}
