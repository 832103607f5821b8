import type { SessionFiles } from '../../contracts/files.ts';
import { FlushBehind } from './flush-behind.ts';
import { KeptAttributes, type KeptAttributesOptions } from './kept-attributes.ts';
import { Mirror, type WatchedFiles } from './mirror.ts';
import { openShare, type Share } from './share.ts';

export interface ServedTreeOptions {
  /** The session's tree. */
  readonly files: WatchedFiles;
  /** Who owns, in the guests' eyes, what was not made by a guest; root otherwise. */
  readonly owner?: KeptAttributesOptions['owner'];
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** All files together; `sessionBytes` otherwise. */
  readonly mostBytes?: number;
  /** Nobody is served any more, all that was answered is in the tree, and what was closed was flushed or could not be. */
  readonly onEnded?: () => void;
}

export interface GuestOptions {
  /** What this guest changes goes to the tree by this; by the tree's own otherwise. */
  readonly perform?: SessionFiles['perform'];
  /** Folders below the root ('' for all of it) that this guest reads and does not change, whoever asks in it. */
  readonly readOnly?: readonly string[] | undefined;
}

/**
 * A session's tree for as many guests as it has. They have one mirror of it, so that each sees at once what another does,
 * to modes and links too, which no other has a place for.
 */
export class ServedTree {
  readonly #options: ServedTreeOptions;
  readonly #attributes: KeptAttributes;
  readonly #mirror: Mirror;
  readonly #closed: FlushBehind;
  readonly #ended = new AbortController();
  readonly #guests = new Set<Share>();
  #opening: Promise<void> | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #endings = 0;

  /** Nothing is read before a guest asks. */
  constructor(options: ServedTreeOptions) {
    const { files, owner = { uid: 0, gid: 0 }, now = Date.now, mostBytes } = options;
    this.#options = options;
    const attributes = new KeptAttributes({ files, owner });
    this.#attributes = attributes;
    this.#mirror = new Mirror({
      files,
      rightsOf: (path, kind) => attributes.rightsOf(path, kind),
      now,
      signal: this.#ended.signal,
      mostBytes,
      onChange: (change, nodes, isOwn) => attributes.heard(change, nodes, isOwn),
      onLooked: () => attributes.changed(),
    });
    this.#closed = new FlushBehind(async () => {
      await this.#mirror.journal.settled();
      if ((await files.flush?.()) === false) throw new Error('the disk did not take it');
    });
  }

  /** Serves one more guest, until its share is disposed of; the tree ends with the last. */
  share({ perform, readOnly = [] }: GuestOptions = {}): Share {
    const { files } = this.#options;
    const share = openShare({
      mirror: this.#mirror,
      attributes: this.#attributes,
      readOnly,
      perform: perform ?? ((operation, options) => files.perform(operation, options)),
      flush: files.flush,
      isOpen: () => (this.#opening ??= this.#open()),
      inTurn: (act) => this.#inTurn(act),
      idle: () => this.#idle(),
      onWriterClosed: () => this.#closed.want(),
      onDisposed: () => {
        this.#guests.delete(share);
        if (this.#guests.size === 0) void this.#end();
      },
    });
    this.#guests.add(share);
    return share;
  }

  #inTurn<Value>(act: () => Promise<Value>): Promise<Value> {
    const turn = this.#last.then(act);
    this.#last = turn.then(ignore, ignore);
    return turn;
  }

  async #idle(): Promise<void> {
    await this.#inTurn(async () => undefined);
    await this.#mirror.journal.settled();
    await this.#attributes.store();
  }

  async #open(): Promise<void> {
    const { nodes } = this.#mirror;
    try {
      const links = await this.#attributes.read();
      await this.#mirror.fresh(nodes.root);
      // After one that failed, some are not known yet. Those that are found meanwhile come too.
      for (const node of nodes.below(nodes.root)) if (node.kind === 'folder') await this.#mirror.fresh(node);
      for (const { path, target, rights } of links) {
        const names = path.split('/');
        const name = names.pop() ?? '';
        const folder = nodes.at(names);
        if (folder?.kind !== 'folder' || folder.children.has(name)) continue;
        nodes.put(folder, nodes.link(name, target, rights, folder.modifiedAtMs));
      }
    } catch (error) {
      // The next request tries again.
      this.#opening = null;
      throw error;
    }
    this.#attributes.areIn(nodes);
  }

  async #end(): Promise<void> {
    this.#endings += 1;
    const ending = this.#endings;
    await this.#idle();
    await this.#closed.settled();
    // Others may have renamed something while that was waited for.
    await this.#attributes.store();
    // A guest may have come meanwhile, or even gone again: its own ending is the one that counts.
    if (this.#guests.size > 0 || ending !== this.#endings) return;
    this.#ended.abort();
    this.#attributes.end();
    this.#options.onEnded?.();
  }
}

function ignore(): void {
  // Each caller hears of its own failure.
}
