import { Fd, wasi } from '@bjorn3/browser_wasi_shim';
import type { FileStat } from '../../../contracts/files.ts';
import { FileError, type OpenFiles, type WorkerTree } from '../../kit/worker/index.ts';
import { type FileMarks, PlainFilestat } from './filestat.ts';
import { errnoOf } from './tree-errno.ts';
import { TreeFile } from './tree-file.ts';
import { resolvePath } from './wasi-path.ts';

const ALL_RIGHTS = (1n << 29n) - 1n;
/** What makes no sense for a folder itself. */
const FILE_RIGHTS = BigInt(
  wasi.RIGHTS_FD_READ |
    wasi.RIGHTS_FD_WRITE |
    wasi.RIGHTS_FD_SEEK |
    wasi.RIGHTS_FD_TELL |
    wasi.RIGHTS_FD_ALLOCATE |
    wasi.RIGHTS_FD_FILESTAT_SET_SIZE,
);
const WRITING = BigInt(wasi.RIGHTS_FD_WRITE | wasi.RIGHTS_FD_ALLOCATE | wasi.RIGHTS_FD_FILESTAT_SET_SIZE);
const FOLDER_RIGHTS = ALL_RIGHTS & ~FILE_RIGHTS;

export interface TreeFolderOptions {
  readonly tree: WorkerTree;
  readonly files: OpenFiles;
  readonly marks: FileMarks;
  /** Below the root. */
  readonly path: string;
  /** As programs know it, for the folder that is open from the start; else null. */
  readonly name: string | null;
  readonly rights?: bigint;
  readonly inherited?: bigint;
}

interface Opened {
  ret: number;
  fd_obj: Fd | null;
}

/** An open folder of the workspace; everything a program can reach lies below the one that is open from the start. */
export class TreeFolder extends Fd {
  readonly path: string;
  readonly tree: WorkerTree;
  /** All that the run has open. */
  readonly files: OpenFiles;
  readonly #marks: FileMarks;
  readonly #name: string | null;
  #rights: bigint;
  #inherited: bigint;
  /** As the first entry was asked for; a change while reading does not shift the others. */
  #entries: readonly { readonly name: string; readonly stat: FileStat | null }[] = [];

  constructor({ tree, files, marks, path, name, rights = FOLDER_RIGHTS, inherited = ALL_RIGHTS }: TreeFolderOptions) {
    super();
    this.tree = tree;
    this.files = files;
    this.path = path;
    this.#marks = marks;
    this.#name = name;
    this.#rights = rights;
    this.#inherited = inherited;
  }

