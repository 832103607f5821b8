/** What the prelude asks of the worker: first argument of the one host function. */
export const OPERATION = {
  write: 1,
  read: 2,
  open: 3,
  close: 4,
  flush: 5,
  seek: 6,
  remove: 7,
  rename: 8,
  fileObject: 9,
  clock: 10,
  exit: 11,
  readWhole: 12,
  isFile: 13,
  stat: 14,
  mkdir: 15,
  list: 16,
} as const;
