import { namesOf } from '../../contracts/file-paths.ts';
import type { FileErrno, FilesChange, SessionFiles } from '../../contracts/files.ts';
import {
  ATTRIBUTES_PATHS,
  attributesText,
  readAttributes,
  type StoredAttributes,
  writeAttributes,
} from './attributes.ts';
import type { Nodes, Rights, TreeNode } from './nodes.ts';

/** Attributes are stored so long after the first that changed, at the latest, where the tree takes them. */
const STORE_MS = 500;
/** Where the tree did not take them, it is asked again after so long, or by who makes sure of something. */
const RETRY_MS = 5_000;

export interface KeptAttributesOptions {
  readonly files: Pick<SessionFiles, 'perform'>;
  /** Who owns, in the guests' eyes, what was not made by a guest. */
  readonly owner: { readonly uid: number; readonly gid: number };
}

/** Modes, owners and links of a tree on their way to where they stay. The nodes have them; all of them are stored as one file. */
export class KeptAttributes {
  readonly #options: KeptAttributesOptions;
  /** Of paths that were not seen yet; none once all were. */
  #read: StoredAttributes['rights'] = new Map();
  /** Null before all that was stored is in the nodes: what is not known must not be stored as if it were nothing. */
  #nodes: Nodes | null = null;
  /** What lies in the tree, as far as it is ours. */
  #stored: string | null = null;
  #hasChanged = false;
  #isWriting = false;
  /** Since it was read, or written last, somebody may have made what lies in the tree other than `#stored` would say. */
  #isSpoiled = false;
  #isRefused = false;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #last: Promise<FileErrno | null> = Promise.resolve(null);

  constructor(options: KeptAttributesOptions) {
    this.#options = options;
  }

  /** Those of something that was met at this path. */
  rightsOf(path: string, kind: TreeNode['kind']): Rights {
    return this.#read.get(path) ?? this.#usual(kind);
  }

  /** Reads what is stored, for what is met from now on; answers the links. Refuses EIO where the tree fails. */
  async read(): Promise<StoredAttributes['links']> {
    const { rights, links } = await readAttributes(this.#options.files);
    this.#read = rights;
    return links;
  }

  /** All that was read is in these nodes. */
  areIn(nodes: Nodes): void {
    this.#read = new Map();
    this.#nodes = nodes;
    // What changed while it was read may be in these nodes already, and not yet stored.
    if (this.#isSpoiled) this.changed();
    else this.#stored = this.#text(nodes);
  }

  /** A node came, went, or has another name. Most are as all are, and nothing of them is stored. */
  moved(node: TreeNode | undefined): void {
    if (!node) return;
    if (!this.#isUsual(node) || (node.kind === 'folder' && node.children.size > 0)) this.changed();
  }

  changed(): void {
    this.#hasChanged = true;
    this.#later(STORE_MS);
  }

  /** What a guest changed, or somebody else is about to have changed in the nodes. */
  heard(change: FilesChange, nodes: Nodes, isOfGuest: boolean): void {
    const paths = change.kind === 'rename' ? [change.path, change.to] : [change.path];
    if (paths.some((path) => ATTRIBUTES_PATHS.has(path))) {
      if (this.#isWriting && !isOfGuest) return;
      // Not ours any more, and not to be taken away; written anew where there is something to store.
      this.#stored = null;
      this.#isSpoiled = true;
      return this.changed();
    }
    // Of their own changes guests tell themselves.
    if (isOfGuest) return;
    if (this.#nodes === null) this.#isSpoiled = true;
    const isContent = change.kind === 'write' && nodes.at(namesOf(change.path) ?? [])?.kind === 'file';
    if (!isContent) this.changed();
  }

  /** Stores what changed, if anything did. Null, or why the tree did not take it; that is tried again. */
  store(): Promise<FileErrno | null> {
    const turn = this.#last.then(() => this.#write());
    this.#last = turn.catch(() => null);
    return turn;
  }

  /** Stores no more. */
  end(): void {
    this.#nodes = null;
    this.#clearTimer();
    if (this.#isRefused) console.warn('share: modes and links of files are lost');
  }

  #later(ms: number): void {
    this.#timer ??= setTimeout(() => void this.store(), ms);
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #write(): Promise<FileErrno | null> {
    this.#clearTimer();
    if (!this.#hasChanged || this.#nodes === null) return null;
    this.#hasChanged = false;
    const text = this.#text(this.#nodes);
    if (text === this.#stored) return null;
    this.#isWriting = true;
    this.#isSpoiled = false;
    const errno = await writeAttributes(this.#options.files, text);
    this.#isWriting = false;
    if (errno === null) this.#stored = this.#isSpoiled ? null : text;
    else {
      if (!this.#isRefused) console.warn('share: modes and links of files are not stored yet', errno);
      this.#hasChanged = true;
      this.#later(RETRY_MS);
    }
    this.#isRefused = errno !== null;
    return errno;
  }

  #text(nodes: Nodes): string | null {
    return attributesText(nodes, (node) => this.#isUsual(node));
  }

  #isUsual(node: TreeNode): boolean {
    const { mode, uid, gid } = this.#usual(node.kind);
    return node.kind !== 'link' && node.mode === mode && node.uid === uid && node.gid === gid;
  }

  #usual(kind: TreeNode['kind']): Rights {
    const mode = kind === 'link' ? 0o777 : kind === 'folder' ? 0o755 : 0o644;
    return { mode, ...this.#options.owner };
  }
}
