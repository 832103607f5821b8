import { namesOf } from '../../contracts/file-paths.ts';
import type { FilesChange, FileStat, SessionFiles } from '../../contracts/files.ts';
import type { ContentCache } from './content.ts';
import type { Change, Journal } from './journal.ts';
import { type FileNode, type FolderNode, type Nodes, type Rights, touch, type TreeNode } from './nodes.ts';
import { refuse } from './refusal.ts';

/** Somebody who changes a folder without end is followed so far within one request. */
const MOST_LOOKS = 4;

export interface OthersParts {
  readonly files: Pick<SessionFiles, 'perform'>;
  readonly nodes: Nodes;
  readonly journal: Journal;
  readonly cache: ContentCache;
  readonly rightsOf: (path: string, kind: 'file' | 'folder') => Rights;
  readonly now: () => number;
  /** What is in a folder, or a file, was looked at anew; what was not there any more is dropped. */
  readonly onLooked: () => void;
}

/** Keeps the nodes as others make them: notes at once what they change, and looks at it before somebody asks. */
export class Others {
  readonly #parts: OthersParts;
  /** What all files are together may be more than is known. */
  #isAnyStale = false;

  constructor(parts: OthersParts) {
    this.#parts = parts;
  }

  /** Null where a node is known as it is; else settles once it is. The node may be gone then. EIO where the tree fails. */
  fresh(node: TreeNode): Promise<void> | null {
    return node.kind === 'link' || !node.isStale ? null : this.#refresh(node);
  }

  async freshAll(): Promise<void> {
    if (!this.#isAnyStale) return;
    this.#isAnyStale = false;
    const { nodes } = this.#parts;
    try {
      for (const node of [nodes.root, ...nodes.below(nodes.root)]) await this.fresh(node);
    } catch (error) {
      this.#isAnyStale = true;
      throw error;
    }
  }

  /** Somebody else changed the tree. */
  changed(change: FilesChange): void {
    // Between own changes that are under way the order is not known: what is there is looked at once they are done.
    const isCertain = this.#parts.journal.isIdle;
    this.#isAnyStale = true;
    const paths = change.kind === 'rename' ? [change.path, change.to] : [change.path];
    if (change.kind === 'rename') this.#renamed(change.path, change.to);
    else this.#became(change.path, change.kind);
    if (!isCertain) for (const path of paths) this.#doubt(path);
  }

  #became(path: string, change: 'write' | 'mkdir' | 'remove'): void {
    const names = namesOf(path) ?? [];
    const name = names.at(-1);
    if (name === undefined) return;
    const folder = this.#parts.nodes.at(names.slice(0, -1));
    if (folder?.kind !== 'folder') return this.#doubt(path);
    const node = folder.children.get(name);
    if (change !== 'remove') this.#isThere(folder, name, change === 'write' ? 'file' : 'folder');
    else if (node) this.#parts.nodes.drop(node);
    // Of writing to a file that was there its folder is no newer.
    if (node?.kind !== 'file' || change !== 'write') touch(folder, this.#parts.now());
  }

  #isThere(folder: FolderNode, name: string, kind: 'file' | 'folder'): void {
    const known = folder.children.get(name);
    if (known?.kind !== kind) this.#met(folder, name, kind);
    else if (known.kind === 'file') this.#wrote(known);
  }

