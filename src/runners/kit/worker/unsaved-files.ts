import type { FileTree } from './file-tree.ts';
import { FileError } from './file-error.ts';

/** Files of one session alone, in its worker's memory, never saved. Flat: there is no need for folders in it. */
export class UnsavedFiles implements FileTree {
  readonly #files = new Map<string, Uint8Array>();
  readonly #mostBytes: number;
  #bytes = 0;

  /** @param mostBytes of all files together; what needs more is refused with `ENOSPC`. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  stat(path: string): {
    readonly kind: 'file' | 'directory';
    readonly sizeBytes: number;
    readonly modifiedAtMs: number;
  } {
    if (path === '') return { kind: 'directory', sizeBytes: 0, modifiedAtMs: 0 };
    return { kind: 'file', sizeBytes: this.#file(path).length, modifiedAtMs: Date.now() };
  }

  list(path: string): readonly { readonly path: string }[] {
    if (path !== '') throw new FileError('ENOTDIR', path);
    return [...this.#files.keys()].map((name) => ({ path: name }));
  }

  mkdir(path: string): never {
    throw new FileError('EPERM', path);
  }

  exists(path: string): boolean {
    return this.#files.has(path);
  }

  read(path: string, position: number, length: number): Uint8Array {
    return this.#file(path).slice(position, position + length);
  }

  write(path: string, position: number, bytes: Uint8Array): void {
    this.truncate(path, Math.max(position + bytes.length, this.#files.get(path)?.length ?? 0));
    this.#file(path).set(bytes, position);
  }

  truncate(path: string, size: number): void {
    const before = this.#files.get(path) ?? new Uint8Array();
    if (before.length === size && this.#files.has(path)) return;
    if (this.#bytes - before.length + size > this.#mostBytes) throw new FileError('ENOSPC', path);
    const bytes = new Uint8Array(size);
    bytes.set(before.subarray(0, size));
    this.#bytes += size - before.length;
    this.#files.set(path, bytes);
  }

  rename(from: string, to: string): void {
    const bytes = this.#file(from);
    if (from === to) return;
    if (this.#files.has(to)) this.remove(to);
    this.#files.delete(from);
    this.#files.set(to, bytes);
  }

  remove(path: string): void {
    this.#bytes -= this.#file(path).length;
    this.#files.delete(path);
  }

  flush(): void {
    // Nothing lies elsewhere.
  }

  #file(path: string): Uint8Array {
    const bytes = this.#files.get(path);
    if (!bytes) throw new FileError('ENOENT', path);
    return bytes;
  }
}
