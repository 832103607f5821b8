import { LIMITS } from '../../../contracts/limits.ts';

/** How many bytes go out between two questions whether the host has them. */
const BYTES_PER_QUESTION = 16 * 1024 * 1024;

export interface FilesAheadOptions {
  /** Asks the host to answer, by the same number, once it has performed every change sent so far. */
  readonly ask: (id: number) => void;
  readonly mostBytes?: number;
}

/**
 * How far a worker without shared memory is ahead of its host with what it wrote. The host answers only questions, never single
 * changes: one that it refused is then no gap in the sum.
 */
export class FilesAhead {
  readonly mostBytes: number;
  readonly #ask: (id: number) => void;
  /** Bytes sent so far when each question was put, by its number. */
  readonly #asked = new Map<number, number>();
  #questions = 0;
  #sent = 0;
  #sentAtQuestion = 0;
  #taken = 0;
  #wake: (() => void)[] = [];

  constructor({ ask, mostBytes = LIMITS.filesAheadBytes.standard }: FilesAheadOptions) {
    this.#ask = ask;
    this.mostBytes = mostBytes;
  }

  /** True where so many bytes more may go out now. */
  hasRoom(bytes: number): boolean {
    return this.#sent - this.#taken + bytes <= this.mostBytes;
  }

  sent(bytes: number): void {
    this.#sent += bytes;
    if (this.#sent - this.#sentAtQuestion >= BYTES_PER_QUESTION) this.#question();
  }

  taken(id: number): void {
    const sent = this.#asked.get(id);
    if (sent === undefined) return;
    this.#asked.delete(id);
    this.#taken = Math.max(this.#taken, sent);
    for (const wake of this.#wake.splice(0)) wake();
  }

  /** Settles when so many bytes more may go out; `mostBytes` is the most that can be asked for. */
  async room(bytes: number): Promise<void> {
    while (!this.hasRoom(bytes)) {
      if (this.#sentAtQuestion < this.#sent) this.#question();
      await new Promise<void>((wake) => this.#wake.push(wake));
    }
  }

  #question(): void {
    this.#sentAtQuestion = this.#sent;
    this.#questions += 1;
    this.#asked.set(this.#questions, this.#sent);
    this.#ask(this.#questions);
  }
}
