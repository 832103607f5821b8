import { namesOf } from '../../contracts/file-paths.ts';
import type { FileErrno, FilesChange } from '../../contracts/files.ts';
import {
  type Attributes,
  ATTRIBUTES_PATH,
  type AttributesByPath,
  attributesOf,
  isSame,
  readAttributes,
  writeAttributes,
} from './attributes.ts';
import type { Mirror, WatchedFiles } from './mirror.ts';
import type { Rights, TreeNode } from './nodes.ts';

/** Who has the attributes of a tree to itself: each share of it reads what the others wrote before it writes all of them. */
const TURNS = new WeakMap<object, Promise<unknown>>();

const NONE: AttributesByPath = new Map();

export interface KeptAttributesParts {
  /** Of the share; asked for when it is needed, for it asks for rights itself. */
  readonly mirror: () => Mirror;
  readonly files: WatchedFiles;
  /** The same for all shares of a tree. */
  readonly tree: object;
  /** Who owns what was not made by the guest. */
  readonly owner: { readonly uid: number; readonly gid: number };
  /** What was stored is there no more, by no guest's doing: it is to be stored anew. */
  readonly onLost: () => void;
}

/**
 * Modes, owners and links of one share's nodes, as they lie in the tree, where the shares of other machines keep theirs too: what
 * another changed there is taken over, what both changed stays as it is here.
 */
export class KeptAttributes {
  readonly #parts: KeptAttributesParts;
  /** As they were read or written last: what differs from it there was changed by another, here by the guest. */
  #known: AttributesByPath = NONE;
  /** Nothing was read at first. */
  #isBehind = true;
  #isWriting = false;

  constructor(parts: KeptAttributesParts) {
    this.#parts = parts;
  }

  rightsOf(path: string, kind: TreeNode['kind']): Rights {
    const known = this.#known.get(path);
    return known === undefined || known.target !== null ? this.#usual(kind) : known;
  }

  /** Whether nothing is to be kept of a node. */
  isUsual(node: TreeNode): boolean {
    const { mode, uid, gid } = this.#usual(node.kind);
    return node.kind !== 'link' && node.mode === mode && node.uid === uid && node.gid === gid;
  }

  /** The tree tells of a change. */
  heard(change: FilesChange): void {
    const paths = change.kind === 'rename' ? [change.path, change.to] : [change.path];
    if (!this.#isWriting && paths.some((path) => isAttributes(path))) this.#isBehind = true;
  }

  /**
   * Takes over what others changed, the first time all that is in the tree; null where nothing is new. EIO where the tree fails: the
   * next call tries again.
   */
  catchUp(): Promise<void> | null {
    return this.#isBehind ? this.#inTurn(() => this.#takeOver()) : null;
  }

  /** Brings what the guest changed to the tree. Why the tree did not take it; null where it did. */
  store(): Promise<FileErrno | null> {
    return this.#inTurn(async () => {
      if (this.#isBehind) await this.#takeOver();
      const own = this.#own();
      const isStored =
        own.size === this.#known.size && [...own].every(([path, at]) => isSame(at, this.#known.get(path)));
      if (isStored) return null;
      this.#isWriting = true;
      try {
        const errno = await writeAttributes(this.#parts.files, own);
        if (errno === null) this.#known = own;
        return errno;
      } finally {
        this.#isWriting = false;
      }
    });
  }

  async #takeOver(): Promise<void> {
    const mirror = this.#parts.mirror();
    const { nodes } = mirror;
    // What comes while it is read makes it old again.
    this.#isBehind = false;
    try {
      const before = this.#known;
      const theirs = await readAttributes(this.#parts.files);
      // Of what is met only now, the rights are theirs.
      this.#known = theirs ?? NONE;
      await mirror.fresh(nodes.root);
      await mirror.freshAll();
      // Somebody took them away or wrote something else in their place, which says nothing of what a guest did.
      if (theirs === null) {
        if (before.size > 0) this.#parts.onLost();
        return;
      }
      const own = this.#own();
      for (const path of new Set([...before.keys(), ...theirs.keys()])) {
        const was = before.get(path);
        const isOwnChange = !isSame(own.get(path), was);
        if (!isOwnChange && !isSame(theirs.get(path), was)) this.#put(path, theirs.get(path));
      }
    } catch (error) {
      this.#isBehind = true;
      throw error;
    }
  }

  #put(path: string, attributes: Attributes | undefined): void {
    const { nodes } = this.#parts.mirror();
    const names = path.split('/');
    const node = nodes.at(names);
    if (attributes !== undefined && attributes.target !== null) {
      const folder = nodes.at(names.slice(0, -1));
      // A file in its place was made by somebody who knows of no links.
      if (folder?.kind !== 'folder' || (node !== undefined && node.kind !== 'link')) return;
      nodes.put(folder, nodes.link(names.at(-1) ?? '', attributes.target, attributes, folder.modifiedAtMs));
    } else if (node?.kind === 'link') nodes.drop(node);
    else if (node !== undefined) {
      const { mode, uid, gid } = attributes ?? this.#usual(node.kind);
      Object.assign(node, { mode, uid, gid, changedAtMs: this.#parts.mirror().now() });
    }
  }

  #own(): AttributesByPath {
    return attributesOf(this.#parts.mirror().nodes, (node) => this.isUsual(node));
  }

  #usual(kind: TreeNode['kind']): Rights {
    const mode = kind === 'link' ? 0o777 : kind === 'folder' ? 0o755 : 0o644;
    return { mode, ...this.#parts.owner };
  }

  #inTurn<Value>(act: () => Promise<Value>): Promise<Value> {
    const { tree } = this.#parts;
    const turn = (TURNS.get(tree) ?? Promise.resolve()).then(act);
    TURNS.set(tree, turn.then(ignore, ignore));
    return turn;
  }
}

/** A folder above is moved or removed with what is in it. */
function isAttributes(named: string): boolean {
  const path = namesOf(named)?.join('/');
  return ATTRIBUTES_PATH === path || ATTRIBUTES_PATH.startsWith(`${path}/`);
}

function ignore(): void {
  // Each caller hears of its own failure.
}
