import type { FileErrno, FileOperation, FileStat } from '../../../contracts/files.ts';
import {
  FILE_ERRNOS,
  MAILBOX,
  MAILBOX_FLOAT,
  MAILBOX_HEADER_BYTES,
  MAILBOX_WINDOW_BYTES,
} from '../../../contracts/mailbox.ts';

/** What a waiting worker finds; `bytes` is a view into the mailbox and good until the next question. */
export interface MailboxAnswer {
  readonly errno: FileErrno | null;
  readonly isDirectory: boolean;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  readonly bytes: Uint8Array;
}

export type AskMailbox = (operation: FileOperation) => MailboxAnswer;

/** Asks the host and blocks until it has answered; there is no deadline: `input()` waits this way too. */
export function createMailbox(memory: SharedArrayBuffer, ask: (operation: FileOperation) => void): AskMailbox {
  const words = new Int32Array(memory, 0, MAILBOX_HEADER_BYTES / 4);
  const floats = new Float64Array(memory, 0, MAILBOX_HEADER_BYTES / 8);
  const window = new Uint8Array(memory, MAILBOX_HEADER_BYTES);
  const { store, wait, load } = Atomics;
  return (operation) => {
    store(words, MAILBOX.answered, 0);
    ask(operation);
    while (load(words, MAILBOX.answered) === 0) wait(words, MAILBOX.answered, 0);
    const errno = words[MAILBOX.errno] ?? 0;
    return {
      errno: errno === 0 ? null : (FILE_ERRNOS[errno - 1] ?? 'EIO'),
      isDirectory: words[MAILBOX.isDirectory] === 1,
      sizeBytes: floats[MAILBOX_FLOAT.size] ?? 0,
      modifiedAtMs: floats[MAILBOX_FLOAT.modifiedAtMs] ?? 0,
      bytes: window.subarray(0, words[MAILBOX.bytes] ?? 0),
    };
  };
}

/** Entries of a `list` answer. */
export function readEntries(answer: MailboxAnswer): FileStat[] {
  return JSON.parse(new TextDecoder().decode(answer.bytes.slice())) as FileStat[];
}

export { MAILBOX_WINDOW_BYTES };
