import { fail, ok, type Result } from '../base/index.ts';
import { type AppError, appError } from '../contracts/errors.ts';
import type { RunId, SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { RunRequest } from '../contracts/run.ts';
import { storageFailure, type Claims } from '../database/index.ts';

/** How many wait for something, in all and by key. */
class Tally<Key> {
  total = 0;
  readonly #counts = new Map<Key, number>();

  add(key: Key): void {
    this.total += 1;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  delete(key: Key): void {
    this.total -= 1;
    const left = (this.#counts.get(key) ?? 1) - 1;
    if (left > 0) this.#counts.set(key, left);
    else this.#counts.delete(key);
  }

  has(key: Key): boolean {
    return this.#counts.has(key);
  }
}

/**
 * The way into the queue: bounded, and in the order asked for within a session, though one start has more to write down
 * than the next.
 */
export class Admission {
  readonly #claims: Claims;
  readonly #now: () => number;
  readonly #under = new Tally<SessionId>();
  readonly #turns = new Map<SessionId, Promise<unknown>>();

  constructor(options: { readonly claims: Claims; readonly now: () => number }) {
    this.#claims = options.claims;
    this.#now = options.now;
  }

  /** Starts on their way to the queue; they will wait there too. */
  get count(): number {
    return this.#under.total;
  }

  isUnderWay(sessionId: SessionId): boolean {
    return this.#under.has(sessionId);
  }

  /** Calls `act` once those asked for before in this session are through. */
  inTurn<T>(sessionId: SessionId, act: () => Promise<T>): Promise<T> {
    this.#under.add(sessionId);
    const before = this.#turns.get(sessionId);
    const turn = (before === undefined ? act() : before.then(act)).finally(() => {
      this.#under.delete(sessionId);
      if (!this.#under.has(sessionId)) this.#turns.delete(sessionId);
    });
    // The next one waits for this one's end, however it ends.
    this.#turns.set(
      sessionId,
      turn.catch(() => undefined),
    );
    return turn;
  }

  /** `run/code-too-large`, `run/queue-full`. */
  bounded(
    request: RunRequest,
    queue: { readonly waitingCount: number; readonly waitingUtf16: number },
  ): Result<null, AppError> {
    if (request.code.length > LIMITS.codeUtf16.standard) return fail(appError('run/code-too-large'));
    const isFull =
      queue.waitingCount + this.count >= LIMITS.runsQueued.standard ||
      queue.waitingUtf16 + request.code.length > LIMITS.queuedCodeUtf16.standard;
    return isFull ? fail(appError('run/queue-full')) : ok(null);
  }

  /** `run/already-started` with the earlier run's id; `host/unavailable` where an automatic start cannot be written down. */
  async claim({ callKey, trigger }: RunRequest, runId: RunId): Promise<Result<null, AppError>> {
    if (callKey === null) return ok(null);
    try {
      // A press claims too, so that the call cannot start by itself afterwards; but it may repeat.
      const earlier = await this.#claims.claim(callKey, runId, this.#now());
      return earlier === null || trigger === 'press' ? ok(null) : fail(appError('run/already-started', earlier));
    } catch (cause) {
      return trigger === 'press' ? ok(null) : fail(storageFailure(cause));
    }
  }
}
