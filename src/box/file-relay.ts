import type { FileAnswer } from '../contracts/files.ts';
import { writeAnswer } from './mailbox-answer.ts';

/** A worker with shared memory has one open question; one without may post ahead of the answers. */
const MOST_WAITING = 1000;

export interface FileRelayOptions {
  readonly mailbox: SharedArrayBuffer | null;
  readonly ask: (id: number, operation: unknown) => void;
  readonly tellWorker: (message: unknown) => void;
  readonly onOverflow: () => void;
}

/** Carries a worker's file operations to the host one after another; it looks into none of them. */
export class FileRelay {
  readonly #options: FileRelayOptions;
  readonly #waiting: { readonly id: unknown; readonly operation: unknown }[] = [];
  #asked = 0;
  #isOpen = false;

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
    if (!this.#isOpen || id !== this.#asked) return;
    this.#isOpen = false;
    const asked = this.#waiting.shift();
    if (this.#options.mailbox) writeAnswer(this.#options.mailbox, answer);
    else this.#options.tellWorker({ kind: 'fileAnswer', id: asked?.id, answer });
    this.#next();
  }

  #next(): void {
    const first = this.#waiting[0];
    if (this.#isOpen || !first) return;
    this.#isOpen = true;
    this.#asked += 1;
    this.#options.ask(this.#asked, first.operation);
  }
}
