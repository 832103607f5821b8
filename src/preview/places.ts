import { CONNECTIONS_FULL, type SocketEvent, type StreamEvent } from '../contracts/preview.ts';

/**
 * Whether the streams and websockets of a page find a place, by what comes of each. That one did not is told once until there was a
 * place again: a page may ask by itself, every few seconds, as an `EventSource` does.
 */
export class Places {
  readonly #onFull: () => void;
  #isFull = false;

  constructor(onFull: () => void) {
    this.#onFull = onFull;
  }

  /** Takes what came of one of them. What more comes of one that is open says nothing about places. */
  take(event: SocketEvent | StreamEvent): void {
    if (event.kind === 'bytes' || event.kind === 'text') return;
    const wasFull = this.#isFull;
    this.#isFull = event.kind === 'closed' && !event.wasClean && event.reason === CONNECTIONS_FULL;
    if (this.#isFull && !wasFull) this.#onFull();
  }

  /** The page has left one that was open. */
  left(): void {
    this.#isFull = false;
  }
}
