import type { FileErrno } from '../../contracts/files.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { type Answers, type Served } from './answers.ts';
import { attributesText, readAttributes, writeAttributes } from './attributes.ts';
import { CHANGES } from './change.ts';
import { Fids } from './fids.ts';
import { LOOKS } from './look.ts';
import { Mirror, type WatchedFiles } from './mirror.ts';
import type { Rights, TreeNode } from './nodes.ts';
import { Refusal, refuse } from './refusal.ts';
import { errorReply, type Writer } from './reply.ts';
import { decodeRequest, headerOf, type Request } from './request.ts';

/** Attributes are stored so long after the first that changed, at the latest. */
const STORE_MS = 500;

export interface ShareOptions {
  /** The session's tree; everything of the guest goes through its `perform`. */
  readonly files: WatchedFiles;
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
  readonly #files: WatchedFiles;
  readonly #owner: { readonly uid: number; readonly gid: number };
  readonly #ended = new AbortController();
  readonly #served: Served;
  #stored: ReadonlyMap<string, Rights> = new Map();
  /** As they were written last. */
  #storedText: string | null = null;
  #opening: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor({ files, owner = { uid: 0, gid: 0 }, now = Date.now, mostBytes, readOnly = [] }: ShareOptions) {
    this.#files = files;
    this.#owner = owner;
    const mirror = new Mirror({
      files,
      rightsOf: (path, kind) => this.#stored.get(path) ?? this.#usual(kind),
      now,
      signal: this.#ended.signal,
      mostBytes,
      onRefused: (errno) => this.#lost(errno),
    });
    const fids = new Fids((file) => mirror.closed(file));
    const messageBytes = LIMITS.shareMessageBytes.standard;
    this.#served = { mirror, fids, messageBytes, readOnly, lost: null, hasNewAttributes: false, flush: files.flush };
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
    await this.#served.mirror.journal.settled();
    await this.#store();
  }

  dispose(): void {
    this.#ended.abort();
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    void this.#store();
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
      await (this.#opening ??= this.#open());
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

  async #open(): Promise<void> {
    const { mirror } = this.#served;
    const { nodes } = mirror;
    const { rights, links } = await readAttributes(this.#files);
    this.#stored = rights;
    try {
      await mirror.fresh(nodes.root);
    } catch (error) {
      // The next request tries again.
      this.#opening = null;
      throw error;
    }
    for (const link of links) {
      const names = link.path.split('/');
      const name = names.pop() ?? '';
      const folder = nodes.at(names);
      if (folder?.kind !== 'folder' || folder.children.has(name)) continue;
      nodes.put(folder, nodes.link(name, link.target, link.rights, folder.modifiedAtMs));
    }
    this.#storedText = this.#text();
  }

  #usual(kind: TreeNode['kind']): Rights {
    const mode = kind === 'link' ? 0o777 : kind === 'folder' ? 0o755 : 0o644;
    return { mode, ...this.#owner };
  }

  #text(): string | null {
    return attributesText(this.#served.mirror.nodes, ({ kind }) => this.#usual(kind));
  }

  #storeSoon(): void {
    this.#timer ??= setTimeout(() => void this.#store(), STORE_MS);
  }

  async #store(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.#served.hasNewAttributes) return;
    this.#served.hasNewAttributes = false;
    const text = this.#text();
    if (text === this.#storedText) return;
    this.#storedText = text;
    const isWritten = await writeAttributes(this.#files, text).catch(() => false);
    if (!isWritten) console.warn('share: attributes of files were not stored');
  }

  #lost(errno: FileErrno): void {
    console.warn('share: the workspace did not take a change of the guest', errno);
    this.#served.lost = errno;
  }
}

function ignore(): void {
  // Each caller hears of its own failure.
}
