import type { FileStat } from '../../../contracts/files.ts';

/**
 * The session's tree as an engine's worker sees it: synchronous and POSIX-like. Paths are below the root, without a leading
 * slash; '' is the root; `.` and doubled slashes mean nothing, `..` is refused (resolve it before, as a shell does). Every
 * method throws a `FileError`.
 *
 * Two implementations: live by the mailbox where there is shared memory, and a copy that goes out file by file.
 */
export interface WorkerTree {
  stat(path: string): FileStat;
  exists(path: string): boolean;
  /** Unsorted; the path of each entry is below the root, as given to `stat`. */
  list(path: string): readonly FileStat[];
  /** At most `length` bytes from `position`, fewer at the end; the caller's own copy. */
  read(path: string, position: number, length: number): Uint8Array<ArrayBuffer>;
  /** Makes the file where it is missing; a hole is zeros. May be held until `flush`: `ENOSPC` can come as late as that. */
  write(path: string, position: number, bytes: Uint8Array): void;
  /** Sets the size; makes the file where it is missing. */
  truncate(path: string, sizeBytes: number): void;
  /** Makes the file hold just these bytes; the cheapest way to write a whole one. Not held. */
  replace(path: string, bytes: Uint8Array): void;
  /** Replaces a file or an empty directory that is at `to`. */
  rename(from: string, to: string): void;
  mkdir(path: string): void;
  /** A file, or an empty directory. */
  remove(path: string): void;
  /** What `close` and `fsync` do; without a path, for all files. Others see what was written no later than now. */
  flush(path?: string): void;
}
