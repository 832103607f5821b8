import type { BoxWorker, PostOptions } from '../contracts/box.ts';
import type { FileAnswer, FileOperation } from '../contracts/files.ts';
import { LIMITS } from '../contracts/limits.ts';
import { BOX_BYTES, type CarriedBytes, type ToBox } from './messages.ts';
import { parseFileOperation, parseFromBox } from './parse.ts';

/** A box that is silent for three of these is gone: nothing else tells that the frame's process died. */
const BEAT_MS = 2000;
const MOST_SILENT_BEATS = 3;
/**
 * Without shared memory whole files come and go by messages, behind which the answers to beats wait: 60 MB took more than ten seconds on
 * a busy machine. As long as files may take on their way in, which is as long as on their way out. In Firefox, which has none, a frame has no process to lose.
 */
const MOST_SILENT_BEATS_UNSHARED = LIMITS.copyingInMs.standard / BEAT_MS;
/** Of a box whose neighbour is gone: the browser may hold both in one process, and their beats are not in step. */
const MOST_SILENT_BESIDE_GONE = MOST_SILENT_BEATS - 1;

type Perform = (operation: FileOperation) => Promise<FileAnswer>;

/** The host's end of one box. Owns its frame; nothing that comes out of the frame can make it throw. */
export class BoxHandle implements BoxWorker {
  readonly boxId: string;
  readonly hasSharedMemory: boolean;
  readonly closed: Promise<'closed' | 'crashed'>;
  /** Names of the failed probes, empty when the wall stands; never settles for a box that died before. */
  readonly proof: Promise<readonly string[]>;
  /** Settles with the first word of its engine, or with its end. */
  readonly spoke: Promise<void>;
  crashReason: string | null = null;
  isPrepared = false;
  isOpen = true;
  readonly #frame: HTMLIFrameElement;
  readonly #port: MessagePort;
  readonly #listeners = new Set<(message: unknown) => void>();
  #early: { readonly messages: readonly unknown[]; readonly units: number }[] = [];
  readonly #heart: ReturnType<typeof setInterval>;
  readonly #neighbours: Set<BoxHandle>;
  #silentBeats = 0;
  #carried = 0;
  #perform: Perform | null = null;
  #question: { readonly id: number; readonly operation: unknown } | null = null;
  #settleClosed: (how: 'closed' | 'crashed') => void = () => undefined;
  #settleProof: (failures: readonly string[]) => void = () => undefined;
  #settleSpoke: () => void = () => undefined;

  constructor(parts: {
    boxId: string;
    frame: HTMLIFrameElement;
    port: MessagePort;
    hasSharedMemory: boolean;
    /** The open boxes of the same document; this one is among them while it is open. */
    neighbours: Set<BoxHandle>;
  }) {
    this.boxId = parts.boxId;
    this.hasSharedMemory = parts.hasSharedMemory;
    this.#frame = parts.frame;
    this.#port = parts.port;
    this.#neighbours = parts.neighbours;
    this.#neighbours.add(this);
    this.closed = new Promise((settle) => (this.#settleClosed = settle));
    this.proof = new Promise((settle) => (this.#settleProof = settle));
    this.spoke = new Promise((settle) => (this.#settleSpoke = settle));
    this.#port.onmessage = (event: MessageEvent<unknown>) => this.#receive(event.data);
    this.#port.onmessageerror = () => this.#end('crashed', 'unreadable message');
    this.#heart = setInterval(() => this.#beat(), BEAT_MS);
  }

  post(message: unknown, { transfer = [], isAnswer = false }: PostOptions = {}): void {
    this.tellBox({ op: 'post', message, transfer, isAnswer }, transfer);
  }

  /** Sends to the box page itself. */
  tellBox(message: ToBox, transfer: readonly Transferable[] = []): void {
    if (this.isOpen) this.#port.postMessage(message, [...transfer]);
  }

  /** Hands bytes over to the box page; a message to it names them by the number returned. */
  carry(bytes: ArrayBuffer): number {
    const number = (this.#carried += 1);
    const message: CarriedBytes = { op: BOX_BYTES, number, bytes };
    if (this.isOpen) this.#frame.contentWindow?.postMessage(message, '*', [bytes]); // an opaque origin has no name to give
    return number;
  }

  onMessage(listener: (message: unknown) => void, options: { readonly signal: AbortSignal }): void {
    if (options.signal.aborted) return;
    this.#listeners.add(listener);
    options.signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
    const early = this.#early;
    this.#early = [];
    for (const batch of early) this.#dispatch(batch.messages, batch.units);
  }

  interrupt(): void {
    this.tellBox({ op: 'interrupt' });
  }

  settle(): void {
    this.tellBox({ op: 'settle' });
  }

  serveFiles(perform: Perform): void {
    this.#perform = perform;
    const question = this.#question;
    this.#question = null;
    if (question) void this.#answer(perform, question.id, question.operation);
  }

  /** From here on it is a session's. Its frame says so: in the document it is told from what is kept ahead of need. */
  handOver(): void {
    this.#frame.dataset['session'] = '';
  }

  close(): void {
    this.#end('closed', null);
  }

  #end(how: 'closed' | 'crashed', reason: string | null): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.crashReason = reason;
    this.#neighbours.delete(this);
    clearInterval(this.#heart);
    this.#port.onmessage = null;
    this.#port.close();
    this.#frame.remove();
    this.#listeners.clear();
    this.#early = [];
    this.#settleClosed(how);
    this.#settleSpoke();
  }

  #beat(): void {
    this.#silentBeats += 1;
    if (this.#silentBeats > (this.hasSharedMemory ? MOST_SILENT_BEATS : MOST_SILENT_BEATS_UNSHARED)) {
      this.#endGone();
      // At once, or the next run of each of them would be sent to nobody.
      for (const other of [...this.#neighbours]) if (other.#silentBeats > MOST_SILENT_BESIDE_GONE) other.#endGone();
      return;
    }
    this.tellBox({ op: 'beat' });
  }

  #endGone(): void {
    this.#end('crashed', 'box process gone');
  }

  #receive(raw: unknown): void {
    if (!this.isOpen) return;
    const message = parseFromBox(raw);
    if (!message) return this.#end('crashed', 'malformed message');
    this.#silentBeats = 0;
    switch (message.op) {
      case 'proof':
        return this.#settleProof(message.failures);
      case 'batch':
        this.#settleSpoke();
        if (this.#listeners.size === 0) this.#early.push(message);
        else this.#dispatch(message.messages, message.units);
        return;
      case 'file':
        if (this.#perform) void this.#answer(this.#perform, message.id, message.operation);
        else this.#question = message; // one at a time: the next comes after its answer
        return;
      case 'beat':
        return;
      case 'crashed':
        return this.#end('crashed', message.reason);
    }
  }

  #dispatch(messages: readonly unknown[], units: number): void {
    for (const message of messages) {
      for (const listener of [...this.#listeners]) {
        try {
          listener(message);
        } catch (error) {
          reportError(error); // a bug of ours; the other messages still count
        }
      }
    }
    this.tellBox({ op: 'took', units });
  }

  async #answer(perform: Perform, id: number, raw: unknown): Promise<void> {
    const operation = parseFileOperation(raw);
    const answer: FileAnswer = operation
      ? await perform(operation).catch((error: unknown) => {
          reportError(error);
          return { ok: false, errno: 'EIO' } as const;
        })
      : { ok: false, errno: 'EINVAL' };
    this.tellBox({ op: 'answer', id, answer });
  }
}
