import type { FileErrno } from '../../../contracts/files.ts';
import { belowMount, FileError, UnsavedFiles, type OpenFile, OpenFiles } from '../../kit/worker/index.ts';
import { ByteReader } from './byte-reader.ts';
import type { LuaStat, LuaTree } from './lua-tree.ts';

const READ_BYTES = 64 * 1024;
const TEMPORARY = '/tmp';
const TEMPORARY_BYTES = 32 * 1024 * 1024;
/** Streams that are always open have the numbers of POSIX: 0, 1, 2. */
const FIRST_FILE = 3;

/** What went wrong with a file, in the words and numbers of C. */
export interface FileProblem {
  readonly problem: string;
  readonly code: number;
}

const PROBLEMS: Readonly<Record<FileErrno, FileProblem>> = {
  EPERM: { problem: 'Operation not permitted', code: 1 },
  ENOENT: { problem: 'No such file or directory', code: 2 },
  EIO: { problem: 'Input/output error', code: 5 },
  EEXIST: { problem: 'File exists', code: 17 },
  ENOTDIR: { problem: 'Not a directory', code: 20 },
  EISDIR: { problem: 'Is a directory', code: 21 },
  EINVAL: { problem: 'Invalid argument', code: 22 },
  EFBIG: { problem: 'File too large', code: 27 },
  ENOSPC: { problem: 'No space left on device', code: 28 },
  ENOTEMPTY: { problem: 'Directory not empty', code: 39 },
};
const BAD_HANDLE: FileProblem = { problem: 'Bad file descriptor', code: 9 };
const NO_SEEK: FileProblem = { problem: 'Illegal seek', code: 29 };
const OTHER_TREE: FileProblem = { problem: 'Invalid cross-device link', code: 18 };

/** Makes a refusal of the tree into a problem; anything else is thrown on. */
function attempt<T>(action: () => T): T | FileProblem {
  try {
    return action();
  } catch (error) {
    if (error instanceof FileError) return PROBLEMS[error.errno];
    throw error;
  }
}

export const isProblem = (value: unknown): value is FileProblem =>
  typeof value === 'object' && value !== null && 'problem' in value;

interface Place {
  readonly tree: LuaTree;
  readonly path: string;
}

interface Handle extends OpenFile {
  readonly reads: boolean;
  readonly writes: boolean;
  readonly appends: boolean;
  readonly reader: ByteReader;
  /** Where the reader's next bytes come from. */
  pulledTo: number;
  /** Where the next read or write begins. */
  position: number;
}

export interface LuaFilesOptions {
  readonly workspace: LuaTree;
  readonly mountPath: string;
  /** Gives more of the standard input, null at its end; may throw, then nothing was taken. */
  readonly pullInput: () => Uint8Array | null;
}

/** Lua's files: numbered handles over the workspace and over `/tmp`. */
export class LuaFiles {
  readonly #workspace: LuaTree;
  readonly #mountPath: string;
  readonly #temporary = new UnsavedFiles(TEMPORARY_BYTES);
  readonly #open = new OpenFiles();
  readonly #handles = new Map<number, Handle>();
  readonly #stdin: ByteReader;
  #next = FIRST_FILE;

  constructor({ workspace, mountPath, pullInput }: LuaFilesOptions) {
    this.#workspace = workspace;
    this.#mountPath = mountPath;
    this.#stdin = new ByteReader(pullInput);
  }

  /** A run's input is not the next one's. */
  forgetInput(): void {
    this.#stdin.clear();
  }

  /** `mode` is one of C's, checked before. The number of the handle. */
  open(path: string, mode: string): number | FileProblem {
    return attempt(() => {
      const { tree, path: below } = this.#placeOf(path);
      const kind = mode.slice(0, 1);
      if (kind === 'w' || (kind === 'a' && !tree.exists(below))) tree.truncate(below, 0);
      if (tree.stat(below).kind === 'directory') return PROBLEMS.EISDIR;
      const file: Handle = {
        tree,
        path: below,
        reads: kind === 'r' || mode.includes('+'),
        writes: kind !== 'r' || mode.includes('+'),
        appends: kind === 'a',
        reader: new ByteReader(() => pull(file)),
        pulledTo: 0,
        position: 0,
      };
      const id = this.#next;
      this.#next += 1;
      this.#handles.set(id, file);
      this.#open.add(file);
      return id;
    });
  }

