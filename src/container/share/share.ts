import type { FileErrno } from '../../contracts/files.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { type Answers, type Served } from './answers.ts';
import { CHANGES } from './change.ts';
import { Fids } from './fids.ts';
import { KeptAttributes } from './kept-attributes.ts';
import { LOOKS } from './look.ts';
import { Mirror, type WatchedFiles } from './mirror.ts';
import { Refusal, refuse } from './refusal.ts';
import { errorReply, type Writer } from './reply.ts';
import { decodeRequest, headerOf, type Request } from './request.ts';

/** Attributes are stored so long after the first that changed, at the latest. */
const STORE_MS = 500;
/** And are tried again so long after the tree did not take them, or sooner where somebody makes sure. */
const STORE_AGAIN_MS = 10_000;

export interface ShareOptions {
  /** The session's tree; everything of the guest goes through its `perform`. */
  readonly files: WatchedFiles;
  /** What is one and the same for all shares of that tree, where `files` is not. */
  readonly tree?: object;
  /** Who owns, in the guest's eyes, what was not made by the guest; root otherwise. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** All files together; `sessionBytes` otherwise. */
  readonly mostBytes?: number;
  /** Folders below the root ('' for all of it) that this guest reads and does not change, whoever asks in it. */
  readonly readOnly?: readonly string[] | undefined;
}

/** A session's tree as a 9P2000.L server for one guest. */
export interface Share {
  /**
   * Answers a message of the guest, whatever it is; never rejects. One after the other, in order; the answer's memory is
   * the caller's. Above `shareQueued` waiting requests it is not answered but refused at once with EIO.
   */
  handle(request: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
  /** Settles once what was asked before is answered and is in the tree, attributes too. Never rejects. */
  idle(): Promise<void>;
  /** Hears no more of the tree. What was answered is still brought there. */
  dispose(): void;
}

type AnyAnswer = (request: Request, served: Served) => Promise<Writer> | Writer;
const ANSWERS: Answers<Request['kind']> = { ...LOOKS, ...CHANGES };

/** Makes a server over a session's tree; nothing is read before it is asked. */
export function createShare(options: ShareOptions): Share {
  return new TreeShare(options);
}

class TreeShare implements Share {
  readonly #ended = new AbortController();
  readonly #served: Served;
  readonly #kept: KeptAttributes;
  #isRefused = false;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(options: ShareOptions) {
    const { files, tree = files, owner = { uid: 0, gid: 0 }, now = Date.now, mostBytes, readOnly = [] } = options;
    const onLost = (): void => {
      this.#served.hasNewAttributes = true;
    };
    const kept = new KeptAttributes({ mirror: () => mirror, files, tree, owner, onLost });
    const mirror: Mirror = new Mirror({
      files,
      rightsOf: (path, kind) => kept.rightsOf(path, kind),
      now,
      signal: this.#ended.signal,
      mostBytes,
      onRefused: (errno) => this.#lost(errno),
    });
    files.onChange((change) => kept.heard(change), { signal: this.#ended.signal });
    this.#kept = kept;
    this.#served = {
      mirror,
      fids: new Fids((file) => mirror.closed(file)),
      messageBytes: LIMITS.shareMessageBytes.standard,
      readOnly,
      lost: null,
      hasNewAttributes: false,
      isUsual: (node) => kept.isUsual(node),
      storeAttributes: () => this.#store(),
      flush: files.flush,
    };
  }

  handle(message: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#waiting >= LIMITS.shareQueued.standard) {
      return Promise.resolve(errorReply('EIO', headerOf(message).tag));
    }
    this.#waiting += 1;
    return this.#inTurn(async () => {
      this.#waiting -= 1;
      return await this.#answer(message);
    });
  }

  async idle(): Promise<void> {
    await this.#inTurn(async () => undefined);
    await this.#storeInTurn();
  }

  dispose(): void {
    // What others change is heard of until the last is stored beside it.
    if (this.#timer === null) this.#ended.abort();
    else void this.#storeInTurn().finally(() => this.#ended.abort());
  }

  #inTurn<Value>(act: () => Promise<Value>): Promise<Value> {
    const turn = this.#last.then(act);
    this.#last = turn.then(ignore, ignore);
    return turn;
  }

  async #answer(message: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    const { type, tag } = headerOf(message);
    try {
      if (message.length > LIMITS.shareMessageBytes.standard) return refuse('EINVAL');
      const request = decodeRequest(message);
      await this.#kept.catchUp();
      const answer = ANSWERS[request.kind] as AnyAnswer;
      const reply = await answer(request, this.#served);
      if (this.#served.hasNewAttributes) this.#storeSoon();
      return reply.finish(type + 1, tag);
    } catch (error) {
      if (error instanceof Refusal) return errorReply(error.errno, tag);
      // A bug of ours is an error of the disk for the guest, and never the end of its machine.
      console.error('share: request failed', type, error);
      return errorReply('EIO', tag);
    }
  }

  #storeSoon(): void {
    this.#timer ??= setTimeout(() => void this.#storeInTurn(), this.#isRefused ? STORE_AGAIN_MS : STORE_MS);
  }

  /** Between two requests, and after the files that the attributes are of. */
  async #storeInTurn(): Promise<void> {
    await this.#served.mirror.journal.settled();
    await this.#inTurn(() => this.#store());
  }

  /** Never rejects. What the tree does not take is kept for the next time. */
  async #store(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.#served.hasNewAttributes) return;
    this.#served.hasNewAttributes = false;
    const errno = await this.#kept.store().catch((): FileErrno => 'EIO');
    this.#isRefused = errno !== null;
    if (errno === null) return;
    this.#served.hasNewAttributes = true;
    this.#lost(errno);
  }

  #lost(errno: FileErrno): void {
    console.warn('share: the workspace did not take a change of the guest', errno);
    this.#served.lost = errno;
  }
}

function ignore(): void {
  // Each caller hears of its own failure.
}
