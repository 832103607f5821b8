import type { FileAnswer, FileOperation, FileStat } from '../../contracts/files.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { dropBlob, flushed, read, record, write } from './file-bytes.ts';
import { errnoOf, FileFailure, refuse } from './file-failure.ts';
import { formerOperations } from './former-tree.ts';
import type { OpenFiles } from './open-files.ts';
import type { OpfsDirectory } from './opfs-handles.ts';
import { compact, neededBytes, openStore, type TreeStore } from './tree-store.ts';
import { nodesBelow, statOf, type TreeState } from './tree-state.ts';

/** The log is looked at after so many more bytes, and made anew when more than half of it is of no use. */
const SLACK_BYTES = 4 * 1024 * 1024;

export interface StoredTreeOptions {
  /** The tree's folder; made where it is missing. */
  readonly directory: () => Promise<OpfsDirectory>;
  /** Where layout version 1 kept this tree, and how that goes once it was taken over. */
  readonly former?: { directory(): Promise<OpfsDirectory | null>; remove(): Promise<void> };
  readonly open: OpenFiles;
  readonly now: () => number;
  /** For tests; `sessionBytes` otherwise. */
  readonly mostBytes?: number;
}

/**
 * One session's files. What is where is known in memory, so that looking costs no call of the store. An operation is
 * answered once the browser's store has it: the worker or the browser may die then. `flush` puts it on the disk, for when
 * the machine dies. Operations are done one after the other, in the order they came.
 */
export class StoredTree {
  readonly #options: StoredTreeOptions;
  #store: TreeStore | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #lookAt = SLACK_BYTES;

  constructor(options: StoredTreeOptions) {
    this.#options = options;
  }

