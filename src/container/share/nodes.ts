import { Content } from './content.ts';

/** What all nodes have. The folder that a node is in holds it by its name. */
interface Placed {
  /** Of this tree alone; never used again. */
  inode: number;
  name: string;
  /** Null for the root, and for what was removed. */
  parent: FolderNode | null;
  /** Its place in the listing of its folder; those put there later have larger ones. */
  cookie: number;
  mode: number;
  uid: number;
  gid: number;
  modifiedAtMs: number;
  accessedAtMs: number | null;
  changedAtMs: number;
}

export interface FileNode extends Placed {
  readonly kind: 'file';
  sizeBytes: number;
  readonly content: Content;
  /** How many descriptors of all guests are open. */
  opened: number;
  /** Somebody else wrote: size, time and bytes are to be asked for anew. */
  isStale: boolean;
  /** Number of the last change in the journal; before it is done, the tree has other bytes. */
  lastChange: number;
}

export interface FolderNode extends Placed {
  readonly kind: 'folder';
  readonly children: Map<string, TreeNode>;
  /** Somebody else changed what is in it, in an order with our own changes that is not known. */
  isStale: boolean;
}

/** Known to guests alone: the workspace has no links, so that no path of any other runtime leads out of it. */
export interface LinkNode extends Placed {
  readonly kind: 'link';
  readonly target: string;
}

export type TreeNode = FileNode | FolderNode | LinkNode;

/** Who owns what nobody of a guest made, and what everybody may do with it. */
export interface Rights {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** All nodes of a tree, and how much they are. Changes memory only. */
export class Nodes {
  readonly root: FolderNode;
  /** Of the files that are in the tree. */
  bytes = 0;
  /** Of files, folders and links, with the root. */
  count = 1;
  /** The root has the first. */
  #lastInode = 0;
  /** 1 and 2 are `.` and `..`. */
  #lastCookie = 2;

  constructor(rights: Rights, nowMs: number) {
    this.root = { kind: 'folder', ...this.#fresh('', rights, nowMs), children: new Map(), isStale: true };
  }

  file(name: string, rights: Rights, nowMs: number): FileNode {
    return {
      kind: 'file',
      ...this.#fresh(name, rights, nowMs),
      sizeBytes: 0,
      content: new Content(),
      opened: 0,
      isStale: false,
      lastChange: 0,
    };
  }

  folder(name: string, rights: Rights, nowMs: number): FolderNode {
    return { kind: 'folder', ...this.#fresh(name, rights, nowMs), children: new Map(), isStale: false };
  }

  link(name: string, target: string, rights: Rights, nowMs: number): LinkNode {
    return { kind: 'link', ...this.#fresh(name, rights, nowMs), target };
  }

  /** Puts a node that is nowhere into a folder, in the place of what has its name there. */
  put(folder: FolderNode, node: TreeNode, name = node.name): void {
    const former = folder.children.get(name);
    if (former) this.drop(former);
    this.#lastCookie += 1;
    node.cookie = this.#lastCookie;
    node.name = name;
    node.parent = folder;
    folder.children.set(name, node);
    this.#weigh(node, 1);
  }

  /** Takes a node out of its folder, with all that is below it. */
  drop(node: TreeNode): void {
    if (node.parent?.children.get(node.name) !== node) return;
    node.parent.children.delete(node.name);
    this.#weigh(node, -1);
    node.parent = null;
  }

  move(node: TreeNode, folder: FolderNode, name: string): void {
    this.drop(node);
    this.put(folder, node, name);
  }

  resize(file: FileNode, sizeBytes: number): void {
    if (this.isPlaced(file)) this.bytes += sizeBytes - file.sizeBytes;
    file.sizeBytes = sizeBytes;
  }

  isPlaced(node: TreeNode): boolean {
    let top: TreeNode = node;
    while (top.parent) top = top.parent;
    return top === this.root;
  }

  /** Below the root, as the workspace names it; of a node that is placed. */
  pathOf(node: TreeNode): string {
    const names: string[] = [];
    for (let at: TreeNode = node; at.parent; at = at.parent) names.push(at.name);
    return names.reverse().join('/');
  }

  /** What is there under these names, as far as is known. */
  at(names: readonly string[]): TreeNode | undefined {
    let node: TreeNode | undefined = this.root;
    for (const name of names) node = node?.kind === 'folder' ? node.children.get(name) : undefined;
    return node;
  }

  *below(folder: FolderNode): Generator<TreeNode> {
    for (const child of folder.children.values()) {
      yield child;
      if (child.kind === 'folder') yield* this.below(child);
    }
  }

  #weigh(node: TreeNode, sign: 1 | -1): void {
    this.count += sign;
    if (node.kind === 'file') this.bytes += sign * node.sizeBytes;
    if (node.kind === 'folder') for (const child of node.children.values()) this.#weigh(child, sign);
  }

  #fresh(name: string, rights: Rights, nowMs: number): Placed {
    this.#lastInode += 1;
    const { mode, uid, gid } = rights;
    return {
      inode: this.#lastInode,
      name,
      parent: null,
      cookie: 0,
      mode,
      uid,
      gid,
      modifiedAtMs: nowMs,
      accessedAtMs: null,
      changedAtMs: nowMs,
    };
  }
}

/** True if `node` is `folder` or lies below it. */
export function isWithin(node: TreeNode, folder: FolderNode): boolean {
  for (let at: TreeNode | null = node; at; at = at.parent) if (at === folder) return true;
  return false;
}

/** Notes that content or entries were changed. */
export function touch(node: TreeNode, nowMs: number): void {
  node.modifiedAtMs = nowMs;
  node.changedAtMs = nowMs;
}
