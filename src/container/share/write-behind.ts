import { LIMITS } from '../../contracts/limits.ts';
import { type Asked, CREATE, forRequest, isAnswer, OPEN, WRITE } from './asked.ts';
import { type Along, FORESEEN_MS, wrote } from './foreseen.ts';

/** So many bytes that the host has not taken the guest may go on after at most. */
export const MOST_BEHIND_BYTES = 1024 * 1024;
/** With more room than this no write that makes a file no longer than by its own bytes is refused, but for what others do meanwhile. */
const ENOUGH_BYTES = 64 * MOST_BEHIND_BYTES;
/** Linux itself may say of one write only that it was short; at the next the program hears why. */
const MOST_TOLD = 2;

/** A file that the guest has open to write. */
interface Opening {
  /** The file is so long at least: who writes further on needs room for what lies between. */
  endBytes: number;
  /** Files without a name have room of their own, of which the host says nothing. */
  mayHaveNoName: boolean;
  /** What the host answered to a write that the guest takes for done. */
  failed: Uint8Array | null;
  /** At how many writes the guest was told of that. */
  told: number;
}

/**
 * Writes that are answered before the host has them (decision 0178): a few at a time, to files that the host let the guest open to
 * write, while the host has just said that there is far more room. What it refuses after all is told at the next two
 * writes of that descriptor or once at its fsync; where it is closed before, at the next fsync of any.
 */
export class WriteBehind {
  readonly #openings = new Map<number, Opening>();
  #waiting: { readonly until: number; readonly done: PromiseWithResolvers<void> }[] = [];
  #freeBytes = 0;
  #untilMs = 0;
  #bytes = 0;
  /** Requests that the host has not answered and that may make a file shorter, or take its name. */
  #cutting = 0;
  #moving = 0;
  #taken = 0;
  #done = 0;
  /** Of a descriptor that is closed. */
  #lost: Uint8Array | null = null;

  /** Null where the host has all that was answered; else settles once it has. */
  settled(): Promise<void> | null {
    const until = this.#taken;
    if (this.#done === until) return null;
    const last = this.#waiting.at(-1);
    if (last?.until === until) return last.done.promise;
    const done = Promise.withResolvers<void>();
    this.#waiting.push({ until, done });
    return done.promise;
  }

  /** The host said how much room there is, or nothing of it. What makes a file longer may take all of it. */
  room({ freeBytes }: Along): void {
    if (freeBytes === null || this.#cutting > 0) return;
    this.#freeBytes = freeBytes;
    this.#untilMs = performance.now() + FORESEEN_MS;
  }

  /** Looks at each request, in order. */
  asked({ kind, fid, cuts }: Asked): void {
    const all = this.#openings;
    if (kind === 'clunk' || kind === 'remove') {
      const closed = all.get(fid);
      if (closed?.told === 0) this.#lost ??= closed.failed;
      all.delete(fid);
    }
    if (takesNames(kind)) {
      this.#moving += 1;
      for (const opening of all.values()) opening.mayHaveNoName = true;
    }
    if (!cuts) return;
    this.#cutting += 1;
    this.#untilMs = 0;
    for (const opening of all.values()) opening.endBytes = 0;
  }

  /** Looks at each answer to what was not answered here, in order: what is asked and not answered by then came after it. */
  answered(asked: Asked, answer: Uint8Array, along: Along): void {
    const { kind, fid, cuts, position, count } = asked;
    if (cuts) this.#cutting -= 1;
    if (takesNames(kind)) this.#moving -= 1;
    if (kind === 'version') {
      this.#openings.clear();
      this.#lost = null;
    }
    if (kind === 'write' && isAnswer(answer, WRITE) && this.#cutting === 0) {
      reaches(this.#openings.get(fid), position + count);
    }
    if (isAnswer(answer, OPEN) || isAnswer(answer, CREATE)) this.#opened(asked, along);
  }

  #opened({ fid, writes }: Asked, { sizeBytes }: Along): void {
    this.#openings.delete(fid);
    if (!writes || this.#openings.size >= LIMITS.shareFids.standard) return;
    const endBytes = this.#cutting === 0 ? (sizeBytes ?? 0) : 0;
    this.#openings.set(fid, { endBytes, mayHaveNoName: this.#moving > 0, failed: null, told: 0 });
  }

  /** The refusal of an earlier write, where the guest asks for what tells it. */
  failure({ kind, fid, tag }: Asked): Uint8Array | null {
    const failed = kind === 'write' ? this.#atWrite(fid) : kind === 'sync' ? this.#atSync(fid) : null;
    return failed && forRequest(tag, failed);
  }

  /** The answer to a write; `onAnswer` must then get the host's. Null where the host is to be asked. */
  take(asked: Asked): { readonly answer: Uint8Array; readonly onAnswer: (answer: Uint8Array) => void } | null {
    const { kind, fid, tag, position, count } = asked;
    const opening = this.#openings.get(fid);
    if (kind !== 'write' || !opening || !this.#hasRoom(opening, position, count)) return null;
    this.#bytes += count;
    this.#taken += 1;
    reaches(opening, position + count);
    return {
      answer: wrote(tag, count),
      onAnswer: (answer) => {
        this.#bytes -= count;
        this.#done += 1;
        if (!isAnswer(answer, WRITE)) this.#failed(fid, opening, answer);
        while (this.#waiting[0] && this.#waiting[0].until <= this.#done) this.#waiting.shift()?.done.resolve();
      },
    };
  }

  #atWrite(fid: number): Uint8Array | null {
    const opening = this.#openings.get(fid);
    if (!opening?.failed) return null;
    opening.told += 1;
    // From here on the host is asked.
    if (opening.told === MOST_TOLD) this.#openings.delete(fid);
    return opening.failed;
  }

  #atSync(fid: number): Uint8Array | null {
    const own = this.#openings.get(fid)?.failed;
    if (own) {
      this.#openings.delete(fid);
      return own;
    }
    const lost = this.#lost;
    this.#lost = null;
    return lost;
  }

  #failed(fid: number, opening: Opening, answer: Uint8Array): void {
    console.warn('share: the workspace did not take what the guest wrote');
    if (this.#openings.get(fid) === opening) opening.failed ??= answer;
    else this.#lost ??= answer;
  }

  #hasRoom({ endBytes, mayHaveNoName, failed }: Opening, position: number, count: number): boolean {
    if (failed || mayHaveNoName || position > endBytes) return false;
    if (performance.now() >= this.#untilMs || this.#freeBytes < ENOUGH_BYTES) return false;
    return this.#bytes + count <= MOST_BEHIND_BYTES && position + count <= LIMITS.fileBytes.standard;
  }
}

const takesNames = (kind: Asked['kind']): boolean => kind === 'remove' || kind === 'moves';

function reaches(opening: Opening | undefined, endBytes: number): void {
  if (opening) opening.endBytes = Math.max(opening.endBytes, endBytes);
}
