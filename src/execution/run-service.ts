import { fail, ok, type Result } from '../base/index.ts';
import type { ActiveRun, LanguageCapabilities, RunFailure } from '../contracts/doors/engine.ts';
import { type AppError, appError } from '../contracts/errors.ts';
import type { RunId, SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { AskNetwork } from '../contracts/network.ts';
import type { Outcome } from '../contracts/outcome.ts';
import type {
  Language,
  QueueStrategy,
  RunEvent,
  RunFilter,
  RunLimits,
  RunNeed,
  RunRequest,
  RunSummary,
} from '../contracts/run.ts';
import type { Runner } from '../contracts/runner.ts';
import type { Claims, RunHistory } from '../database/index.ts';
import { Admission } from './admission.ts';
import { apartSession } from './apart-session.ts';
import { type CachedRuns, replay } from './cache/index.ts';
import { capabilitiesOf } from './capabilities.ts';
import { type EnginePlaces, type NetworkUser, unknownPlace } from './engine-places.ts';
import { EngineStarts } from './engine-starts.ts';
import { EventGuard } from './event-guard.ts';
import { performRun } from './perform-run.ts';
import { type GovernorOptions, RunQueue } from './queue/index.ts';
import { endedWell, RunFailures } from './run-failures.ts';
import { type RunInService, statusOf } from './run-in-service.ts';
import { type RunNeeds, UNKNOWN_NEED } from './run-needs.ts';
import type { SessionPool } from './session-pool.ts';
import { settledWithin } from './settled-within.ts';
import { unlessAborted } from './unless-aborted.ts';

export interface RunServiceOptions {
  readonly runners: readonly Runner[];
  readonly pool: SessionPool;
  readonly claims: Claims;
  readonly history: RunHistory;
  readonly queue: GovernorOptions & { readonly strategy: () => QueueStrategy };
  readonly needs: RunNeeds;
  /** What a person should hear in a run of this conversation, besides its own events; null where there is nothing. */
  readonly noticeOf?: (sessionId: SessionId, runner: Runner) => Promise<string | null>;
  /** The network gate for one run, which hears what went through for it so far; without it no run reaches anything. */
  readonly network?: (run: NetworkUser, onBytes: (bytes: number) => void) => AskNetwork;
  /** Without it the engine of a conversation is in the conversation's own session. */
  readonly engines?: EnginePlaces;
  /** Without it every run runs. */
  readonly cached?: CachedRuns;
  /** The limits of a run after what its conversation's person chose. */
  readonly limitsOf: (request: RunRequest) => Promise<RunLimits>;
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

const NOT_BEGUN = { timeMs: 0, memoryBytes: 0 } as const;

/** The one door to all runners: admits, queues, limits, stops, records and lists runs. Each ends in exactly one outcome. */
export class RunService {
  readonly #options: RunServiceOptions;
  readonly #queue: RunQueue;
  readonly #admission: Admission;
  readonly #failures = new RunFailures();
  readonly #starts = new EngineStarts();
  readonly #active = new Map<RunId, RunInService>();
  #waitingUtf16 = 0;

  constructor(options: RunServiceOptions) {
    this.#options = options;
    this.#queue = new RunQueue(options.queue);
    this.#admission = new Admission(options);
  }

  /**
   * `run/language-unavailable`, `run/code-too-large`, `run/queue-full`; `run/dependency-failed` with the id of a run that
   * failed or is not known; `run/already-started` with the earlier run's id for an automatic start of a call that was
   * started before; `host/unavailable` when that cannot be written down.
   */
  async start(asked: RunRequest, own: StartOptions = {}): Promise<Result<{ readonly runId: RunId }, AppError>> {
    const runner = this.#runnerOf(asked.language);
    if (runner === undefined) return fail(appError('run/language-unavailable', asked.language));
    const bounded = this.#admission.bounded(asked, {
      waitingCount: this.#queue.waitingCount,
      waitingUtf16: this.#waitingUtf16,
    });
    if (!bounded.ok) return bounded;
    const runId = this.#options.createRunId();
    return this.#admission.inTurn(asked.sessionId, async () => {
      const depends = await this.#dependable(asked.dependsOn ?? []);
      if (!depends.ok) return depends;
      const need = (await this.#options.needs.known(asked)) ?? (await this.#readBesideOthers(asked));
      const limits = await this.#options.limitsOf(asked);
      const unknown = await unknownPlace(this.#options.engines);
      if (unknown !== null) return fail(unknown);
      const claimed = await this.#admission.claim(asked, runId);
      if (!claimed.ok) return claimed;
      const request = { ...asked, limits, need: need ?? UNKNOWN_NEED };
      const admitted = this.#admit(runId, request, runner, { ...own, isNeedKnown: need !== null });
      if (this.#active.size > 1) void this.#readUnknown();
      return admitted;
    });
  }

  /** Who runs alone begins whatever it needs, so nobody waits for its code to be read; who comes beside others is read. */
  async #readBesideOthers(asked: RunRequest): Promise<RunNeed | null> {
    if (this.#active.size === 0 && this.#admission.count <= 1) return null;
    let need: RunNeed | null = null;
    const others = this.#readUnknown();
    const own = this.#options.needs.read(asked).then((read) => (need = read));
    await settledWithin(Promise.all([others, own]), LIMITS.needReadMs.standard);
    return need;
  }

  /** Reads those under way of which nothing is known, once: now others go by what they need. */
  async #readUnknown(): Promise<void> {
    const unknown = [...this.#active].filter(([, run]) => !run.isNeedKnown);
    const readings = unknown.map(async ([runId, run]) => {
      run.isNeedKnown = true;
      const need = await this.#options.needs.read(run.request);
      if (need !== null) this.#queue.setNeed(runId, need);
    });
    await Promise.all(readings);
  }

  stop(runId: RunId, by: 'person' | 'world' = 'person'): Result<null, AppError> {
    const run = this.#active.get(runId);
    if (run === undefined) return fail(appError('run/not-found'));
    run.stoppedBy = by;
    run.stopping.abort();
    if (this.#queue.takeOut(runId)) this.#end(runId, run, { kind: 'cancelled', by, sessionLost: false, ...NOT_BEGUN });
    return ok(null);
  }

  /** Somebody waits for it now. */
  hurry(runId: RunId): Result<null, AppError> {
    const run = this.#active.get(runId);
    if (run === undefined) return fail(appError('run/not-found'));
    run.priority = 'interactive';
    this.#queue.rankAgain(runId);
    return ok(null);
  }

  /** Null closes the input. */
  answerInput(runId: RunId, text: string | null): Result<null, AppError> {
    const session = this.#active.get(runId)?.session;
    if (!session) return fail(appError('run/not-found'));
    session.answerInput(text);
    return ok(null);
  }

  /**
   * Stops what runs in the session and forgets its variables; files stay. Of one language's engine alone, where it is named. With
   * `keepsSaved` an engine that was saved goes on from there.
   */
  restartSession(sessionId: SessionId, language?: Language, { keepsSaved = false } = {}): void {
    const isMeant = ({ manifest }: Runner) => language === undefined || manifest.languages.includes(language);
    for (const [runId, { request, runner }] of [...this.#active])
      if (request.sessionId === sessionId && isMeant(runner)) this.stop(runId);
    for (const runner of this.#options.runners.filter(isMeant))
      this.#options.pool.restart(runner, this.#engineSession(runner, sessionId), { keepsSaved });
  }

  /** The same of one engine, whichever its session uses, and of what runs in it. */
  restartEngine(runner: Runner, engine: SessionId, as: { readonly keepsSaved: boolean }): void {
    for (const [runId, run] of [...this.#active]) if (run.runner === runner && run.engine === engine) this.stop(runId);
    this.#options.pool.restart(runner, engine, as);
  }

  /** Whether a run of the session waits, works or is being admitted. */
  isInUse(sessionId: SessionId): boolean {
    if (this.#admission.isUnderWay(sessionId)) return true;
    return [...this.#active.values()].some((run) => run.request.sessionId === sessionId);
  }

  activeRuns(): readonly RunId[] {
    return [...this.#active.keys()];
  }

  /** Null when it is over, or never was. */
  status(runId: RunId): ActiveRun | null {
    const run = this.#active.get(runId);
    return run === undefined ? null : statusOf(runId, run);
  }

  /** What there is an engine for, and what each can do. */
  capabilities(): readonly LanguageCapabilities[] {
    return capabilitiesOf(this.#options.runners);
  }

  recent(most: number): Promise<readonly RunSummary[]> {
    return this.#options.history.recent(most);
  }

  list(filter: RunFilter): Promise<readonly RunSummary[]> {
    return this.#options.history.list(filter);
  }

  failures(most: number): readonly RunFailure[] {
    return this.#failures.latest(most);
  }

  /** Bounds of the queue were set, or an engine gave memory back. */
  boundsChanged(): void {
    this.#queue.lookAgain();
  }

  stopAll(): void {
    for (const runId of this.activeRuns()) this.stop(runId, 'world');
    this.#options.pool.endAll();
  }

  #engineSession(runner: Runner, sessionId: SessionId): SessionId {
    return this.#options.engines?.engineSession(runner, sessionId) ?? sessionId;
  }

  #runnerOf(language: Language): Runner | undefined {
    return this.#options.runners.find((runner) => runner.manifest.languages.includes(language));
  }

  /** Runs of this host's life are known to the queue, those before it to the history. */
  async #dependable(runIds: readonly RunId[]): Promise<Result<null, AppError>> {
    for (const runId of runIds) {
      if (this.#queue.isKnown(runId)) continue;
      const earlier = await this.#options.history.find(runId).catch(() => null); // unreadable is unknown
      if (earlier === null || earlier.outcome === null) return fail(appError('run/dependency-failed', runId));
      this.#queue.noteEnded(runId, endedWell(earlier.outcome));
    }
    const failed = this.#queue.failedOf(runIds);
    return failed === null ? ok(null) : fail(appError('run/dependency-failed', failed));
  }

  #admit(
    runId: RunId,
    request: RunRequest & { readonly need: NonNullable<RunRequest['need']> },
    runner: Runner,
    own: StartOptions & { readonly isNeedKnown: boolean },
  ): Result<{ readonly runId: RunId }, AppError> {
    const { onAdmitted, onBusy, history, now, queue } = this.#options;
    const {
      sessionId,
      callKey,
      language,
      priority = 'interactive',
      strategy = queue.strategy(),
      dependsOn = [],
    } = request;
    const isRecorded = own.isRecorded ?? true;
    const onEvent = own.onEvent ?? ((event: RunEvent) => this.#options.onEvent(runId, event));
    const failed = this.#queue.failedOf(dependsOn);
    if (failed !== null) return fail(appError('run/dependency-failed', failed));
    if (own.onEvent === undefined) onAdmitted(runId, request);
    const run: RunInService = {
      request,
      runner,
      priority,
      stopping: new AbortController(),
      guard: new EventGuard(onEvent),
      isRecorded,
      isNeedKnown: own.isNeedKnown,
      askedAtMs: now(),
      state: 'waiting',
      ahead: 0,
      beganAtMs: null,
      stoppedBy: 'person',
      session: null,
      engine: null,
    };
    this.#active.set(runId, run);
    if (this.#active.size === 1) onBusy?.(true);
    const row = { runId, sessionId, callKey, language, startedAtMs: run.askedAtMs, outcome: null, priority };
    if (isRecorded) note(history.started(row));
    this.#waitingUtf16 += request.code.length;
    run.guard.report({ kind: 'state', state: 'waiting' });
    let outcome: Outcome | null = null;
    this.#queue.add({
      id: runId,
      sessionId,
      get priority() {
        return run.priority;
      },
      strategy,
      isAuto: request.trigger === 'auto',
      dependsOn,
      need: request.need,
      begin: async () => {
        outcome = await this.#perform(runId, run, strategy);
        return endedWell(outcome);
      },
      over: () => {
        if (outcome !== null) this.#end(runId, run, outcome);
      },
      refuse: (dependency) =>
        this.#end(runId, run, { kind: 'refused', code: 'run/dependency-failed', detail: dependency, ...NOT_BEGUN }),
      onQueued: (ahead, waitsFor) => {
        run.ahead = ahead;
        run.guard.report({ kind: 'queued', ahead, waitsFor });
      },
    });
    return ok({ runId });
  }

  async #perform(runId: RunId, run: RunInService, strategy: QueueStrategy): Promise<Outcome> {
    const { pool, needs, cached, now } = this.#options;
    const { request, runner } = run;
    const beganAt = performance.now();
    run.state = 'starting';
    run.ahead = 0;
    run.beganAtMs = now();
    this.#waitingUtf16 -= request.code.length;
    // Beside others of its session it may not touch their variables: an engine of its own, ended with it.
    const isApart = strategy === 'concurrent';
    const usual = this.#engineSession(runner, request.sessionId);
    const sessionId = isApart ? apartSession(runId, usual) : usual;
    run.engine = sessionId;
    const owner = request.sessionId;
    const keepsNames = !isApart && runner.manifest.capabilities.keepsVariables;
    // The question only saves time: Stop does not wait for its answer.
    const asked = cached?.open(request, { engine: pool.engineOf(runner, sessionId), owner, keepsNames });
    const slot = await unlessAborted(asked, run.stopping.signal);
    if (slot?.found && !run.stopping.signal.aborted) {
      const timeMs = performance.now() - beganAt;
      return replay(slot.found, timeMs, (event) => run.guard.report(event));
    }
    const noticed = unlessAborted(this.#notice(run), run.stopping.signal);
    let engineBytes = 0;
    const network = this.#options.network?.(
      { sessionId: request.sessionId, engine: sessionId, runner: runner.manifest.id, trigger: request.trigger },
      (bytes) => run.guard.report({ kind: 'network', bytes }),
    );
    const outcome = await performRun({
      request: { ...request, sessionId },
      runner,
      pool,
      starts: this.#starts,
      ...(network === undefined ? {} : { network }),
      signal: run.stopping.signal,
      stoppedBy: () => run.stoppedBy,
      report: (event) => {
        slot?.note(event);
        run.guard.report(event);
      },
      onSession: (session) => {
        run.session = session;
        run.state = 'running';
        // What is told of a run in a machine is its program's own.
        engineBytes = session.watchMachine === undefined ? session.memoryBytes : 0;
        if (!slot) cached?.changed(session);
      },
      onAsking: (isAsking) => {
        run.state = isAsking ? 'asking' : 'running';
        this.#queue.setAsking(runId, isAsking);
      },
    }).catch((cause: unknown): Outcome => {
      console.error('a run failed in the host', cause);
      return { kind: 'crashed', code: 'runner/crashed', detail: null, sessionLost: true, ...NOT_BEGUN };
    });
    await settledWithin(noticed, LIMITS.storedWaitMs.standard);
    slot?.keep(outcome);
    if (isApart) pool.end(runner, sessionId);
    if (run.isRecorded) needs.learn(request, outcome, engineBytes);
    return outcome;
  }

  async #notice({ request, runner, guard }: RunInService): Promise<void> {
    const text = (await this.#options.noticeOf?.(request.sessionId, runner)) ?? null;
    if (text !== null) guard.report({ kind: 'notice', text });
  }

  #end(runId: RunId, run: RunInService, outcome: Outcome): void {
    const { request, runner } = run;
    this.#active.delete(runId);
    if (run.beganAtMs === null) this.#waitingUtf16 -= request.code.length;
    run.guard.end(outcome);
    if (run.isRecorded) {
      const { history, now } = this.#options;
      note(history.ended(runId, outcome));
      this.#failures.note({ runId, runner: runner.manifest.id, language: request.language, atMs: now() }, outcome);
    }
    if (this.#active.size === 0) this.#options.onBusy?.(false);
  }
}

/** A run goes on when its history cannot be written; the log says so. */
function note(written: Promise<void>): void {
  written.catch((cause: unknown) => console.warn('history not written', cause));
}