  /** Never rejects. A store that does not open is EIO, or ENOSPC where the disk is full. */
  perform(operation: FileOperation): Promise<FileAnswer> {
    return this.#inTurn(async (store) => {
      const isMending = store.damaged.paths.length > 0 && mends(store.state, operation);
      const answer = await this.#do(store, operation, this.#options.now()).finally(() => store.damaged.keep());
      if (isMending) await this.#noteMended(store, operation);
      if (store.log.sizeBytes > this.#lookAt) await this.#tidy(store);
      return answer;
    });
  }

  /** Every file below the root. Never rejects. */
  list(): Promise<FileAnswer> {
    return this.#inTurn(async ({ state }) => {
      const below = [...nodesBelow(state.root)].filter(([, node]) => node.kind === 'file');
      return { ok: true, entries: below.map(([path, node]) => statOf(path, node)) };
    });
  }

  /** Files of which something was lost on the disk, as they are now; '' for what nobody knows the name of. Never rejects. */
  damaged(): Promise<FileAnswer> {
    return this.#inTurn(async ({ damaged, state }) => ({
      ok: true,
      entries: damaged.paths.map((path) => lostStat(path, state)),
    }));
  }

  /** Rejects where the store cannot be read. */
  async all(): Promise<readonly FileStat[]> {
    const answer = await this.list();
    if (!answer.ok) throw new Error(answer.errno);
    return answer.entries ?? [];
  }

  /** What was answered before is on the disk after; a tree that is not open is there already. Never rejects. */
  flush(): Promise<FileAnswer> {
    return this.#answer(async () => {
      if (this.#store !== null) await flushed(this.#store);
      return { ok: true };
    });
  }

  /** Puts everything on the disk and lets go of it; the next operation opens the tree again. Never rejects. */
  async sleep(): Promise<void> {
    const turn = this.#last.then(async () => {
      const store = this.#store;
      if (store === null) return;
      this.#store = null;
      try {
        await flushed(store);
      } catch (error) {
        // Written it is; what cannot be swept now is swept at the next opening.
        console.warn('files not flushed', error);
      }
      store.blobs.close();
      store.log.close();
    });
    this.#last = turn;
    await turn;
  }

  #inTurn(act: (store: TreeStore) => Promise<FileAnswer>): Promise<FileAnswer> {
    return this.#answer(async () => act((this.#store ??= await this.#load())));
  }

  #answer(act: () => Promise<FileAnswer>): Promise<FileAnswer> {
    const turn = this.#last.then(async (): Promise<FileAnswer> => {
      try {
        return await act();
      } catch (error) {
        const errno = errnoOf(error);
        if (errno === 'EIO') console.error('files: operation failed', error);
        return { ok: false, errno };
      }
    });
    this.#last = turn;
    return turn;
  }

  async #load(): Promise<TreeStore> {
    let opened: TreeStore | null = null;
    try {
      const { store, isNew } = await openStore(await this.#options.directory(), this.#options.open);
      opened = store;
      await this.#takeOver(store, isNew);
      this.#lookAt = SLACK_BYTES;
      return store;
    } catch (cause) {
      opened?.blobs.close();
      opened?.log.close();
      // Whatever the store says: for a program its disk does not work, which is no fault of the path it asked for.
      throw new FileFailure(errnoOf(cause) === 'ENOSPC' ? 'ENOSPC' : 'EIO', { cause });
    }
  }

  /** A tree of layout version 1 is copied whole before the new one counts, and goes after; a death between repeats it. */
  async #takeOver(store: TreeStore, isNew: boolean): Promise<void> {
    const { former, now } = this.#options;
    const directory = (await former?.directory()) ?? null;
    if (isNew) {
      if (directory !== null) {
        for await (const { operation, atMs } of formerOperations(directory)) {
          await this.#do(store, operation, atMs ?? now());
        }
      }
      store.blobs.flush();
      store.log.complete();
    }
    if (directory === null) return;
    try {
      await former?.remove();
    } catch (error) {
      // Everything of it is in the new tree, and that one counts; the next opening tries again.
      console.warn('a tree of the former layout stays for now', error);
    }
  }

  async #noteMended({ damaged }: TreeStore, operation: FileOperation): Promise<void> {
    damaged.mended(operation.op === 'rename' ? operation : { op: 'anew', path: operation.path });
    await damaged.keep();
  }

  async #tidy(store: TreeStore): Promise<void> {
    if (store.log.sizeBytes > 2 * neededBytes(store.state)) {
      try {
        await compact(store);
      } catch (error) {
        // No room for a second log, say: the first one stays good, and the next look tries again.
        console.warn('file log not made anew', error);
      }
    }
    this.#lookAt = store.log.sizeBytes + SLACK_BYTES;
  }

  async #do(store: TreeStore, operation: FileOperation, at: number): Promise<FileAnswer> {
    switch (operation.op) {
      case 'stat':
        return { ok: true, stat: statOf(operation.path, store.state.node(operation.path)) };
      case 'list':
        return { ok: true, entries: store.state.list(operation.path) };
      case 'read':
        return { ok: true, bytes: await read(store, operation) };
      case 'write':
        await write(store, operation, at, this.#options.mostBytes ?? LIMITS.sessionBytes.standard);
        return { ok: true };
      case 'rename':
        rename(store, operation.path, operation.to, at);
        return { ok: true };
      case 'mkdir':
        makeDirectory(store, operation.path, at);
        return { ok: true };
      case 'remove':
        remove(store, operation.path, at);
        return { ok: true };
    }
  }
}

/** Whether nothing of what was there before is left under the operation's path once it is done. */
function mends(state: TreeState, operation: FileOperation): boolean {
  if (operation.op !== 'write') return operation.op === 'rename' || operation.op === 'remove';
  return operation.truncateTo === 0 || (operation.position === 0 && !state.has(operation.path));
}

function lostStat(path: string, state: TreeState): FileStat {
  try {
    return statOf(path, state.node(path));
  } catch {
    return { path, kind: 'file', sizeBytes: 0, modifiedAtMs: 0 }; // nothing of it is left
  }
}

function rename(store: TreeStore, path: string, to: string, at: number): void {
  if (!store.state.mayRename(path, to)) return;
  const replaced = store.state.place(to).node;
  record(store, { op: 'rename', path, to, at });
  if (replaced?.kind === 'file') dropBlob(store, replaced);
}

function makeDirectory(store: TreeStore, path: string, at: number): void {
  store.state.mayMakeDirectory(path);
  if (store.state.count >= LIMITS.fileCount.standard) return refuse('ENOSPC');
  record(store, { op: 'mkdir', path, at });
}

function remove(store: TreeStore, path: string, at: number): void {
  const node = store.state.mayRemove(path);
  record(store, { op: 'remove', path, at });
  if (node.kind === 'file') dropBlob(store, node);
}
