import { type AppError, appError } from '../../contracts/errors.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { EngineRecovery, SaidOfLoss } from '../kit/index.ts';

/** How often the machine of each session broke down of late: one that does so again and again is not restarted for ever. */
export class Breakdowns implements EngineRecovery {
  readonly #now: () => number;
  readonly #atMs = new Map<SessionId, readonly number[]>();
  /** What was said of those that were given up. */
  readonly #said = new Map<SessionId, string>();

  /** `now`: milliseconds, from any moment on. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  refusal(sessionId: SessionId): AppError | null {
    const lately = this.#lately(sessionId);
    const last = lately.at(-1) ?? -Infinity;
    const isResting = this.#now() - last < LIMITS.engineRestMs.standard;
    return isGivenUp(lately) && isResting ? appError('linux/gave-up', this.#said.get(sessionId)) : null;
  }

  lost(sessionId: SessionId, savedAtMs: number | null): SaidOfLoss {
    const lately = [...this.#lately(sessionId), this.#now()];
    this.#atMs.set(sessionId, lately);
    if (!isGivenUp(lately)) return { code: 'linux/lost', notice: stateNext(savedAtMs) };
    const notice = stateKept(savedAtMs);
    this.#said.set(sessionId, notice);
    return { code: 'linux/gave-up', notice };
  }

  forget(sessionId: SessionId): void {
    this.#atMs.delete(sessionId);
    this.#said.delete(sessionId);
  }

  #lately(sessionId: SessionId): readonly number[] {
    const since = this.#now() - LIMITS.machineRestartsMs.standard;
    return (this.#atMs.get(sessionId) ?? []).filter((at) => at > since);
  }
}

const isGivenUp = (lately: readonly number[]): boolean => lately.length > LIMITS.machineRestarts.standard;

const stateNext = (savedAtMs: number | null): string =>
  savedAtMs === null
    ? 'This Linux had not been saved yet: the next program finds it as new, with the files in /mnt/data.'
    : `The next program finds this Linux as it was saved (${new Date(savedAtMs).toLocaleString()}), with the files in /mnt/data as they are now.`;

const stateKept = (savedAtMs: number | null): string =>
  savedAtMs === null
    ? 'Nothing of this Linux had been saved: it begins as new, with the files in /mnt/data.'
    : `What was saved of this Linux (${new Date(savedAtMs).toLocaleString()}) is still kept: restart it from there, or afresh. The files in /mnt/data are all there.`;
