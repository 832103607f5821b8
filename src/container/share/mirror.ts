import type { FilesChange, SessionFiles } from '../../contracts/files.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { ContentCache } from './content.ts';
import { type Change, Journal } from './journal.ts';
import { type FileNode, type FolderNode, Nodes, type Rights, touch, type TreeNode } from './nodes.ts';
import { Others } from './others.ts';
import { refuse } from './refusal.ts';

/** Writes that follow one another go to the tree in pieces of this size at most. */
const JOINED_BYTES = 1024 * 1024;

export type WatchedFiles = Pick<SessionFiles, 'perform' | 'onChange' | 'flush'>;

export interface MirrorOptions {
  readonly files: WatchedFiles;
  readonly rightsOf: (path: string, kind: 'file' | 'folder') => Rights;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** All files together; `sessionBytes` otherwise. */
  readonly mostBytes?: number | undefined;
  /** What was changed; where somebody else did it, before the nodes are as that left them. */
  readonly onChange: (change: FilesChange, nodes: Nodes, isOwn: boolean) => void;
  /** Nodes are other ones than before, for what is in the tree was looked at anew. */
  readonly onLooked: () => void;
}

/**
 * The session's tree in memory: what its guests change is changed here at once and in the tree soon after; what others
 * change in the tree is known here before the guests' next question. Its caller checks what may be done, and asks for
 * one thing after the other, for the journal's author.
 */
export class Mirror {
  readonly nodes: Nodes;
  readonly journal: Journal;
  readonly mostBytes: number;
  readonly #options: MirrorOptions;
  readonly #cache = new ContentCache(LIMITS.shareCachedBytes.standard);
  /** Removed while open: these live in memory until they are closed. */
  readonly #kept = new Set<FileNode>();
  /** Number of the last change of names in the journal. */
  #lastMove = 0;
  readonly #others: Others;

  constructor(options: MirrorOptions) {
    this.#options = options;
    this.mostBytes = options.mostBytes ?? LIMITS.sessionBytes.standard;
    this.nodes = new Nodes(options.rightsOf('', 'folder'), options.now());
    this.journal = new Journal({
      onRefused: (change) => this.#others.refused(change),
      mostBytes: LIMITS.shareUnwrittenBytes.standard,
      joinedBytes: JOINED_BYTES,
    });
    const { nodes, journal } = this;
    this.#others = new Others({ nodes, journal, cache: this.#cache, ...options });
    const hear = (change: FilesChange): void => {
      const isOwn = journal.isOwn(change);
      options.onChange(change, nodes, isOwn);
      if (!isOwn) this.#others.changed(change);
    };
    options.files.onChange(hear, options);
  }

  now(): number {
    return this.#options.now();
  }

  /** Null where a node is known as it is; else settles once it is. The node may be gone then. EIO where the tree fails. */
  fresh(node: TreeNode): Promise<void> | null {
    return this.#others.fresh(node);
  }

  /** Refuses ENOSPC where so much more does not fit. */
  async fits(bytes: number, count = 0): Promise<void> {
    const { nodes } = this;
    await this.counted(bytes);
    const isFull = bytes > 0 && nodes.bytes + bytes > this.mostBytes;
    if (isFull || nodes.count + count > LIMITS.fileCount.standard) refuse('ENOSPC');
  }

  /** Settles once it is known how full the tree is, where that may matter; so many bytes are to come. */
  async counted(bytes = 0): Promise<void> {
    if (this.nodes.bytes + bytes > this.mostBytes / 2) await this.#others.freshAll();
  }

  create(folder: FolderNode, name: string, rights: Rights): FileNode {
    const file = this.nodes.file(name, rights, this.now());
    this.#place(folder, file);
    file.lastChange = this.journal.add(written(this.nodes.pathOf(file), 0, null, 0));
    return file;
  }

  makeFolder(folder: FolderNode, name: string, rights: Rights): FolderNode {
    const made = this.nodes.folder(name, rights, this.now());
    this.#place(folder, made);
    this.#lastMove = this.journal.add({ op: 'mkdir', path: this.nodes.pathOf(made) });
    return made;
  }

  makeLink(folder: FolderNode, name: string, target: string, rights: Rights): TreeNode {
    const link = this.nodes.link(name, target, rights, this.now());
    this.#place(folder, link);
    return link;
  }

