import type { AppErrorCode } from './errors.ts';
import type { FileErrno } from './files.ts';

/** What a person is told of a refusal by the tree; the rest is `files/unavailable`. */
export const FILE_ERRNO_CODES: Readonly<Partial<Record<FileErrno, AppErrorCode>>> = {
  ENOENT: 'files/not-found',
  ENOSPC: 'files/no-space',
  EFBIG: 'files/too-large',
  EINVAL: 'files/bad-path',
  EPERM: 'files/bad-path',
  ENOTDIR: 'files/bad-path',
  EISDIR: 'files/bad-path',
};
