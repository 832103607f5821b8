import { LIMITS } from '../contracts/limits.ts';
import type { SessionId } from '../contracts/ids.ts';

interface Job {
  readonly sessionId: SessionId;
  readonly run: () => Promise<void>;
}

/**
 * One run at a time in a session, in the order asked for; a few sessions at once. A run that waits for a person gives its
 * place away and takes it back when it goes on, at once: a few more than allowed may then work for a while.
 */
export class RunQueue {
  readonly #waiting: Job[] = [];
  readonly #busy = new Set<SessionId>();
  readonly #asking = new Set<SessionId>();

  get waitingCount(): number {
    return this.#waiting.length;
  }

  isBusy(sessionId: SessionId): boolean {
    return this.#busy.has(sessionId);
  }

  /** `run` must not reject. The returned function takes the job out again; false when it has begun. */
  add(sessionId: SessionId, run: () => Promise<void>): () => boolean {
    const job: Job = { sessionId, run };
    this.#waiting.push(job);
    this.#fill();
    return () => {
      const at = this.#waiting.indexOf(job);
      if (at >= 0) this.#waiting.splice(at, 1);
      return at >= 0;
    };
  }

  /** Whether the run at work in this session waits for a person. */
  setAsking(sessionId: SessionId, isAsking: boolean): void {
    if (isAsking && this.#busy.has(sessionId)) this.#asking.add(sessionId);
    else this.#asking.delete(sessionId);
    this.#fill();
  }

  #hasPlace(): boolean {
    const given = Math.min(this.#asking.size, LIMITS.runsAskingAtOnce.standard);
    return this.#busy.size - given < LIMITS.runsAtOnce.standard;
  }

  #fill(): void {
    for (let at = 0; at < this.#waiting.length && this.#hasPlace(); ) {
      const job = this.#waiting[at];
      if (job === undefined || this.#busy.has(job.sessionId)) {
        at += 1;
        continue;
      }
      this.#waiting.splice(at, 1);
      this.#busy.add(job.sessionId);
      void job.run().finally(() => {
        this.#busy.delete(job.sessionId);
        this.#asking.delete(job.sessionId);
        this.#fill();
      });
    }
  }
}
