import { readAllInput } from '../input.ts';
import { fromBytes, toBytes } from './buffers.ts';
import { absolutePath, callFile, factsOf, fileError, type FileFacts, PIECE_BYTES, readBytes } from './file-calls.ts';

type Options = string | { readonly encoding?: string | null; readonly flag?: string; readonly [name: string]: unknown };

const encodingOf = (options: Options | null | undefined): string | null | undefined =>
  typeof options === 'string' ? options : options?.encoding;

/** Node's `Stats`, with what the tree knows. */
export class Stats {
  readonly dev = 1;
  readonly ino = 0;
  readonly nlink = 1;
  readonly uid = 0;
  readonly gid = 0;
  readonly rdev = 0;
  readonly blksize = 4096;
  readonly mode: number;
  readonly size: number;
  readonly blocks: number;
  readonly atimeMs: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly birthtimeMs: number;
  readonly atime: Date;
  readonly mtime: Date;
  readonly ctime: Date;
  readonly birthtime: Date;

  constructor({ kind, sizeBytes, modifiedAtMs }: FileFacts) {
    this.mode = kind === 'directory' ? 0o40755 : 0o100644;
    this.size = kind === 'directory' ? 4096 : sizeBytes;
    this.blocks = Math.ceil(this.size / 512);
    this.atimeMs = this.mtimeMs = this.ctimeMs = this.birthtimeMs = modifiedAtMs;
    this.atime = this.mtime = this.ctime = this.birthtime = new Date(modifiedAtMs);
  }
  isDirectory(): boolean {
    return (this.mode & 0o170000) === 0o40000;
  }
  isFile(): boolean {
    return !this.isDirectory();
  }
  isSymbolicLink(): boolean {
    return false;
  }
  isFIFO(): boolean {
    return false;
  }
  isSocket(): boolean {
    return false;
  }
}

export class Dirent {
  readonly name: string;
  readonly parentPath: string;
  readonly path: string;
  readonly #isDirectory: boolean;
  constructor(name: string, parentPath: string, isDirectory: boolean) {
    this.name = name;
    this.parentPath = this.path = parentPath;
    this.#isDirectory = isDirectory;
  }
  isDirectory(): boolean {
    return this.#isDirectory;
  }
  isFile(): boolean {
    return !this.#isDirectory;
  }
  isSymbolicLink(): boolean {
    return false;
  }
}

function readWhole(path: string, syscall = 'open'): Uint8Array {
  const facts = factsOf(path, syscall);
  if (facts.kind === 'directory') throw fileError('EISDIR', 'read');
  const whole = new Uint8Array(facts.sizeBytes);
  let at = 0;
  while (at < whole.length) {
    const piece = readBytes(path, 'read', at, Math.min(PIECE_BYTES, whole.length - at));
    if (piece.length === 0) break;
    whole.set(piece, at);
    at += piece.length;
  }
  return at === whole.length ? whole : whole.slice(0, at);
}

function writeAt(path: string, bytes: Uint8Array, from: number, syscall = 'open'): void {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    callFile(syscall, { op: 'write', path, position: from + at }, bytes.subarray(at, at + PIECE_BYTES));
  }
}

const sizeOrNone = (path: string): number => {
  try {
    return factsOf(path, 'open').sizeBytes;
  } catch {
    return 0; // not there yet: it is made
  }
};

function writeWhole(given: unknown, content: unknown, options: Options | undefined, flag: string): void {
  const path = absolutePath(given);
  const bytes = toBytes(content, encodingOf(options) ?? undefined);
  const chosen = (typeof options === 'object' && options.flag) || flag;
  if (chosen.startsWith('wx') && fsSync.existsSync(path)) throw fileError('EEXIST', 'open', path);
  const from = chosen.startsWith('a') ? sizeOrNone(path) : 0;
  callFile('open', { op: 'truncate', path, size: from });
  writeAt(path, bytes, from);
  callFile('close', { op: 'flush', path });
}

function listNames(path: string, prefix: string, isDeep: boolean): { name: string; isDirectory: boolean }[] {
  const { entries } = callFile('scandir', { op: 'list', path }) as unknown as { entries: readonly FileFacts[] };
  const found = entries.map(({ path: whole, kind }) => ({
    name: prefix + whole.slice(whole.lastIndexOf('/') + 1),
    isDirectory: kind === 'directory',
  }));
  found.sort((a, b) => (a.name < b.name ? -1 : 1));
  if (!isDeep) return found;
  return found.flatMap((entry) =>
    entry.isDirectory
      ? [entry, ...listNames(`${path}/${entry.name.slice(prefix.length)}`, `${entry.name}/`, true)]
      : [entry],
  );
}

function removeTree(path: string): void {
  for (const entry of listNames(path, '', false)) {
    const whole = `${path}/${entry.name}`;
    if (entry.isDirectory) removeTree(whole);
    else callFile('unlink', { op: 'remove', path: whole });
  }
  callFile('rmdir', { op: 'remove', path });
}

function copyTree(from: string, to: string): void {
  if (factsOf(from, 'cp').kind === 'file') return fsSync.copyFileSync(from, to);
  fsSync.mkdirSync(to, { recursive: true });
  for (const { name } of listNames(from, '', false)) copyTree(`${from}/${name}`, `${to}/${name}`);
}

