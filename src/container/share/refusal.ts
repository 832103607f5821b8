/** Linux' numbers of the errors that a guest is answered; the same on every architecture that v86 plays. */
export const ERRNOS = {
  EPERM: 1,
  ENOENT: 2,
  EIO: 5,
  EBADF: 9,
  EEXIST: 17,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  ENFILE: 23,
  EFBIG: 27,
  ENOSPC: 28,
  EROFS: 30,
  ENAMETOOLONG: 36,
  ENOTEMPTY: 39,
  ELOOP: 40,
  EILSEQ: 84,
  EOPNOTSUPP: 95,
  ESTALE: 116,
} as const;

export type Errno = keyof typeof ERRNOS;

/** What a guest asked for and does not get. */
export class Refusal extends Error {
  readonly errno: Errno;
  constructor(errno: Errno) {
    super(errno);
    this.errno = errno;
  }
}

/** Ends the request that is being answered; the guest gets this error. */
export function refuse(errno: Errno): never {
  throw new Refusal(errno);
}
