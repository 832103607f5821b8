import { FileError } from './file-error.ts';
import type { FileTree } from './file-tree.ts';
import { UnsavedFiles } from './unsaved-files.ts';

/** Of all files together that lost their name while they were open. */
const NAMELESS_BYTES = 32 * 1024 * 1024;

/** Where an open file's bytes are. Both change where it is moved or loses its name: ask each time. */
export interface OpenFile {
  tree: FileTree;
  path: string;
}

/**
 * Open files of a tree that knows paths alone. As in POSIX, a file stays the same one whatever happens to its name: it moves
 * along with its folder, and what was removed or replaced lives on in memory for who has it open, 32 MB in all. Of one that
 * does not fit nothing is left, `ENOENT`; never does it come back by its old name. Names that others take, another runtime
 * or the person, are not seen here.
 */
export class OpenFiles {
  readonly #open = new Set<OpenFile>();
  readonly #nameless = new UnsavedFiles(NAMELESS_BYTES);
  #lastName = 0;

  add(file: OpenFile): void {
    this.#open.add(file);
  }

  /** It is closed; one without a name is gone with the last who had it open. */
  delete(file: OpenFile): void {
    this.#open.delete(file);
    if (this.hasName(file) || !this.#nameless.exists(file.path)) return;
    if (this.#openAt(this.#nameless, file.path).length === 0) this.#nameless.remove(file.path);
  }

  hasName(file: OpenFile): boolean {
    return file.tree !== this.#nameless;
  }

  /** As `tree.remove`. */
  remove(tree: FileTree, path: string): void {
    this.#takeName(tree, path, () => tree.remove(path));
  }

  /** As `tree.rename`. */
  rename(tree: FileTree, from: string, to: string): void {
    if (from === to) return tree.rename(from, to);
    this.#takeName(tree, to, () => tree.rename(from, to));
    for (const file of this.#open) {
      if (file.tree !== tree) continue;
      if (file.path === from || file.path.startsWith(`${from}/`)) file.path = to + file.path.slice(from.length);
    }
  }

  #takeName(tree: FileTree, path: string, change: () => void): void {
    const losing = this.#openAt(tree, path);
    if (losing.length === 0) return change();
    this.#lastName += 1;
    const name = String(this.#lastName);
    this.#keep(tree, path, name);
    try {
      change();
    } catch (error) {
      if (this.#nameless.exists(name)) this.#nameless.remove(name);
      throw error;
    }
    for (const file of losing) Object.assign(file, { tree: this.#nameless, path: name });
  }

  #keep(tree: FileTree, path: string, name: string): void {
    try {
      const { sizeBytes } = tree.stat(path);
      if (sizeBytes <= NAMELESS_BYTES) this.#nameless.write(name, 0, tree.read(path, 0, sizeBytes));
    } catch (error) {
      // What cannot be kept loses its name all the same.
      if (!(error instanceof FileError)) throw error;
    }
  }

  #openAt(tree: FileTree, path: string): readonly OpenFile[] {
    return [...this.#open].filter((file) => file.tree === tree && file.path === path);
  }
}
