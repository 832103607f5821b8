import { LIMITS } from '../../contracts/limits.ts';
import { type Asked, CREATE, isAnswer, OPEN, viewOf, WRITE } from './asked.ts';
import { type Along, FORESEEN_MS, wrote } from './foreseen.ts';

/** So many bytes that the host has not taken the guest may go on after at most. */
export const MOST_BEHIND_BYTES = 1024 * 1024;
/** With more room than this no write that makes a file no longer than by its own bytes is refused, but for what others do meanwhile. */
const ENOUGH_BYTES = 64 * MOST_BEHIND_BYTES;
const TAG_AT = 5;

/** A file that the guest has open to write. */
interface Opening {
  /** The file is so long at least: who writes further on needs room for what lies between. */
  endBytes: number;
  /** Files without a name have room of their own, of which the host says nothing. */
  mayHaveNoName: boolean;
  /** What the host answered to a write that the guest takes for done. */
  failed: Uint8Array | null;
}

/**
 * Writes that are answered before the host has them (decision 0178): a few at a time, to files that the host let the guest open to
 * write, while the host has just said that there is far more room. What it refuses after all is told at each further write of that
 * descriptor, and once at an fsync of it, or of any where it is closed by then.
 */
export class WriteBehind {
  readonly #openings = new Map<number, Opening>();
  #waiting: { readonly until: number; readonly done: PromiseWithResolvers<void> }[] = [];
  #freeBytes = 0;
  #untilMs = 0;
  #bytes = 0;
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

  /** The host said how much room there is, or nothing of it. */
  room({ freeBytes }: Along): void {
    if (freeBytes === null) return;
    this.#freeBytes = freeBytes;
    this.#untilMs = performance.now() + FORESEEN_MS;
  }

  /** Looks at each request, in order. */
  asked({ kind, fid, cuts }: Asked): void {
    const all = this.#openings;
    if (kind === 'version') all.clear();
    if (kind === 'clunk' || kind === 'remove') {
      this.#lost ??= all.get(fid)?.failed ?? null;
      all.delete(fid);
    }
    if (kind === 'remove' || kind === 'moves') for (const opening of all.values()) opening.mayHaveNoName = true;
    if (cuts) for (const opening of all.values()) opening.endBytes = 0;
  }

  /** Looks at each answer to what was not answered here. */
  answered(asked: Asked, answer: Uint8Array, { sizeBytes }: Along): void {
    const { kind, fid, writes, position, count } = asked;
    if (kind === 'write' && isAnswer(answer, WRITE)) reaches(this.#openings.get(fid), position + count);
    if (!writes || this.#openings.size >= LIMITS.shareFids.standard) return;
    if (isAnswer(answer, OPEN) || isAnswer(answer, CREATE)) {
      this.#openings.set(fid, { endBytes: sizeBytes ?? 0, mayHaveNoName: false, failed: null });
    }
  }

  /** The refusal of an earlier write, where the guest asks for what tells it. */
  failure({ kind, fid, tag }: Asked): Uint8Array | null {
    if (kind !== 'write' && kind !== 'sync') return null;
    const own = this.#openings.get(fid)?.failed ?? null;
    const failed = own ?? (kind === 'sync' ? this.#lost : null);
    if (!failed) return null;
    if (kind === 'sync') {
      // From here on the host is asked.
      if (own) this.#openings.delete(fid);
      else this.#lost = null;
    }
    const answer = failed.slice();
    viewOf(answer).setUint16(TAG_AT, tag, true);
    return answer;
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

function reaches(opening: Opening | undefined, endBytes: number): void {
  if (opening) opening.endBytes = Math.max(opening.endBytes, endBytes);
}
