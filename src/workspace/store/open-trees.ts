import { errnoOf, FileFailure } from './file-failure.ts';
import { OpenFiles, type Pause } from './open-files.ts';
import type { OpfsDirectory } from './opfs-handles.ts';
import { StoredTree } from './stored-tree.ts';

/** Written files are put on the disk so long after the first write at the latest. */
const FLUSH_MS = 250;

/** Trees that lie ready; the others are read again when asked for. */
const TREES_AWAKE = 16;

/** Layout version 1 had `sessions/<folder>/…`, a folder of plain files; see `tree-log.ts` for ours. */
const FORMER_ROOT = 'sessions';
const ROOT = 'trees';

/** All trees of the store. Few are open at a time; who comes back to one that sleeps waits until it is read again. */
export class OpenTrees {
  readonly #root: () => Promise<OpfsDirectory>;
  readonly #now: () => number;
  readonly #pause: Pause;
  readonly #open: OpenFiles;
  readonly #trees = new Map<string, StoredTree>();
  /** Names of those that may be open, in order of use, oldest first. */
  readonly #awake = new Set<string>();
  readonly #unflushed = new Set<string>();

  constructor(options: {
    readonly root: () => Promise<OpfsDirectory>;
    readonly now: () => number;
    readonly pause: Pause;
  }) {
    this.#root = () => rootOf(options.root);
    this.#now = options.now;
    this.#pause = options.pause;
    this.#open = new OpenFiles(options.pause);
  }

  /** The tree, awake; it is flushed soon after. */
  of(folder: string): StoredTree {
    const tree = this.#trees.get(folder) ?? this.#treeOf(folder);
    this.#trees.set(folder, tree);
    this.#awake.delete(folder);
    this.#awake.add(folder);
    for (const oldest of this.#awake) {
      if (this.#awake.size <= TREES_AWAKE) break;
      this.#awake.delete(oldest);
      void this.#trees.get(oldest)?.sleep();
    }
    this.#flushSoon(folder, tree);
    return tree;
  }

  #flushSoon(folder: string, tree: StoredTree): void {
    if (this.#unflushed.has(folder)) return;
    this.#unflushed.add(folder);
    void this.#pause(FLUSH_MS).then(() => {
      this.#unflushed.delete(folder);
      return this.#awake.has(folder) ? tree.flush() : undefined;
    });
  }

  #treeOf(folder: string): StoredTree {
    return new StoredTree({
      directory: async () => {
        const trees = await (await this.#root()).getDirectoryHandle(ROOT, { create: true });
        return await trees.getDirectoryHandle(folder, { create: true });
      },
      former: {
        directory: async () => {
          const sessions = await existing(await this.#root(), FORMER_ROOT);
          return sessions && (await existing(sessions, folder));
        },
        remove: async () => {
          const sessions = await (await this.#root()).getDirectoryHandle(FORMER_ROOT);
          await sessions.removeEntry(folder, { recursive: true });
        },
      },
      open: this.#open,
      now: this.#now,
    });
  }
}

/** A store that the browser does not give is no matter of names or rights within it, whatever it calls its reason. */
async function rootOf(root: () => Promise<OpfsDirectory>): Promise<OpfsDirectory> {
  try {
    return await root();
  } catch (cause) {
    throw new FileFailure(errnoOf(cause) === 'ENOSPC' ? 'ENOSPC' : 'EIO', { cause });
  }
}

async function existing(directory: OpfsDirectory, name: string): Promise<OpfsDirectory | null> {
  try {
    return await directory.getDirectoryHandle(name);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return null;
    throw error;
  }
}
