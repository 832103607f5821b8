/** Bytes that may be on the way to one program or stream; the guest says how many were taken. */
const INPUT_WINDOW_BYTES = 65_536;
const INPUT_PIECE_BYTES = 16_384;

/** What the agent sends of one job before it waits for word. Source: WINDOW in agent/agent.h. */
export const OUTPUT_WINDOW_BYTES = 1 << 20;
/** Word is given in pieces of this size: one frame of it for four of output. */
const CREDIT_BYTES = 131_072;

interface Waiting {
  readonly bytes: Uint8Array;
  sent: number;
  readonly accepted: () => void;
}

/** Input on its way to the guest: in order, never more than the window ahead of who reads it. */
export class InputWindow {
  readonly #send: (bytes: Uint8Array) => void;
  readonly #sendEnd: () => void;
  readonly #waiting: Waiting[] = [];
  #onWay = 0;
  #end: 'open' | 'wanted' | 'said' = 'open';

  constructor(send: (bytes: Uint8Array) => void, sendEnd: () => void) {
    this.#send = send;
    this.#sendEnd = sendEnd;
  }

  /** Resolves once the last byte is on its way, also when nobody will read it any more. Keeps the bytes until then. */
  write(bytes: Uint8Array): Promise<void> {
    if (this.#end !== 'open' || bytes.length === 0) return Promise.resolve();
    return new Promise((accepted) => {
      this.#waiting.push({ bytes, sent: 0, accepted });
      this.#pump();
    });
  }

  /** No more comes; what waits is sent first. */
  close(): void {
    if (this.#end !== 'open') return;
    this.#end = 'wanted';
    this.#pump();
  }

  /** The guest passed bytes on; false when it claims more than it got. */
  taken(bytes: number): boolean {
    if (bytes > this.#onWay) return false;
    this.#onWay -= bytes;
    this.#pump();
    return true;
  }

  /** Nobody reads any more: whoever waits is let go. */
  drop(): void {
    this.#end = 'said';
    for (const each of this.#waiting.splice(0)) each.accepted();
  }

  #pump(): void {
    let first = this.#waiting[0];
    while (first && this.#onWay < INPUT_WINDOW_BYTES) {
      const room = Math.min(INPUT_PIECE_BYTES, INPUT_WINDOW_BYTES - this.#onWay);
      const piece = first.bytes.subarray(first.sent, first.sent + room);
      first.sent += piece.length;
      this.#onWay += piece.length;
      this.#send(piece);
      if (first.sent === first.bytes.length) {
        this.#waiting.shift();
        first.accepted();
        first = this.#waiting[0];
      }
    }
    if (!first && this.#end === 'wanted') {
      this.#end = 'said';
      this.#sendEnd();
    }
  }
}

/** Who takes output. A promise holds the guest back once a window of bytes waits for it. */
export type TakeOutput = (bytes: Uint8Array) => void | Promise<void>;

/** Output of one job: counts what its taker has used up and gives the guest leave to send as much again. */
export class OutputCredit {
  readonly #grant: (bytes: number) => void;
  #allowed = OUTPUT_WINDOW_BYTES;
  #owed = 0;

  constructor(grant: (bytes: number) => void) {
    this.#grant = grant;
  }

  /** Passes bytes on; false when the guest sent more than it had leave to. */
  pass(bytes: Uint8Array, take: TakeOutput): boolean {
    if (bytes.length > this.#allowed) return false;
    this.#allowed -= bytes.length;
    const used = (): void => this.#use(bytes.length);
    try {
      const taken = take(bytes);
      if (taken) void taken.then(used, fault);
      else used();
    } catch (error) {
      fault(error);
    }
    return true;
  }

  /** Leave for bytes beyond the window: a program that is being ended must get rid of its last ones. */
  extend(bytes: number): void {
    this.#allowed += bytes;
    this.#grant(bytes);
  }

  #use(bytes: number): void {
    this.#owed += bytes;
    if (this.#owed < CREDIT_BYTES) return;
    const owed = this.#owed;
    this.#owed = 0;
    this.extend(owed);
  }
}

/** A taker that throws is a bug of ours; it is reported as one, and never inside the machine's loop. */
function fault(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