  /** By one of Lua's formats, or `c` for a count of bytes. Null at the end. May throw what `pullInput` throws. */
  read(id: number, format: string, count: number): Uint8Array | string | null | FileProblem {
    const file = this.#handles.get(id);
    if (id !== 0 && !file?.reads) return BAD_HANDLE;
    return attempt(() => {
      const reader = file ? file.reader : this.#stdin;
      const found = readBy(reader, format, count);
      if (file) file.position = file.pulledTo - reader.held;
      return found;
    });
  }

  write(id: number, bytes: Uint8Array): true | FileProblem {
    const file = this.#handles.get(id);
    if (!file?.writes) return BAD_HANDLE;
    return attempt(() => {
      if (file.appends) file.position = file.tree.stat(file.path).sizeBytes;
      file.tree.write(file.path, file.position, bytes);
      moveTo(file, file.position + bytes.length);
      return true as const;
    });
  }

  /** The new position, from the file's beginning. */
  seek(id: number, whence: string, offset: number): number | FileProblem {
    const file = this.#handles.get(id);
    if (!file) return NO_SEEK;
    return attempt(() => {
      const base = whence === 'set' ? 0 : whence === 'cur' ? file.position : file.tree.stat(file.path).sizeBytes;
      if (base + offset < 0) return PROBLEMS.EINVAL;
      moveTo(file, base + offset);
      return file.position;
    });
  }

  flush(id: number): true | FileProblem {
    const file = this.#handles.get(id);
    if (!file) return true;
    return attempt(() => {
      file.tree.flush(file.path);
      return true as const;
    });
  }

  close(id: number): true | FileProblem {
    const done = this.flush(id);
    const file = this.#handles.get(id);
    if (file) this.#open.delete(file);
    this.#handles.delete(id);
    return done;
  }

  remove(path: string): true | FileProblem {
    return attempt(() => {
      const place = this.#placeOf(path);
      this.#open.remove(place.tree, place.path);
      return true as const;
    });
  }

  rename(from: string, to: string): true | FileProblem {
    return attempt(() => {
      const source = this.#placeOf(from);
      const target = this.#placeOf(to);
      if (source.tree !== target.tree) return OTHER_TREE;
      this.#open.rename(source.tree, source.path, target.path);
      return true as const;
    });
  }

  /** The bytes of a whole file. */
  whole(path: string): Uint8Array | FileProblem {
    return attempt(() => {
      const place = this.#placeOf(path);
      const { kind, sizeBytes } = place.tree.stat(place.path);
      return kind === 'directory' ? PROBLEMS.EISDIR : place.tree.read(place.path, 0, sizeBytes);
    });
  }

  stat(path: string): LuaStat | FileProblem {
    return attempt(() => {
      const place = this.#placeOf(path);
      return place.tree.stat(place.path);
    });
  }

  mkdir(path: string): true | FileProblem {
    return attempt(() => {
      const place = this.#placeOf(path);
      place.tree.mkdir(place.path);
      return true as const;
    });
  }

  /** Names in a folder, sorted, one a line: no name holds a line's end. */
  list(path: string): string | FileProblem {
    return attempt(() => {
      const place = this.#placeOf(path);
      const names = place.tree.list(place.path).map((entry) => entry.path.slice(entry.path.lastIndexOf('/') + 1));
      return names.sort().join('\n');
    });
  }

  isFile(path: string): boolean {
    const found = this.stat(path);
    return !isProblem(found) && found.kind === 'file';
  }

  #placeOf(path: string): Place {
    if (path === '' || path.includes('\0')) throw new FileError('ENOENT', path);
    const below = belowMount(path, this.#mountPath, this.#mountPath);
    if (below !== null) return { tree: this.#workspace, path: below };
    const temporary = belowMount(path, this.#mountPath, TEMPORARY);
    if (temporary === null || temporary.includes('/')) throw new FileError('ENOENT', path);
    return { tree: this.#temporary, path: temporary };
  }
}

function pull(file: Handle): Uint8Array | null {
  const bytes = file.tree.read(file.path, file.pulledTo, READ_BYTES);
  file.pulledTo += bytes.length;
  return bytes.length > 0 ? bytes : null;
}

/** What was read ahead is forgotten: it may be other bytes now. */
function moveTo(file: Handle, position: number): void {
  file.position = file.pulledTo = position;
  file.reader.clear();
}

function readBy(reader: ByteReader, format: string, count: number): Uint8Array | string | null {
  switch (format) {
    case 'n':
      return reader.number();
    case 'a':
      return reader.all();
    case 'c':
      return reader.some(count);
    default:
      return reader.line(format === 'L');
  }
}
