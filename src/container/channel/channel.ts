import { encodeFrame, FrameReader, type Frame } from './frames.ts';
import { type GuestMessage, parseMessage } from './messages.ts';

/** One end of an id: an exec, a stream, a listener, a question. */
export interface Party {
  /** What the guest said to this id. False: no agent of ours says that here, the guest is not to be believed any more. */
  receive(message: GuestMessage): boolean;
  /** The guest is gone, and with it whatever this was. */
  lose(): void;
}

/** The guest's own ids begin here; it has places for fewer. */
const FIRST_GUEST_ID = 0x8000_0000;
const MAX_PARTIES = 1024;
const HOST_IDS = 0x4000_0000;

/**
 * The ids on one machine's byte stream. Whatever the guest sends, nothing is thrown and nothing grows: a frame that no
 * agent of ours would send ends in `onViolation`, once; frames of ids that are gone are dropped.
 */
export class Channel {
  readonly #parties = new Map<number, Party>();
  readonly #reader = new FrameReader();
  readonly #write: (bytes: Uint8Array) => void;
  readonly #onViolation: (detail: string) => void;
  readonly #onAgent: (message: GuestMessage) => boolean;
  #nextId: number;
  #isBroken = false;

  /** `firstId` should differ from life to life: a saved state may hold groups of processes named by ids. */
  constructor(options: {
    readonly write: (bytes: Uint8Array) => void;
    readonly onViolation: (detail: string) => void;
    /** What the agent says of itself, by id 0; false as `Party.receive`. */
    readonly onAgent: (message: GuestMessage) => boolean;
    readonly firstId: number;
  }) {
    this.#write = options.write;
    this.#onViolation = options.onViolation;
    this.#onAgent = options.onAgent;
    this.#nextId = 1 + (options.firstId % HOST_IDS);
  }

  /** How many ids are in use. */
  get size(): number {
    return this.#parties.size;
  }

  /** Gives `party` an id of its own. */
  join(party: Party): number {
    const id = this.#nextId;
    this.#nextId = id + 1 >= FIRST_GUEST_ID ? 1 : id + 1;
    this.#parties.set(id, party);
    return id;
  }

  /** Takes an id that the guest made; false when it is no such id, in use, or one of too many. */
  adopt(id: number, party: Party): boolean {
    if (id < FIRST_GUEST_ID || this.#parties.has(id) || this.#parties.size >= MAX_PARTIES) return false;
    this.#parties.set(id, party);
    return true;
  }

  leave(id: number): void {
    this.#parties.delete(id);
  }

  send(type: string, id: number, payload?: Uint8Array): void {
    this.#write(encodeFrame(type, id, payload));
  }

  /** Bytes from the guest, in any pieces. */
  receive(bytes: Uint8Array): void {
    if (this.#isBroken) return;
    const isWhole = this.#reader.push(bytes, (frame) => this.#dispatch(frame));
    if (!isWhole) this.#break('a frame that is too long');
  }

  /** The guest is another one now: everything that hung on the old one is lost. */
  reset(): void {
    const lost = [...this.#parties.values()];
    this.#parties.clear();
    this.#reader.reset();
    this.#isBroken = false;
    for (const party of lost) party.lose();
  }

  #dispatch(frame: Frame): void {
    if (this.#isBroken) return;
    const message = parseMessage(frame);
    if (!message) {
      this.#break(`a frame of type ${frame.type} with ${frame.payload.length} bytes`);
      return;
    }
    if (message.kind === 'accepted') {
      this.#accept(frame.id, message);
      return;
    }
    const isIn = frame.id === 0 ? this.#onAgent(message) : this.#parties.get(frame.id)?.receive(message);
    if (isIn === false) this.#break(`${message.kind}, out of place`);
  }

  /** A connection names its listener; the id is the connection's. */
  #accept(id: number, message: Extract<GuestMessage, { kind: 'accepted' }>): void {
    const listener = this.#parties.get(message.listener);
    if (!listener) this.send('K', id);
    else if (!listener.receive({ ...message, connection: id })) this.#break('accepted, out of place');
  }

  /** Says it once: the rest of the same bytes may be wrong in another way too. */
  #break(detail: string): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#onViolation(detail);
  }
}
