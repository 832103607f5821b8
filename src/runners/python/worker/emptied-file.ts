import type { FileErrno } from '../../../contracts/files.ts';
import type { AskMailbox } from '../../kit/worker/index.ts';
import type { FsNode } from './emscripten.ts';

/**
 * The one file that its program made or emptied a moment ago and that the host does not know of yet: what is written into it
 * first goes with the telling. Whatever else the program asks of files comes after the telling.
 */
export class EmptiedFile {
  readonly #ask: AskMailbox;
  readonly #pathOf: (node: FsNode) => string;
  #node: FsNode | null = null;
  #atMs = 0;
  /** Told in vain; said to whoever uses that file next. */
  readonly #failed = new Map<FsNode, FileErrno>();

  constructor(ask: AskMailbox, pathOf: (node: FsNode) => string) {
    this.#ask = ask;
    this.#pathOf = pathOf;
  }

  /** From now on it is empty. */
  hold(node: FsNode): void {
    if (this.#node !== node) this.tell();
    this.#failed.delete(node);
    this.#node = node;
    this.#atMs = Date.now();
  }

  /** When it was emptied; null for files that the host knows of. */
  emptiedAtMs(node: FsNode): number | null {
    return this.#node === node ? this.#atMs : null;
  }

  /** Tells the host now. A refusal is not that of the operation that comes next: it is kept for the file's own. */
  tell(): void {
    const node = this.#node;
    if (node === null) return;
    this.#node = null;
    const { errno } = this.#ask({ op: 'write', path: this.#pathOf(node), position: 0, bytes: null, truncateTo: 0 });
    if (errno) this.#failed.set(node, errno);
  }

  /** Whether bytes that are written at the beginning of this file may take the telling with them; asks once. */
  takeAlong(node: FsNode, position: number): boolean {
    if (this.#node !== node || position !== 0) return false;
    this.#node = null;
    return true;
  }

  /** Why the host refused to make or empty it; told once. */
  failureOf(node: FsNode): FileErrno | null {
    const errno = this.#failed.get(node) ?? null;
    this.#failed.delete(node);
    return errno;
  }
}
