/**
 * The shared memory between a worker and the page of its box (Chromium only; made by the box page, never crosses the wall).
 * Stop words: int32[0] = 2 asks the engine to interrupt (Pyodide's interrupt buffer is this word's first byte),
 * int32[1] = 1 wakes a sleeping worker. Mailbox: 64 bytes of header, then data.
 */
export const STOP_BYTES = 8;
export const MAILBOX_HEADER_BYTES = 64;
export const MAILBOX_WINDOW_BYTES = 4 * 1024 * 1024;

/** Values and indexes of the stop words. */
export const STOP = { interruptIndex: 0, wakeIndex: 1, interrupt: 2, wake: 1, repeatMs: 40 } as const;

/** Indexes into the mailbox's Int32Array. */
export const MAILBOX = {
  /** Set to 0 by the worker before it asks; 1 when the answer stands. */
  answered: 0,
  /** 0, or 1 + the index into FILE_ERRNOS. */
  errno: 1,
  /** 1 for a directory. */
  isDirectory: 2,
  /** Bytes of data that follow the header. */
  bytes: 3,
  /** Units of output that the host took so far (box internal: the worker's posts wait when too far ahead). */
  taken: 15,
} as const;

/** Index into a Float64Array over the same memory: size in bytes, and modification time in ms since the epoch. */
export const MAILBOX_FLOAT = { size: 4, modifiedAtMs: 5 } as const;

export const FILE_ERRNOS = [
  'ENOENT',
  'EEXIST',
  'ENOTDIR',
  'EISDIR',
  'ENOTEMPTY',
  'ENOSPC',
  'EINVAL',
  'EFBIG',
  'EIO',
  'EPERM',
] as const;

/** Where a worker waits for a line of input; no file of this name exists, the runner answers it. */
export const INPUT_PATH = '.companion/input';
/** Parts of an engine that come late (packages) are read the same way, as files below this path. */
export const IMAGES_PATH = '.companion/images/';
/** A worker that blocks while the network gate works writes its request here and reads the answer, by a number of its own. */
export const NETWORK_PATH = '.companion/network/';
