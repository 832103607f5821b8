import type { FileAnswer, FileErrno } from '../contracts/files.ts';
import { FILE_ERRNOS, MAILBOX, MAILBOX_FLOAT, MAILBOX_HEADER_BYTES } from '../contracts/mailbox.ts';

/** Writes an answer where the waiting worker reads it, and wakes it. Bytes beyond the window are cut; a list beyond it is EFBIG. */
export function writeAnswer(mailbox: SharedArrayBuffer, answer: FileAnswer): void {
  const words = new Int32Array(mailbox, 0, MAILBOX_HEADER_BYTES / 4);
  const errno = answer.ok ? writeFound(mailbox, words, answer) : answer.errno;
  words[MAILBOX.errno] = errno === null ? 0 : 1 + FILE_ERRNOS.indexOf(errno);
  if (errno !== null) words[MAILBOX.bytes] = 0;
  Atomics.store(words, MAILBOX.answered, 1);
  Atomics.notify(words, MAILBOX.answered);
}

function writeFound(
  mailbox: SharedArrayBuffer,
  words: Int32Array,
  answer: FileAnswer & { ok: true },
): FileErrno | null {
  const floats = new Float64Array(mailbox, 0, MAILBOX_HEADER_BYTES / 8);
  words[MAILBOX.isDirectory] = answer.stat?.kind === 'directory' ? 1 : 0;
  floats[MAILBOX_FLOAT.size] = answer.stat?.sizeBytes ?? 0;
  floats[MAILBOX_FLOAT.modifiedAtMs] = answer.stat?.modifiedAtMs ?? 0;
  const window = new Uint8Array(mailbox, MAILBOX_HEADER_BYTES);
  const bytes = answer.entries ? new TextEncoder().encode(JSON.stringify(answer.entries)) : answer.bytes;
  if (!bytes) {
    words[MAILBOX.bytes] = 0;
    return null;
  }
  if (answer.entries && bytes.length > window.length) return 'EFBIG';
  const shown = bytes.subarray(0, window.length);
  window.set(shown);
  words[MAILBOX.bytes] = shown.length;
  return null;
}
