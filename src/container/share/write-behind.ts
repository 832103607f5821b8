import { LIMITS } from '../../contracts/limits.ts';
import { type Asked, CREATE, isAnswer, OPEN, viewOf, WRITE } from './asked.ts';
import { FORESEEN_MS, wrote } from './foreseen.ts';

/** So many bytes that the host has not taken the guest may go on after at most. */
export const MOST_BEHIND_BYTES = 1024 * 1024;
/** With more room than this nothing is refused for want of it, whatever others write meanwhile. */
const ENOUGH_BYTES = 64 * MOST_BEHIND_BYTES;
const TAG_AT = 5;

/** A file that the guest has open to write. */
interface Opening {
  /** What the host answered to a write that the guest takes for done: the guest is told at its next write or fsync, as NFS does. */
  failed: Uint8Array | null;
}

/**
 * Writes that are answered before the host has them (decision 0178): a few at a time, to files that the host let the guest open to
 * write, while the host has just said that there is far more room.
 */
export class WriteBehind {
  readonly #openings = new Map<number, Opening>();
  readonly #waiting: { readonly until: number; readonly settle: () => void }[] = [];
  #freeBytes = 0;
  #untilMs = 0;
  #bytes = 0;
  #taken = 0;
  #done = 0;

  /** Null where the host has all that was answered; else settles once it has. */
  settled(): Promise<void> | null {
    const until = this.#taken;
    return this.#done === until ? null : new Promise((settle) => this.#waiting.push({ until, settle }));
  }

  /** The host said how much room there is, or nothing of it. */
  room(freeBytes: number | null): void {
    if (freeBytes === null) return;
    this.#freeBytes = freeBytes;
    this.#untilMs = performance.now() + FORESEEN_MS;
  }

  /** Looks at each request, in order. */
  asked({ kind, fid }: Asked): void {
    if (kind === 'version') this.#openings.clear();
    if (kind === 'clunk' || kind === 'remove') this.#openings.delete(fid);
  }

  /** Looks at each answer to what was not answered here. */
  answered(asked: Asked, answer: Uint8Array): void {
    if (asked.writes && (isAnswer(answer, OPEN) || isAnswer(answer, CREATE))) {
      this.#openings.set(asked.fid, { failed: null });
    }
  }

  /** The refusal of an earlier write to the same file, once. */
  failure({ kind, fid, tag }: Asked): Uint8Array | null {
    if (kind !== 'write' && kind !== 'sync') return null;
    const failed = this.#openings.get(fid)?.failed;
    if (!failed) return null;
    // From here on the host is asked.
    this.#openings.delete(fid);
    const answer = failed.slice();
    viewOf(answer).setUint16(TAG_AT, tag, true);
    return answer;
  }

  /** The answer to a write; `onAnswer` must then get the host's. Null where the host is to be asked. */
  take(asked: Asked): { readonly answer: Uint8Array; readonly onAnswer: (answer: Uint8Array) => void } | null {
    const opening = this.#openings.get(asked.fid);
    if (asked.kind !== 'write' || !opening || opening.failed || !this.#hasRoom(asked)) return null;
    this.#bytes += asked.count;
    this.#taken += 1;
    return {
      answer: wrote(asked.tag, asked.count),
      onAnswer: (answer) => {
        this.#bytes -= asked.count;
        this.#done += 1;
        if (!isAnswer(answer, WRITE)) {
          console.warn('share: the workspace did not take what the guest wrote');
          opening.failed ??= answer;
        }
        while ((this.#waiting[0]?.until ?? Number.POSITIVE_INFINITY) <= this.#done) this.#waiting.shift()?.settle();
      },
    };
  }

  #hasRoom({ position, count }: Asked): boolean {
    if (performance.now() >= this.#untilMs || this.#freeBytes < ENOUGH_BYTES) return false;
    return this.#bytes + count <= MOST_BEHIND_BYTES && position + count <= LIMITS.fileBytes.standard;
  }
}
