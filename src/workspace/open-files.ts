import { LIMITS } from '../contracts/limits.ts';
import type { SyncAccess } from './opfs-handles.ts';
import type { FileNode } from './tree-nodes.ts';

/** The files that are open at the moment, over all sessions: opening costs more than writing. */
export class OpenFiles {
  /** In order of use, oldest first. */
  readonly #nodes = new Set<FileNode>();

  /** Rejects with the store's own error. */
  async access(node: FileNode): Promise<SyncAccess> {
    const access = node.access ?? (await node.handle.createSyncAccessHandle());
    node.access = access;
    this.#nodes.delete(node);
    this.#nodes.add(node);
    for (const oldest of this.#nodes) {
      if (this.#nodes.size <= LIMITS.filesOpenAtOnce.standard) break;
      this.#close(oldest);
    }
    return access;
  }

  closeAll(nodes: Iterable<FileNode>): void {
    for (const node of [...nodes]) this.#close(node);
  }

  #close(node: FileNode): void {
    this.#nodes.delete(node);
    node.access?.close();
    node.access = null;
  }
}