  /** Fills `into` with what the file has from `position` on. ESTALE for one that others removed. */
  read(file: FileNode, position: number, into: Uint8Array): Promise<void> {
    if (!this.nodes.isPlaced(file) && !this.#kept.has(file)) refuse('ESTALE');
    return this.#cache.read(file.content, position, into, (at, length) => this.#load(file, at, length));
  }

  /** The bytes, and all the memory that they lie in, are the tree's from then on. */
  write(file: FileNode, position: number, bytes: Uint8Array): void {
    const isPlaced = this.nodes.isPlaced(file);
    if (!isPlaced) this.#keepsUpTo(file, position + bytes.length);
    this.#cache.write(file.content, file.sizeBytes, position, bytes);
    if (isPlaced) file.lastChange = this.journal.add(written(this.nodes.pathOf(file), position, bytes, null));
    this.nodes.resize(file, Math.max(file.sizeBytes, position + bytes.length));
    this.#touch(file);
  }

  cut(file: FileNode, sizeBytes: number): void {
    this.#touch(file);
    if (sizeBytes === file.sizeBytes) return;
    if (this.nodes.isPlaced(file)) {
      file.lastChange = this.journal.add(written(this.nodes.pathOf(file), 0, null, sizeBytes));
    } else this.#keepsUpTo(file, sizeBytes);
    this.#cache.cut(file.content, sizeBytes);
    this.nodes.resize(file, sizeBytes);
  }

  /** Removes a link, a file, or a folder without anything in it. What a descriptor holds open is kept for it. */
  async remove(node: TreeNode): Promise<void> {
    if (node.kind === 'file' && node.opened > 0) await this.#keep(node);
    const path = this.nodes.pathOf(node);
    const folder = node.parent;
    // Others may have removed it meanwhile.
    if (!folder || !this.nodes.isPlaced(node)) return;
    this.nodes.drop(node);
    if (node.kind !== 'link') this.#lastMove = this.journal.add({ op: 'remove', path });
    this.#touch(folder);
    this.#left(node);
  }

  /** Moves a node to a place where nothing is, or a file that this one replaces. */
  async move(node: TreeNode, folder: FolderNode, name: string): Promise<void> {
    const replaced = folder.children.get(name);
    if (replaced?.kind === 'file' && replaced.opened > 0) await this.#keep(replaced);
    const former = node.parent;
    if (!former || !this.nodes.isPlaced(node) || !this.nodes.isPlaced(folder)) return refuse('ENOENT');
    const path = this.nodes.pathOf(node);
    this.nodes.move(node, folder, name);
    const to = this.nodes.pathOf(node);
    // The tree has no links: of one that moves, it knows only what was in its new place.
    if (node.kind !== 'link') this.#lastMove = this.journal.add({ op: 'rename', path, to });
    else if (replaced?.kind === 'file') this.#lastMove = this.journal.add({ op: 'remove', path: to });
    if (replaced) this.#left(replaced);
    this.#touch(former);
    this.#touch(folder);
    node.changedAtMs = this.now();
  }

  /** The last descriptor of a file was closed. */
  closed(file: FileNode): void {
    if (!this.#kept.delete(file)) return;
    this.#cache.forget(file.content);
  }

  #place(folder: FolderNode, node: TreeNode): void {
    this.nodes.put(folder, node);
    this.#touch(folder);
  }

  #touch(node: TreeNode): void {
    touch(node, this.now());
  }

  #left(node: TreeNode): void {
    if (node.kind === 'file' && !node.content.isKept) this.#cache.forget(node.content);
  }

  async #keep(file: FileNode): Promise<void> {
    if (this.#keptBytes() + file.sizeBytes > LIMITS.shareKeptBytes.standard) return;
    try {
      await this.#cache.keep(file.content, file.sizeBytes, (at, length) => this.#load(file, at, length));
      this.#kept.add(file);
    } catch {
      // It goes all the same; who has it open is told ESTALE.
      this.#cache.forget(file.content);
    }
  }

  #keepsUpTo(file: FileNode, sizeBytes: number): void {
    if (!this.#kept.has(file)) refuse('ESTALE');
    if (this.#keptBytes() + sizeBytes - file.sizeBytes > LIMITS.shareKeptBytes.standard) refuse('ENOSPC');
  }

  #keptBytes(): number {
    let bytes = 0;
    for (const { sizeBytes } of this.#kept) bytes += sizeBytes;
    return bytes;
  }

  async #load(file: FileNode, position: number, length: number): Promise<Uint8Array> {
    if (this.#kept.has(file)) return new Uint8Array(0);
    await this.journal.settled(Math.max(file.lastChange, this.#lastMove));
    if (!this.nodes.isPlaced(file)) return refuse('ESTALE');
    const wanted = Math.max(0, Math.min(length, file.sizeBytes - position));
    const path = this.nodes.pathOf(file);
    const answer = await this.#options.files.perform({ op: 'read', path, position, length: wanted });
    if (answer.ok) return answer.bytes ?? new Uint8Array(0);
    file.isStale = true;
    return refuse(answer.errno === 'EIO' ? 'EIO' : 'ESTALE');
  }
}

function written(path: string, position: number, bytes: Uint8Array | null, truncateTo: number | null): Change {
  return { op: 'write', path, position, bytes, truncateTo };
}
