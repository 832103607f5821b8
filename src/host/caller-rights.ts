import type { Caller } from '../bridge/index.ts';
import { type AppError, appError } from '../contracts/errors.ts';
import { OWN_SESSIONS, type SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';

const MINUTE_MS = 60_000;

/**
 * What a tab of the site may touch. A conversation id is a claim that nobody can check, so a tab may name any session of
 * the site, but only so many, and a run only in a session that it has named. Runs are counted over all tabs together.
 * decision 0030
 */
export class CallerRights {
  readonly #now: () => number;
  readonly #named = new Map<string, Set<SessionId>>();
  #startedAtMs: number[] = [];
  #readAtMs: number[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Names a session. Null when the caller may use it. */
  session(caller: Caller, sessionId: SessionId): AppError | null {
    if (caller.kind === 'extension') return null;
    if (sessionId.startsWith(OWN_SESSIONS)) return appError('door/forbidden', 'session');
    const named = this.#named.get(caller.key) ?? new Set();
    if (!named.has(sessionId) && named.size >= LIMITS.sessionsNamedPerTab.standard) {
      return appError('door/forbidden', 'too many sessions');
    }
    // In order of use: the tabs that were silent longest, closed ones soon, are forgotten.
    this.#named.delete(caller.key);
    this.#named.set(caller.key, named.add(sessionId));
    const [oldest] = this.#named.keys();
    if (this.#named.size > LIMITS.tabsRemembered.standard && oldest !== undefined) this.#named.delete(oldest);
    return null;
  }

  /** Whether the caller may see and steer runs of this session; names nothing. */
  mayFollow(caller: Caller, sessionId: SessionId): boolean {
    return caller.kind === 'extension' || this.#named.get(caller.key)?.has(sessionId) === true;
  }

  /** Counts a start. `run/rate-limited` when the site has started too many within a minute. */
  countStart(caller: Caller): AppError | null {
    if (caller.kind === 'extension') return null;
    this.#startedAtMs = this.#ofThisMinute(this.#startedAtMs);
    return this.#count(this.#startedAtMs, LIMITS.runsPerMinuteFromPage.standard);
  }

  /** Counts a reading of code or a choice, one that takes as much as several as so many. `run/rate-limited` when the site has asked for too many within a minute. */
  countAnalysis(caller: Caller, weight = 1): AppError | null {
    if (caller.kind === 'extension') return null;
    this.#readAtMs = this.#ofThisMinute(this.#readAtMs);
    const most = LIMITS.analysesPerMinuteFromPage.standard;
    if (this.#readAtMs.length + weight > most) return appError('run/rate-limited');
    for (let counted = 0; counted < weight; counted += 1) this.#readAtMs.push(this.#now());
    return null;
  }

  #ofThisMinute(times: readonly number[]): number[] {
    const now = this.#now();
    return times.filter((atMs) => now - atMs < MINUTE_MS);
  }

  #count(times: number[], most: number): AppError | null {
    if (times.length >= most) return appError('run/rate-limited');
    times.push(this.#now());
    return null;
  }
}
