import type { FileErrno, FileOperation } from '../../../src/contracts/files.ts';

/** What a tree of files should be: the rules of POSIX over a map, as plain as can be. Paths must be in their shortest form. */
export class ModelFiles {
  /** Null for a directory. The root is not in it. */
  readonly entries: Map<string, Uint8Array | null>;

  constructor(entries: Iterable<readonly [string, Uint8Array | null]> = []) {
    this.entries = new Map(entries);
  }

  copy(): ModelFiles {
    return new ModelFiles(this.entries);
  }

  /** Every path with what it is, sorted. */
  content(): readonly (readonly [string, string])[] {
    return [...this.entries]
      .map(([path, bytes]) => [path, bytes === null ? 'directory' : textOf(bytes)] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1));
  }

  /** The number, or null where it was done. Reads, stats and lists are judged by `content`. */
  change(operation: FileOperation): FileErrno | null {
    switch (operation.op) {
      case 'mkdir':
        return this.#parent(operation.path) ?? (this.#has(operation.path) ? 'EEXIST' : this.#set(operation.path, null));
      case 'write':
        return this.#parent(operation.path) ?? this.#write(operation);
      case 'remove':
        return this.#parent(operation.path) ?? this.#remove(operation.path);
      case 'rename':
        return this.#parent(operation.path) ?? this.#parent(operation.to) ?? this.#rename(operation.path, operation.to);
      default:
        return null;
    }
  }

  #has(path: string): boolean {
    return this.entries.has(path);
  }

  #set(path: string, bytes: Uint8Array | null): null {
    this.entries.set(path, bytes);
    return null;
  }

  #isFile(path: string): boolean {
    return this.entries.get(path) instanceof Uint8Array;
  }

  #below(path: string): string[] {
    return [...this.entries.keys()].filter((key) => key.startsWith(`${path}/`));
  }

  /** What is wrong with the folders above. */
  #parent(path: string): FileErrno | null {
    const names = path.split('/');
    for (let depth = 1; depth < names.length; depth += 1) {
      const folder = names.slice(0, depth).join('/');
      if (!this.#has(folder)) return 'ENOENT';
      if (this.#isFile(folder)) return 'ENOTDIR';
    }
    return null;
  }

  #write(operation: Extract<FileOperation, { op: 'write' }>): FileErrno | null {
    const { path, position, truncateTo } = operation;
    const bytes = operation.bytes ?? new Uint8Array(0);
    const before = this.entries.get(path);
    if (before === null) return 'EISDIR';
    const old = before ?? new Uint8Array(0);
    const cut = truncateTo ?? old.length;
    const after = new Uint8Array(Math.max(cut, bytes.length === 0 ? 0 : position + bytes.length));
    after.set(old.subarray(0, cut));
    if (bytes.length > 0) after.set(bytes, position);
    return this.#set(path, after);
  }

  #remove(path: string): FileErrno | null {
    if (!this.#has(path)) return 'ENOENT';
    if (this.#below(path).length > 0) return 'ENOTEMPTY';
    this.entries.delete(path);
    return null;
  }

  #rename(path: string, to: string): FileErrno | null {
    if (!this.#has(path)) return 'ENOENT';
    if (path === to) return null;
    if (to.startsWith(`${path}/`)) return 'EINVAL';
    if (this.#has(to)) {
      if (this.#isFile(path) && !this.#isFile(to)) return 'EISDIR';
      if (!this.#isFile(path) && this.#isFile(to)) return 'ENOTDIR';
      if (this.#below(to).length > 0) return 'ENOTEMPTY';
    }
    for (const key of [path, ...this.#below(path)]) {
      this.entries.set(to + key.slice(path.length), this.entries.get(key) ?? null);
      this.entries.delete(key);
    }
    return null;
  }
}

/** Length and every byte, short for runs of one byte. */
export function textOf(bytes: Uint8Array): string {
  const runs: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    let end = at + 1;
    while (end < bytes.length && bytes[end] === bytes[at]) end += 1;
    runs.push(`${bytes[at]}*${end - at}`);
    at = end;
  }
  return `${bytes.length}: ${runs.join(' ')}`;
}
