import { fail, ok, type Result } from '../base/index.ts';
import { type AppError, appError } from '../contracts/errors.ts';
import type { RunId, SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { Outcome } from '../contracts/outcome.ts';
import type { Language, RunEvent, RunRequest, RunSummary } from '../contracts/run.ts';
import type { Runner, RunnerSession } from '../contracts/runner.ts';
import type { Claims, RunHistory } from '../database/index.ts';
import { EventGuard } from './event-guard.ts';
import { performRun } from './perform-run.ts';
import { RunQueue } from './run-queue.ts';
import type { SessionPool } from './session-pool.ts';

export interface RunServiceOptions {
  readonly runners: readonly Runner[];
  readonly pool: SessionPool;
  readonly claims: Claims;
  readonly history: RunHistory;
  /** Before the first event of a run. */
  readonly onAdmitted: (runId: RunId, request: RunRequest) => void;
  /** Every event of every run, in order; `ended` comes exactly once and last. */
  readonly onEvent: (runId: RunId, event: RunEvent) => void;
  /** Called when the first run begins to wait or work, and when the last one has ended. */
  readonly onBusy?: (isBusy: boolean) => void;
  readonly now: () => number;
  readonly createRunId: () => RunId;
}

/** For runs of the product itself: not shown, not kept. */
export interface StartOptions {
  readonly onEvent?: (event: RunEvent) => void;
  readonly isRecorded?: boolean;
}

interface ActiveRun {
  readonly request: RunRequest;
  readonly runner: Runner;
  readonly stopping: AbortController;
  readonly guard: EventGuard;
  readonly isRecorded: boolean;
  stoppedBy: 'person' | 'world';
  session: RunnerSession | null;
  takeOut: () => boolean;
}

/** Admits, queues, limits, stops and records runs. Each admitted run ends in exactly one outcome. */
export class RunService {
  readonly #options: RunServiceOptions;
  readonly #queue = new RunQueue();
  readonly #active = new Map<RunId, ActiveRun>();
  readonly #admitting = new Tally<SessionId>();

  constructor(options: RunServiceOptions) {
    this.#options = options;
  }

  /**
   * `run/language-unavailable`, `run/code-too-large`, `run/queue-full`; `run/already-started` with the earlier run's id
   * for an automatic start of a call that was started before; `host/unavailable` when that cannot be written down.
   */
  async start(request: RunRequest, own: StartOptions = {}): Promise<Result<{ readonly runId: RunId }, AppError>> {
    const runner = this.#runnerOf(request.language);
    if (runner === undefined) return fail(appError('run/language-unavailable', request.language));
    if (request.code.length > LIMITS.codeUtf16.standard) return fail(appError('run/code-too-large'));
    // Those whose claim is being written count: they will wait too.
    const ahead = this.#queue.waitingCount + this.#admitting.total;
    if (ahead >= LIMITS.runsWaiting.standard) return fail(appError('run/queue-full'));
    const runId = this.#options.createRunId();
    this.#admitting.add(request.sessionId);
    const claimed = await this.#claim(request, runId);
    this.#admitting.delete(request.sessionId);
    if (!claimed.ok) return claimed;
    this.#admit(runId, request, runner, own);
    return ok({ runId });
  }

  stop(runId: RunId, by: 'person' | 'world' = 'person'): Result<null, AppError> {
    const run = this.#active.get(runId);
    if (run === undefined) return fail(appError('run/not-found'));
    run.stoppedBy = by;
    run.stopping.abort();
    if (run.takeOut()) {
      this.#end(runId, run, { kind: 'cancelled', by, sessionLost: false, timeMs: 0, memoryBytes: 0 });
    }
    return ok(null);
  }

  /** Null closes the input. */
  answerInput(runId: RunId, text: string | null): Result<null, AppError> {
    const session = this.#active.get(runId)?.session;
    if (!session) return fail(appError('run/not-found'));
    session.answerInput(text);
    return ok(null);
  }

  /** Stops what runs in the session and forgets its variables; files stay. */
  restartSession(sessionId: SessionId): void {
    for (const [runId, run] of [...this.#active]) if (run.request.sessionId === sessionId) this.stop(runId);
    for (const runner of this.#options.runners) this.#options.pool.end(runner, sessionId);
  }

  /** Whether a run of the session waits, works or is being admitted. */
  isInUse(sessionId: SessionId): boolean {
    if (this.#admitting.has(sessionId)) return true;
    return [...this.#active.values()].some((run) => run.request.sessionId === sessionId);
  }

  activeRuns(): readonly RunId[] {
    return [...this.#active.keys()];
  }

  recent(most: number): Promise<readonly RunSummary[]> {
    return this.#options.history.recent(most);
  }

  stopAll(): void {
    for (const runId of this.activeRuns()) this.stop(runId, 'world');
    this.#options.pool.endAll();
  }

  #runnerOf(language: Language): Runner | undefined {
    return this.#options.runners.find((runner) => runner.manifest.languages.includes(language));
  }

  async #claim({ callKey, trigger }: RunRequest, runId: RunId): Promise<Result<null, AppError>> {
    if (callKey === null) return ok(null);
    try {
      // A press claims too, so that the call cannot start by itself afterwards; but it may repeat.
      const earlier = await this.#options.claims.claim(callKey, runId, this.#options.now());
      return earlier === null || trigger === 'press' ? ok(null) : fail(appError('run/already-started', earlier));
    } catch (cause) {
      return trigger === 'press' ? ok(null) : fail(appError('host/unavailable', 'storage', cause));
    }
  }

  #admit(runId: RunId, request: RunRequest, runner: Runner, own: StartOptions): void {
    const { onAdmitted, onBusy, history, now } = this.#options;
    const isRecorded = own.isRecorded ?? true;
    const onEvent = own.onEvent ?? ((event: RunEvent) => this.#options.onEvent(runId, event));
    if (own.onEvent === undefined) onAdmitted(runId, request);
    const run: ActiveRun = {
      request,
      runner,
      stopping: new AbortController(),
      guard: new EventGuard(onEvent),
      isRecorded,
      stoppedBy: 'person',
      session: null,
      takeOut: () => false,
    };
    this.#active.set(runId, run);
    if (this.#active.size === 1) onBusy?.(true);
    const { sessionId, callKey, language } = request;
    if (isRecorded) note(history.started({ runId, sessionId, callKey, language, startedAtMs: now(), outcome: null }));
    run.guard.report({ kind: 'state', state: 'waiting' });
    run.takeOut = this.#queue.add(sessionId, async () => {
      const outcome = await performRun({
        request,
        runner,
        pool: this.#options.pool,
        signal: run.stopping.signal,
        stoppedBy: () => run.stoppedBy,
        report: (event) => run.guard.report(event),
        onSession: (session) => {
          run.session = session;
        },
        onAsking: (isAsking) => this.#queue.setAsking(sessionId, isAsking),
      }).catch((cause: unknown): Outcome => {
        console.error('a run failed in the host', cause);
        return { kind: 'crashed', code: 'runner/crashed', detail: null, sessionLost: true, timeMs: 0, memoryBytes: 0 };
      });
      this.#end(runId, run, outcome);
    });
  }

  #end(runId: RunId, run: ActiveRun, outcome: Outcome): void {
    this.#active.delete(runId);
    run.guard.end(outcome);
    if (run.isRecorded) note(this.#options.history.ended(runId, outcome));
    if (this.#active.size === 0) this.#options.onBusy?.(false);
  }
}

/** How often each is there. */
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

/** A run goes on when its history cannot be written; the log says so. */
function note(written: Promise<void>): void {
  written.catch((cause: unknown) => console.warn('history not written', cause));
}
