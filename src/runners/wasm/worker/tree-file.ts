import { Fd, wasi } from '@bjorn3/browser_wasi_shim';
import type { OpenFile, OpenFiles, WorkerTree } from '../../kit/worker/index.ts';
import { type FileMarks, PlainFilestat } from './filestat.ts';
import { errnoOf } from './tree-errno.ts';

const NOTHING = new Uint8Array();
/** No file can be larger, and no position behind it is one. */
const MOST_POSITION = BigInt(Number.MAX_SAFE_INTEGER);
const CHANGEABLE_FLAGS =
  wasi.FDFLAGS_APPEND | wasi.FDFLAGS_NONBLOCK | wasi.FDFLAGS_SYNC | wasi.FDFLAGS_DSYNC | wasi.FDFLAGS_RSYNC;

export interface TreeFileOptions {
  readonly tree: WorkerTree;
  readonly files: OpenFiles;
  /** Below the root. */
  readonly path: string;
  readonly marks: FileMarks;
  readonly rights: bigint;
  readonly flags: number;
}

/** An open file of the workspace. */
export class TreeFile extends Fd {
  readonly #files: OpenFiles;
  readonly #file: OpenFile;
  readonly #marks: FileMarks;
  #rights: bigint;
  #flags: number;
  #position = 0n;

  constructor({ tree, files, path, marks, rights, flags }: TreeFileOptions) {
    super();
    this.#files = files;
    this.#file = { tree, path };
    files.add(this.#file);
    this.#marks = marks;
    this.#rights = rights;
    this.#flags = flags;
  }

  override fd_fdstat_get(): { ret: number; fdstat: wasi.Fdstat } {
    const fdstat = new wasi.Fdstat(wasi.FILETYPE_REGULAR_FILE, this.#flags);
    fdstat.fs_rights_base = this.#rights;
    return { ret: wasi.ERRNO_SUCCESS, fdstat };
  }

  override fd_fdstat_set_flags(flags: number): number {
    if ((flags & ~CHANGEABLE_FLAGS) !== 0) return wasi.ERRNO_INVAL;
    this.#flags = flags;
    return wasi.ERRNO_SUCCESS;
  }

  /** Rights can be given up, never gained. */
  override fd_fdstat_set_rights(base: bigint, inheriting: bigint): number {
    if ((base & ~this.#rights) !== 0n || inheriting !== 0n) return wasi.ERRNO_NOTCAPABLE;
    this.#rights = base;
    return wasi.ERRNO_SUCCESS;
  }

  override fd_filestat_get(): { ret: number; filestat: wasi.Filestat | null } {
    let filestat: wasi.Filestat | null = null;
    const ret = errnoOf(() => {
      const { tree, path } = this.#file;
      const stat = { ...tree.stat(path), type: wasi.FILETYPE_REGULAR_FILE };
      const isNamed = this.#files.hasName(this.#file);
      filestat = new PlainFilestat(isNamed ? this.#marks : null, path, stat);
      filestat.nlink = isNamed ? 1n : 0n;
    });
    return { ret, filestat };
  }

  override fd_filestat_set_size(size: bigint): number {
    if (!this.#may(wasi.RIGHTS_FD_FILESTAT_SET_SIZE) && !this.#may(wasi.RIGHTS_FD_WRITE)) return wasi.ERRNO_BADF;
    return size > MOST_POSITION
      ? wasi.ERRNO_FBIG
      : errnoOf(() => this.#file.tree.truncate(this.#file.path, Number(size)));
  }

  override fd_filestat_set_times(accessed: bigint, modified: bigint, flags: number): number {
    // Nobody can ask for the times of a file without a name but by this handle, which then says when it was written.
    if (!this.#files.hasName(this.#file)) return wasi.ERRNO_SUCCESS;
    return this.#marks.setTimes(this.#file.path, { accessed, modified, flags });
  }

  override fd_allocate(offset: bigint, length: bigint): number {
    if (!this.#may(wasi.RIGHTS_FD_WRITE)) return wasi.ERRNO_BADF;
    const end = offset + length;
    if (end > MOST_POSITION) return wasi.ERRNO_FBIG;
    return errnoOf(() => {
      if (this.#file.tree.stat(this.#file.path).sizeBytes < Number(end))
        this.#file.tree.truncate(this.#file.path, Number(end));
    });
  }

  override fd_read(size: number): { ret: number; data: Uint8Array } {
    const read = this.fd_pread(size, this.#position);
    this.#position += BigInt(read.data.length);
    return read;
  }

  override fd_pread(size: number, offset: bigint): { ret: number; data: Uint8Array } {
    if (!this.#may(wasi.RIGHTS_FD_READ)) return { ret: wasi.ERRNO_BADF, data: NOTHING };
    if (offset > MOST_POSITION) return { ret: wasi.ERRNO_SUCCESS, data: NOTHING };
    let data: Uint8Array = NOTHING;
    const ret = errnoOf(() => {
      data = this.#file.tree.read(this.#file.path, Number(offset), size);
    });
    return { ret, data };
  }

  override fd_write(data: Uint8Array): { ret: number; nwritten: number } {
    if ((this.#flags & wasi.FDFLAGS_APPEND) !== 0) {
      const ret = errnoOf(() => {
        this.#position = BigInt(this.#file.tree.stat(this.#file.path).sizeBytes);
      });
      if (ret !== wasi.ERRNO_SUCCESS) return { ret, nwritten: 0 };
    }
    const written = this.#write(data, this.#position);
    this.#position += BigInt(written.nwritten);
    return written;
  }

  /** As on Linux, a file opened for appending is appended to wherever one says. */
  override fd_pwrite(data: Uint8Array, offset: bigint): { ret: number; nwritten: number } {
    return this.#write(data, offset);
  }

  override fd_seek(offset: bigint, whence: number): { ret: number; offset: bigint } {
    let base = 0n;
    if (whence === wasi.WHENCE_CUR) base = this.#position;
    else if (whence === wasi.WHENCE_END) {
      const ret = errnoOf(() => {
        base = BigInt(this.#file.tree.stat(this.#file.path).sizeBytes);
      });
      if (ret !== wasi.ERRNO_SUCCESS) return { ret, offset: 0n };
    } else if (whence !== wasi.WHENCE_SET) return { ret: wasi.ERRNO_INVAL, offset: 0n };
    const next = base + offset;
    if (next < 0n) return { ret: wasi.ERRNO_INVAL, offset: 0n };
    this.#position = next;
    return { ret: wasi.ERRNO_SUCCESS, offset: next };
  }

  override fd_tell(): { ret: number; offset: bigint } {
    return { ret: wasi.ERRNO_SUCCESS, offset: this.#position };
  }

  override fd_sync(): number {
    return errnoOf(() => this.#file.tree.flush(this.#file.path));
  }

  override fd_close(): number {
    const ret = this.fd_sync();
    this.#files.delete(this.#file);
    return ret;
  }

  #may(right: number): boolean {
    return (this.#rights & BigInt(right)) !== 0n;
  }

  #write(data: Uint8Array, offset: bigint): { ret: number; nwritten: number } {
    if (!this.#may(wasi.RIGHTS_FD_WRITE)) return { ret: wasi.ERRNO_BADF, nwritten: 0 };
    if (offset > MOST_POSITION) return { ret: wasi.ERRNO_FBIG, nwritten: 0 };
    const ret = errnoOf(() => this.#file.tree.write(this.#file.path, Number(offset), data));
    return { ret, nwritten: ret === wasi.ERRNO_SUCCESS ? data.length : 0 };
  }
}