/** The functions of `node:fs` that answer at once; the others are made from them. */
export const fsSync = {
  readFileSync(given: unknown, options?: Options | null): string | Uint8Array {
    const isInput = given === 0 || given === '/dev/stdin';
    if (isInput) return fromBytes(new TextEncoder().encode(readAllInput()), encodingOf(options));
    return fromBytes(readWhole(absolutePath(given)), encodingOf(options));
  },
  writeFileSync(given: unknown, content: unknown, options?: Options): void {
    writeWhole(given, content, options, 'w');
  },
  appendFileSync(given: unknown, content: unknown, options?: Options): void {
    writeWhole(given, content, options, 'a');
  },
  existsSync(given: unknown): boolean {
    try {
      factsOf(absolutePath(given), 'access');
      return true;
    } catch {
      return false; // the answer
    }
  },
  statSync(given: unknown, options?: { readonly throwIfNoEntry?: boolean }): Stats | undefined {
    try {
      return new Stats(factsOf(absolutePath(given), 'stat'));
    } catch (error) {
      if (options?.throwIfNoEntry === false && (error as { code?: string }).code === 'ENOENT') return undefined;
      throw error;
    }
  },
  lstatSync: (given: unknown, options?: { readonly throwIfNoEntry?: boolean }): Stats | undefined =>
    fsSync.statSync(given, options),
  accessSync(given: unknown): void {
    factsOf(absolutePath(given), 'access');
  },
  readdirSync(
    given: unknown,
    options?: Options & { readonly withFileTypes?: boolean; readonly recursive?: boolean },
  ): string[] | Dirent[] {
    const path = absolutePath(given);
    const chosen = typeof options === 'object' ? options : {};
    const found = listNames(path, '', chosen.recursive === true);
    if (chosen.withFileTypes !== true) return found.map(({ name }) => name);
    return found.map(({ name, isDirectory }) => {
      const cut = name.lastIndexOf('/');
      return new Dirent(name.slice(cut + 1), cut === -1 ? path : `${path}/${name.slice(0, cut)}`, isDirectory);
    });
  },
  mkdirSync(given: unknown, options?: { readonly recursive?: boolean } | number): string | undefined {
    const path = absolutePath(given);
    if (typeof options !== 'object' || options.recursive !== true) {
      callFile('mkdir', { op: 'mkdir', path });
      return undefined;
    }
    let first: string | undefined;
    const parts = path.split('/').slice(1);
    for (let count = 3; count <= parts.length; count += 1) {
      const step = `/${parts.slice(0, count).join('/')}`;
      if (fsSync.existsSync(step)) {
        if (factsOf(step, 'mkdir').kind !== 'directory')
          throw fileError(count === parts.length ? 'EEXIST' : 'ENOTDIR', 'mkdir', path);
        continue;
      }
      callFile('mkdir', { op: 'mkdir', path: step });
      first ??= step;
    }
    return first;
  },
  rmdirSync(given: unknown, options?: { readonly recursive?: boolean }): void {
    const path = absolutePath(given);
    if (factsOf(path, 'rmdir').kind !== 'directory') throw fileError('ENOTDIR', 'rmdir', path);
    if (options?.recursive === true) removeTree(path);
    else callFile('rmdir', { op: 'remove', path });
  },
  rmSync(given: unknown, options?: { readonly recursive?: boolean; readonly force?: boolean }): void {
    const path = absolutePath(given);
    if (options?.force === true && !fsSync.existsSync(path)) return;
    if (factsOf(path, 'rm').kind === 'file') callFile('rm', { op: 'remove', path });
    else if (options?.recursive === true) removeTree(path);
    else {
      const error = new Error(`Path is a directory: rm returned EISDIR (is a directory) ${path}`);
      throw Object.assign(error, { code: 'ERR_FS_EISDIR', errno: 21, syscall: 'rm', path });
    }
  },
  unlinkSync(given: unknown): void {
    const path = absolutePath(given);
    if (factsOf(path, 'unlink').kind === 'directory') throw fileError('EISDIR', 'unlink', path);
    callFile('unlink', { op: 'remove', path });
  },
  renameSync(from: unknown, to: unknown): void {
    callFile('rename', { op: 'rename', path: absolutePath(from), to: absolutePath(to) });
  },
  copyFileSync(from: unknown, to: unknown): void {
    fsSync.writeFileSync(to, readWhole(absolutePath(from), 'copyfile'));
  },
  cpSync(from: unknown, to: unknown, options?: { readonly recursive?: boolean }): void {
    const source = absolutePath(from);
    if (factsOf(source, 'cp').kind === 'directory' && options?.recursive !== true) {
      throw Object.assign(new Error(`Recursive option not enabled, cannot copy a directory: cp returned EISDIR`), {
        code: 'ERR_FS_EISDIR',
      });
    }
    copyTree(source, absolutePath(to));
  },
  truncateSync(given: unknown, size = 0): void {
    callFile('open', { op: 'truncate', path: absolutePath(given), size });
  },
  realpathSync(given: unknown): string {
    const path = absolutePath(given);
    factsOf(path, 'realpath');
    return path;
  },
  mkdtempSync(prefix: string): string {
    const path = absolutePath(prefix + Math.random().toString(36).slice(2, 8).padEnd(6, 'x'));
    fsSync.mkdirSync(path, { recursive: true });
    return path;
  },
  chmodSync: (): void => undefined,
  utimesSync: (): void => undefined,
};