  #wrote(file: FileNode): void {
    this.#parts.cache.forget(file.content);
    file.isStale = true;
  }

  #renamed(path: string, to: string): void {
    const [names, toNames] = [namesOf(path) ?? [], namesOf(to) ?? []];
    const node = this.#parts.nodes.at(names);
    const folder = this.#parts.nodes.at(toNames.slice(0, -1));
    const toName = toNames.at(-1);
    const isKnown = node?.parent && node.kind !== 'link' && folder?.kind === 'folder' && toName !== undefined;
    if (!isKnown) {
      this.#doubt(path);
      return this.#doubt(to);
    }
    if (folder.children.get(toName) === node) return;
    if (node.parent) touch(node.parent, this.#parts.now());
    this.#parts.nodes.move(node, folder, toName);
    touch(folder, this.#parts.now());
  }

  /** The nearest folder that is known is looked at before anybody is told what is in it. */
  #doubt(path: string): void {
    const names = namesOf(path) ?? [];
    for (let depth = names.length - 1; depth >= 0; depth -= 1) {
      const node = this.#parts.nodes.at(names.slice(0, depth));
      if (node?.kind !== 'folder') continue;
      node.isStale = true;
      return;
    }
    this.#parts.nodes.root.isStale = true;
  }

  /** The tree did not take an own change: it is as it was, and what is here is not. */
  refused(change: Change): void {
    const paths = change.op === 'rename' ? [change.path, change.to] : [change.path];
    for (const path of paths) {
      this.#doubt(path);
      const node = this.#parts.nodes.at(namesOf(path) ?? []);
      if (node && node.kind !== 'link') node.isStale = true;
      if (node?.kind === 'file') this.#parts.cache.forget(node.content);
    }
  }

  async #refresh(node: FileNode | FolderNode): Promise<void> {
    for (let looks = 0; node.isStale && looks < MOST_LOOKS; looks += 1) {
      await this.#parts.journal.settled();
      // What comes while it is looked at makes it stale again.
      node.isStale = false;
      if (!this.#parts.nodes.isPlaced(node)) return;
      await (node.kind === 'folder' ? this.#list(node) : this.#stat(node));
    }
  }

  async #stat(file: FileNode): Promise<void> {
    const answer = await this.#parts.files.perform({ op: 'stat', path: this.#parts.nodes.pathOf(file) });
    const { stat } = answer.ok ? answer : {};
    if (!answer.ok && answer.errno === 'EIO') {
      file.isStale = true;
      refuse('EIO');
    }
    if (stat?.kind === 'file') this.#takeStat(file, stat);
    else {
      if (file.parent) file.parent.isStale = true;
      this.#parts.nodes.drop(file);
      this.#parts.onLooked();
    }
  }

  #takeStat(file: FileNode, stat: FileStat): void {
    this.#parts.cache.forget(file.content);
    this.#parts.nodes.resize(file, stat.sizeBytes);
    file.modifiedAtMs = stat.modifiedAtMs;
    file.changedAtMs = stat.modifiedAtMs;
  }

  async #list(folder: FolderNode): Promise<void> {
    const { nodes, files } = this.#parts;
    const answer = await files.perform({ op: 'list', path: nodes.pathOf(folder) });
    if (!answer.ok && (answer.errno === 'EIO' || folder === nodes.root)) {
      folder.isStale = true;
      return refuse('EIO');
    }
    if (!answer.ok) {
      nodes.drop(folder);
      return this.#parts.onLooked();
    }
    // Somebody may have removed it since it was listed.
    if (!nodes.isPlaced(folder)) return;
    const unknown = this.#takeList(folder, answer.entries ?? []);
    const looks = await Promise.allSettled(unknown.map((child) => this.#list(child)));
    this.#parts.onLooked();
    for (const look of looks) if (look.status === 'rejected') throw look.reason;
  }

  /** Answers the folders that were not known before. */
  #takeList(folder: FolderNode, entries: readonly FileStat[]): FolderNode[] {
    const seen = new Set<string>();
    const unknown: FolderNode[] = [];
    for (const stat of entries) {
      const name = stat.path.slice(stat.path.lastIndexOf('/') + 1);
      seen.add(name);
      const node = this.#takeEntry(folder, name, stat);
      if (node) unknown.push(node);
    }
    for (const child of [...folder.children.values()]) {
      if (child.kind !== 'link' && !seen.has(child.name)) this.#parts.nodes.drop(child);
    }
    return unknown;
  }

  /** Answers a folder that was not known before. */
  #takeEntry(folder: FolderNode, name: string, stat: FileStat): FolderNode | null {
    const kind = stat.kind === 'file' ? 'file' : 'folder';
    const known = folder.children.get(name);
    const node = known?.kind === kind ? known : this.#met(folder, name, kind, stat.modifiedAtMs);
    if (node !== known) node.isStale = false;
    if (node.kind === 'folder') return node === known ? null : node;
    if (node !== known || node.sizeBytes !== stat.sizeBytes) this.#takeStat(node, stat);
    return null;
  }

  /** Something that somebody else made. */
  #met(folder: FolderNode, name: string, kind: 'file' | 'folder', atMs = this.#parts.now()): FileNode | FolderNode {
    const above = this.#parts.nodes.pathOf(folder);
    const rights = this.#parts.rightsOf(above === '' ? name : `${above}/${name}`, kind);
    const node =
      kind === 'file' ? this.#parts.nodes.file(name, rights, atMs) : this.#parts.nodes.folder(name, rights, atMs);
    this.#parts.nodes.put(folder, node);
    node.isStale = true;
    return node;
  }
}
