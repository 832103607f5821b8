import { LIMITS } from '../contracts/limits.ts';
import type { SessionId } from '../contracts/ids.ts';

interface Job {
  readonly sessionId: SessionId;
  readonly run: () => Promise<void>;
}

/** One run at a time in a session, in the order asked for; a few sessions at once. */
export class RunQueue {
  readonly #waiting: Job[] = [];
  readonly #busy = new Set<SessionId>();

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

  #fill(): void {
    for (let at = 0; at < this.#waiting.length && this.#busy.size < LIMITS.runsAtOnce.standard; ) {
      const job = this.#waiting[at];
      if (job === undefined || this.#busy.has(job.sessionId)) {
        at += 1;
        continue;
      }
      this.#waiting.splice(at, 1);
      this.#busy.add(job.sessionId);
      void job.run().finally(() => {
        this.#busy.delete(job.sessionId);
        this.#fill();
      });
    }
  }
}
