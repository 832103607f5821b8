import type { OpenFiles } from './open-files.ts';
import { type OpfsDirectory, writeAll } from './opfs-handles.ts';

const NAME = 'damaged-files';
/** Beyond these nobody reads a list. */
const MOST = 1_000;

/** What was done to a path, as far as it may put right what was lost of it. */
export type Mending =
  | { readonly op: 'rename'; readonly path: string; readonly to: string }
  /** Its bytes are all new, or it is gone. */
  | { readonly op: 'anew'; readonly path: string };

/** Follows what was lost of files through later changes. Answers whether anything of it is other than before. */
export function mend(paths: Set<string>, change: Mending): boolean {
  if (change.op === 'anew') return paths.delete(change.path);
  const below = [...paths].filter((path) => path === change.path || path.startsWith(`${change.path}/`));
  const isOver = paths.delete(change.to);
  for (const path of below) {
    paths.delete(path);
    paths.add(change.to + path.slice(change.path.length));
  }
  return isOver || below.length > 0;
}

/**
 * Paths of which something was lost on the disk, for a person to hear of; kept until the file is written anew or removed.
 * '' stands for what nobody knows the name of, and is not kept: its bytes are, beside the log.
 */
export class DamagedFiles {
  readonly #directory: OpfsDirectory;
  readonly #open: OpenFiles;
  readonly #paths: Set<string>;
  #isKept = true;

  private constructor(directory: OpfsDirectory, open: OpenFiles, paths: readonly string[]) {
    this.#directory = directory;
    this.#open = open;
    this.#paths = new Set(paths);
  }

  /** `names` are those in the directory. */
  static async open(directory: OpfsDirectory, open: OpenFiles, names: readonly string[]): Promise<DamagedFiles> {
    if (!names.includes(NAME)) return new DamagedFiles(directory, open, []);
    const file = await (await directory.getFileHandle(NAME)).getFile();
    const text = new TextDecoder().decode(await file.slice(0, file.size).arrayBuffer());
    return new DamagedFiles(directory, open, text.split('\n').filter(Boolean).map(decodeURIComponent));
  }

  get paths(): readonly string[] {
    return [...this.#paths];
  }

  add(path: string): void {
    if (this.#paths.has(path) || this.#paths.size >= MOST) return;
    this.#paths.add(path);
    this.#isKept = false;
  }

  mended(change: Mending): void {
    if (mend(this.#paths, change)) this.#isKept = false;
  }

  /** Puts the list on the disk, where it changed. Never rejects: what failed is tried again with the next change. */
  async keep(): Promise<void> {
    if (this.#isKept) return;
    const lines = this.paths.filter((path) => path !== '').map((path) => encodeURIComponent(path.toWellFormed()));
    try {
      const access = await this.#open.openLog(await this.#directory.getFileHandle(NAME, { create: true }));
      try {
        access.truncate(0);
        writeAll(access, new TextEncoder().encode(lines.join('\n')), 0);
        access.flush();
      } finally {
        access.close();
      }
      this.#isKept = true;
    } catch (error) {
      console.warn('the list of damaged files is not kept', error);
    }
  }
}
