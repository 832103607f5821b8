import type { FileErrno, SessionFiles } from '../../contracts/files.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { type Answers, type Served } from './answers.ts';
import { CHANGES } from './change.ts';
import { Fids } from './fids.ts';
import type { Author } from './journal.ts';
import type { KeptAttributes } from './kept-attributes.ts';
import { LOOKS } from './look.ts';
import type { Mirror } from './mirror.ts';
import { Refusal, refuse } from './refusal.ts';
import { errorReply, type Writer } from './reply.ts';
import { decodeRequest, headerOf, type Request } from './request.ts';

/** A session's tree as a 9P2000.L server for one guest. */
export interface Share {
  /**
   * Answers a message of the guest, whatever it is; never rejects. One after the other, in order; the answer's memory is
   * the caller's. Above `shareQueued` waiting requests it is not answered but refused at once with EIO.
   */
  handle(request: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
  /** Settles once what was asked before is answered and is in the tree, attributes too. Never rejects. */
  idle(): Promise<void>;
  /** Serves no more, once. What was answered is still brought to the tree. */
  dispose(): void;
}

export interface ShareParts {
  readonly mirror: Mirror;
  readonly attributes: KeptAttributes;
  readonly readOnly: readonly string[];
  readonly perform: SessionFiles['perform'];
  readonly flush: SessionFiles['flush'];
  /** Settles once the mirror has what is in the tree. */
  readonly isOpen: () => Promise<void>;
  /** The guests of a tree take turns: one request after the other, whoever's it is. */
  readonly inTurn: <Value>(act: () => Promise<Value>) => Promise<Value>;
  /** Settles once what was asked before, by any guest, is answered and is in the tree, attributes too. Never rejects. */
  readonly idle: () => Promise<void>;
  /** A file that the guest had open for writing is closed, by itself or because it goes. */
  readonly onWriterClosed: () => void;
  readonly onDisposed: () => void;
}

type AnyAnswer = (request: Request, served: Served) => Promise<Writer> | Writer;
const ANSWERS: Answers<Request['kind']> = { ...LOOKS, ...CHANGES };

/** Serves one guest of a tree. */
export function openShare(parts: ShareParts): Share {
  return new GuestShare(parts);
}

class GuestShare implements Share {
  readonly #parts: ShareParts;
  readonly #served: Served;
  readonly #author: Author;
  #waiting = 0;
  #isDisposed = false;

  constructor(parts: ShareParts) {
    const { mirror, attributes, readOnly, perform, flush, onWriterClosed } = parts;
    this.#parts = parts;
    const fids = new Fids({ onClosed: (file) => mirror.closed(file), onWriterClosed });
    const messageBytes = LIMITS.shareMessageBytes.standard;
    this.#served = { mirror, fids, messageBytes, readOnly, attributes, lost: null, flush };
    this.#author = { perform, onRefused: (errno) => this.#lost(errno) };
  }

  handle(message: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#isDisposed || this.#waiting >= LIMITS.shareQueued.standard) {
      return Promise.resolve(errorReply('EIO', headerOf(message).tag));
    }
    this.#waiting += 1;
    return this.#parts.inTurn(async () => {
      this.#waiting -= 1;
      return await this.#answer(message);
    });
  }

  idle(): Promise<void> {
    return this.#parts.idle();
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    // Other guests may have the same files open.
    void this.#parts.inTurn(async () => this.#served.fids.clear());
    this.#parts.onDisposed();
  }

  async #answer(message: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    const { type, tag } = headerOf(message);
    try {
      if (message.length > LIMITS.shareMessageBytes.standard) return refuse('EINVAL');
      const request = decodeRequest(message);
      await this.#parts.isOpen();
      this.#parts.mirror.journal.author = this.#author;
      const answer = ANSWERS[request.kind] as AnyAnswer;
      const reply = await answer(request, this.#served);
      return reply.finish(type + 1, tag);
    } catch (error) {
      if (error instanceof Refusal) return errorReply(error.errno, tag);
      // A bug of ours is an error of the disk for the guest, and never the end of its machine.
      console.error('share: request failed', type, error);
      return errorReply('EIO', tag);
    }
  }

  #lost(errno: FileErrno): void {
    console.warn('share: the workspace did not take a change of the guest', errno);
    this.#served.lost = errno;
  }
}
