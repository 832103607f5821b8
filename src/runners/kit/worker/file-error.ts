import type { FileErrno } from '../../../contracts/files.ts';

/** A refused file operation, by its POSIX name; an engine makes it into its language's own error. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly errno: FileErrno;
  /** Below the root of the tree. */
  readonly path: string;

  constructor(errno: FileErrno, path: string) {
    super(`${errno}: ${path === '' ? '/' : path}`);
    this.errno = errno;
    this.path = path;
  }
}
