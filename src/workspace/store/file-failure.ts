import type { FileErrno } from '../../contracts/files.ts';

/** An operation that is refused, with the number that a program knows. */
export class FileFailure extends Error {
  readonly errno: FileErrno;
  constructor(errno: FileErrno, options?: ErrorOptions) {
    super(errno, options);
    this.errno = errno;
  }
}

export function refuse(errno: FileErrno): never {
  throw new FileFailure(errno);
}

const ERRNOS: Readonly<Record<string, FileErrno>> = {
  NotFoundError: 'ENOENT',
  TypeMismatchError: 'EISDIR',
  QuotaExceededError: 'ENOSPC',
  NoModificationAllowedError: 'EPERM',
  NotAllowedError: 'EPERM',
  SecurityError: 'EPERM',
  InvalidModificationError: 'ENOTEMPTY',
  TypeError: 'EINVAL',
};

/** What was thrown, by us or by the browser's store, as the number that a program knows. */
export function errnoOf(error: unknown): FileErrno {
  if (error instanceof FileFailure) return error.errno;
  return (error instanceof Error || error instanceof DOMException ? ERRNOS[error.name] : undefined) ?? 'EIO';
}
