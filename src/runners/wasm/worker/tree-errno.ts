import { wasi } from '@bjorn3/browser_wasi_shim';
import type { FileErrno } from '../../../contracts/files.ts';
import { FileError } from '../../kit/worker/index.ts';

const NUMBERS: Readonly<Record<FileErrno, number>> = {
  ENOENT: wasi.ERRNO_NOENT,
  EEXIST: wasi.ERRNO_EXIST,
  ENOTDIR: wasi.ERRNO_NOTDIR,
  EISDIR: wasi.ERRNO_ISDIR,
  ENOTEMPTY: wasi.ERRNO_NOTEMPTY,
  ENOSPC: wasi.ERRNO_NOSPC,
  EINVAL: wasi.ERRNO_INVAL,
  EFBIG: wasi.ERRNO_FBIG,
  EIO: wasi.ERRNO_IO,
  EPERM: wasi.ERRNO_PERM,
};

/** WASI's number for what an operation throws; 0 where it goes well. Anything but a refusal of the tree is thrown on. */
export function errnoOf(action: () => void): number {
  try {
    action();
    return wasi.ERRNO_SUCCESS;
  } catch (error) {
    if (error instanceof FileError) return NUMBERS[error.errno];
    throw error;
  }
}