  override fd_prestat_get(): { ret: number; prestat: wasi.Prestat | null } {
    if (this.#name === null) return { ret: wasi.ERRNO_BADF, prestat: null };
    return { ret: wasi.ERRNO_SUCCESS, prestat: wasi.Prestat.dir(this.#name) };
  }

  override fd_fdstat_get(): { ret: number; fdstat: wasi.Fdstat } {
    const fdstat = new wasi.Fdstat(wasi.FILETYPE_DIRECTORY, 0);
    fdstat.fs_rights_base = this.#rights;
    fdstat.fs_rights_inherited = this.#inherited;
    return { ret: wasi.ERRNO_SUCCESS, fdstat };
  }

  override fd_fdstat_set_rights(base: bigint, inheriting: bigint): number {
    if ((base & ~this.#rights) !== 0n || (inheriting & ~this.#inherited) !== 0n) return wasi.ERRNO_NOTCAPABLE;
    this.#rights = base;
    this.#inherited = inheriting;
    return wasi.ERRNO_SUCCESS;
  }

  override fd_filestat_get(): { ret: number; filestat: wasi.Filestat | null } {
    return this.#statOf(this.path, false);
  }

  override fd_read(): { ret: number; data: Uint8Array } {
    return { ret: wasi.ERRNO_ISDIR, data: new Uint8Array() };
  }

  override fd_pread(): { ret: number; data: Uint8Array } {
    return { ret: wasi.ERRNO_ISDIR, data: new Uint8Array() };
  }

  override fd_write(): { ret: number; nwritten: number } {
    return { ret: wasi.ERRNO_ISDIR, nwritten: 0 };
  }

  override fd_pwrite(): { ret: number; nwritten: number } {
    return { ret: wasi.ERRNO_ISDIR, nwritten: 0 };
  }

  override fd_seek(): { ret: number; offset: bigint } {
    return { ret: wasi.ERRNO_BADF, offset: 0n };
  }

  override fd_tell(): { ret: number; offset: bigint } {
    return { ret: wasi.ERRNO_BADF, offset: 0n };
  }

  override fd_allocate(): number {
    return wasi.ERRNO_BADF;
  }

  override fd_filestat_set_size(): number {
    return wasi.ERRNO_BADF;
  }

  override fd_fdstat_set_flags(): number {
    return wasi.ERRNO_BADF;
  }

  override fd_filestat_set_times(accessed: bigint, modified: bigint, flags: number): number {
    return this.#marks.setTimes(this.path, { accessed, modified, flags });
  }

  override path_filestat_set_times(
    _flags: number,
    given: string,
    accessed: bigint,
    modified: bigint,
    flags: number,
  ): number {
    const { ret, path } = resolvePath(this.tree, this.path, given);
    if (ret !== wasi.ERRNO_SUCCESS) return ret;
    const isMissing = errnoOf(() => void this.tree.stat(path));
    return isMissing === wasi.ERRNO_SUCCESS ? this.#marks.setTimes(path, { accessed, modified, flags }) : isMissing;
  }

  override fd_sync(): number {
    return wasi.ERRNO_SUCCESS;
  }

  override fd_readdir_single(cookie: bigint): { ret: number; dirent: wasi.Dirent | null } {
    if (cookie === 0n) {
      const ret = errnoOf(() => {
        this.#entries = [
          { name: '.', stat: null },
          { name: '..', stat: null },
          ...sortedEntries(this.tree.list(this.path)),
        ];
      });
      if (ret !== wasi.ERRNO_SUCCESS) return { ret, dirent: null };
    }
    const entry = cookie < BigInt(this.#entries.length) ? this.#entries[Number(cookie)] : undefined;
    if (!entry) return { ret: wasi.ERRNO_SUCCESS, dirent: null };
    const isFile = entry.stat?.kind === 'file';
    const type = isFile ? wasi.FILETYPE_REGULAR_FILE : wasi.FILETYPE_DIRECTORY;
    const ino = this.#marks.numberOf(entry.stat?.path ?? this.path);
    return { ret: wasi.ERRNO_SUCCESS, dirent: new wasi.Dirent(cookie + 1n, ino, entry.name, type) };
  }

  override path_filestat_get(_flags: number, given: string): { ret: number; filestat: wasi.Filestat | null } {
    const { ret, path, isFolder } = resolvePath(this.tree, this.path, given);
    return ret === wasi.ERRNO_SUCCESS ? this.#statOf(path, isFolder) : { ret, filestat: null };
  }

  override path_create_directory(given: string): number {
    const { ret, path } = resolvePath(this.tree, this.path, given);
    return ret === wasi.ERRNO_SUCCESS ? errnoOf(() => this.tree.mkdir(path)) : ret;
  }

  override path_unlink_file(given: string): number {
    const { ret, path, isFolder } = resolvePath(this.tree, this.path, given);
    if (ret !== wasi.ERRNO_SUCCESS) return ret;
    return errnoOf(() => {
      const isFile = this.tree.stat(path).kind === 'file';
      if (!isFile) throw new FileError('EISDIR', path);
      if (isFolder) throw new FileError('ENOTDIR', path);
      this.files.remove(this.tree, path);
    });
  }

  override path_remove_directory(given: string): number {
    const { ret, path } = resolvePath(this.tree, this.path, given);
    if (ret !== wasi.ERRNO_SUCCESS) return ret;
    return errnoOf(() => {
      if (this.tree.stat(path).kind !== 'directory') throw new FileError('ENOTDIR', path);
      if (path === this.path) throw new FileError('EINVAL', path);
      this.tree.remove(path);
    });
  }

  override path_open(
    _dirflags: number,
    given: string,
    oflags: number,
    rights: bigint,
    inheriting: bigint,
    flags: number,
  ): Opened {
    const { ret, path, isFolder } = resolvePath(this.tree, this.path, given);
    if (ret !== wasi.ERRNO_SUCCESS) return { ret, fd_obj: null };
    const truncates = (oflags & wasi.OFLAGS_TRUNC) !== 0;
    if (truncates && (this.#rights & BigInt(wasi.RIGHTS_PATH_FILESTAT_SET_SIZE)) === 0n) {
      return { ret: wasi.ERRNO_NOTCAPABLE, fd_obj: null };
    }
    let opened: Fd | null = null;
    const problem = errnoOf(() => {
      opened = this.#open(path, { oflags, rights, inheriting, flags, isFolder });
    });
    return { ret: problem, fd_obj: opened };
  }

  #open(
    path: string,
    wish: { oflags: number; rights: bigint; inheriting: bigint; flags: number; isFolder: boolean },
  ): Fd {
    const has = (flag: number): boolean => (wish.oflags & flag) !== 0;
    const exists = this.#ready(path, has, wish.isFolder);
    const rights = wish.rights & this.#inherited;
    if (this.tree.stat(path).kind === 'directory') {
      const isWriting = (wish.rights & WRITING) !== 0n || has(wasi.OFLAGS_TRUNC);
      if (isWriting) throw new FileError('EISDIR', path);
      const inherited = wish.inheriting & this.#inherited;
      const both = { rights: rights & FOLDER_RIGHTS, inherited };
      const { tree, files } = this;
      return new TreeFolder({ tree, files, marks: this.#marks, path, name: null, ...both });
    }
    if (wish.isFolder || has(wasi.OFLAGS_DIRECTORY)) throw new FileError('ENOTDIR', path);
    if (has(wasi.OFLAGS_TRUNC) && exists) this.tree.truncate(path, 0);
    const { tree, files } = this;
    return new TreeFile({ tree, files, path, marks: this.#marks, rights, flags: wish.flags });
  }

  /** Makes the file where that was asked for; true where it was there before. */
  #ready(path: string, has: (flag: number) => boolean, isFolder: boolean): boolean {
    if (this.tree.exists(path)) {
      if (has(wasi.OFLAGS_CREAT) && has(wasi.OFLAGS_EXCL)) throw new FileError('EEXIST', path);
      return true;
    }
    if (!has(wasi.OFLAGS_CREAT)) throw new FileError('ENOENT', path);
    if (has(wasi.OFLAGS_DIRECTORY)) throw new FileError('EINVAL', path);
    if (isFolder) throw new FileError('EISDIR', path);
    this.tree.truncate(path, 0);
    return false;
  }

  #statOf(path: string, isFolder: boolean): { ret: number; filestat: wasi.Filestat | null } {
    let filestat: wasi.Filestat | null = null;
    const ret = errnoOf(() => {
      const stat = this.tree.stat(path);
      if (isFolder && stat.kind !== 'directory') throw new FileError('ENOTDIR', path);
      const type = stat.kind === 'file' ? wasi.FILETYPE_REGULAR_FILE : wasi.FILETYPE_DIRECTORY;
      filestat = new PlainFilestat(this.#marks, path, { ...stat, type });
    });
    return { ret, filestat };
  }
}

/** Sorted by code unit, so that a program sees the same order each time. */
function sortedEntries(stats: readonly FileStat[]): { readonly name: string; readonly stat: FileStat }[] {
  const named = stats.map((stat) => ({ name: stat.path.slice(stat.path.lastIndexOf('/') + 1), stat }));
  return named.sort((one, other) => (one.name < other.name ? -1 : 1));
}
