import type { FileAnswer } from '../contracts/files.ts';
import { MAILBOX_WINDOW_BYTES } from '../contracts/mailbox.ts';
import { writeAnswer } from './mailbox-answer.ts';

/** A worker with shared memory has one open question; one without may post ahead of the answers. */
const MOST_WAITING = 1000;
/** How long a window that was read ahead may lie: what another runtime writes is seen within this time and one question. */
const AHEAD_GOOD_MS = 50;
/** Input, parts and the network are asked for below this name: a question there is no look at a file. */
const OWN_FOLDER = '.companion/';

export interface FileRelayOptions {
  readonly mailbox: SharedArrayBuffer | null;
  readonly ask: (id: number, operation: unknown) => void;
  readonly tellWorker: (message: unknown) => void;
  readonly onOverflow: () => void;
  /** Milliseconds on a clock that only goes forward. */
  readonly now: () => number;
}

/** A question for one whole window of a file. */
interface WindowRead {
  readonly op: 'read';
  readonly path: string;
  readonly position: number;
  readonly length: number;
}

interface Ahead {
  readonly id: number;
  readonly operation: WindowRead;
  answer: FileAnswer | null;
  answeredAtMs: number;
}

/**
 * Carries a worker's file operations to the host one after another. Of a file that is read through window by window, the
 * next one is asked for while the worker works on the last; any other operation makes that void.
 */
export class FileRelay {
  readonly #options: FileRelayOptions;
  readonly #waiting: { readonly id: unknown; readonly operation: unknown }[] = [];
  #lastId = 0;
  /** The question that the host is asked for the worker; 0 when none is open. */
  #open = 0;
  #read: WindowRead | null = null;
  #ahead: Ahead | null = null;

  constructor(options: FileRelayOptions) {
    this.#options = options;
  }

  add(message: unknown): void {
    const { id, operation } = message as { id?: unknown; operation?: unknown };
    if (this.#waiting.length >= MOST_WAITING) return this.#options.onOverflow();
    this.#waiting.push({ id, operation });
    this.#next();
  }

  answer(id: number, answer: FileAnswer): void {
    if (id === this.#open && id > 0) return this.#settle(answer);
    const ahead = this.#ahead;
    if (ahead?.id !== id || ahead.answer !== null) return;
    ahead.answer = answer;
    ahead.answeredAtMs = this.#options.now();
  }

  #next(): void {
    const first = this.#waiting[0];
    if (this.#open > 0 || !first) return;
    const wanted = windowRead(first.operation);
    const ahead = this.#ahead;
    this.#ahead = null;
    if (wanted && ahead && isSame(wanted, ahead.operation)) {
      if (ahead.answer === null) {
        this.#open = ahead.id;
        return;
      }
      if (this.#options.now() - ahead.answeredAtMs <= AHEAD_GOOD_MS) return this.#settle(ahead.answer);
    }
    if (ahead) this.#read = null; // it was not wanted: whoever reads on shows it again first
    this.#open = this.#ask(first.operation);
  }

  #settle(answer: FileAnswer): void {
    this.#open = 0;
    const asked = this.#waiting.shift();
    if (this.#options.mailbox) writeAnswer(this.#options.mailbox, answer);
    else this.#options.tellWorker({ kind: 'fileAnswer', id: asked?.id, answer });
    if (this.#options.mailbox) this.#goAhead(windowRead(asked?.operation), answer);
    this.#next();
  }

  /** Asks for the next window where this one followed the last, and was full. */
  #goAhead(read: WindowRead | null, answer: FileAnswer): void {
    const last = this.#read;
    const isFull = answer.ok && answer.bytes?.length === MAILBOX_WINDOW_BYTES;
    this.#read = isFull ? read : null;
    if (!read || !isFull || !last || !isSame(read, after(last))) return;
    const operation = after(read);
    this.#ahead = { id: this.#ask(operation), operation, answer: null, answeredAtMs: 0 };
  }

  #ask(operation: unknown): number {
    this.#lastId += 1;
    this.#options.ask(this.#lastId, operation);
    return this.#lastId;
  }
}

/** The operation if it reads a whole window of a person's file; null otherwise. It is the worker's word: the host parses it. */
function windowRead(operation: unknown): WindowRead | null {
  if (typeof operation !== 'object' || operation === null) return null;
  const { op, path, position, length } = operation as Partial<Record<keyof WindowRead, unknown>>;
  const isOne = op === 'read' && typeof path === 'string' && typeof position === 'number';
  if (!isOne || length !== MAILBOX_WINDOW_BYTES || path.startsWith(OWN_FOLDER)) return null;
  return { op: 'read', path, position, length };
}

const after = (read: WindowRead): WindowRead => ({ ...read, position: read.position + read.length });

const isSame = (one: WindowRead, other: WindowRead): boolean =>
  one.path === other.path && one.position === other.position;
