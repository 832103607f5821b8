import { CONNECTIONS_FULL, type SocketEvent, type StreamEvent } from '../contracts/preview.ts';

/** The end of a stream or websocket that its server did not say. */
export const closedFor = (reason: string) => ({ kind: 'closed', code: 1006, reason, wasClean: false }) as const;

/** Whether the streams and websockets of a page find a place, by what comes of each. */
export class Places {
  readonly #onFull: () => void;

  constructor(onFull: () => void) {
    this.#onFull = onFull;
  }

  /** Takes what came of one of them. */
  take(event: SocketEvent | StreamEvent): void {
    if (event.kind === 'closed' && !event.wasClean && event.reason === CONNECTIONS_FULL) this.#onFull();
  }
}
