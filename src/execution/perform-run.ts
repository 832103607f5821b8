import { type AppError, appError } from '../contracts/errors.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { AskNetwork } from '../contracts/network.ts';
import type { Outcome } from '../contracts/outcome.ts';
import type { RunEvent, RunRequest } from '../contracts/run.ts';
import type { Runner, RunnerSession } from '../contracts/runner.ts';
import type { EngineStarts } from './engine-starts.ts';
import { startRunWatch } from './run-watch.ts';
import type { SessionPool } from './session-pool.ts';

export interface RunInHand {
  readonly request: RunRequest;
  readonly runner: Runner;
  readonly pool: SessionPool;
  readonly starts: EngineStarts;
  readonly network?: AskNetwork;
  /** Aborted by Stop. */
  readonly signal: AbortSignal;
  readonly stoppedBy: () => 'person' | 'world';
  readonly report: (event: RunEvent) => void;
  readonly onSession: (session: RunnerSession) => void;
  /** True when it begins to wait for a person's answer, false when it works again. */
  readonly onAsking: (isAsking: boolean) => void;
}

/**
 * One run from a free place in the queue to its outcome. Never rejects. The session is released or, where it can no longer
 * be trusted, ended: a runner that is silent past the bound of a phase or past Stop is ended by force.
 */
export async function performRun(hand: RunInHand): Promise<Outcome> {
  const { request, runner, pool, signal } = hand;
  const startedAt = performance.now();
  const timeMs = () => performance.now() - startedAt;
  if (signal.aborted) return cancelled(hand, timeMs(), 0, false);

  hand.report({ kind: 'state', state: 'starting' });
  const opening = new AbortController();
  const openSignal = AbortSignal.any([signal, opening.signal]);
  const late = setTimeout(() => opening.abort(), LIMITS.sessionStartMs.standard);
  const starting = hand.starts.start(
    runner.manifest.id,
    () => pool.take({ runner, sessionId: request.sessionId, limits: request.limits, signal: openSignal }),
    {
      signal: openSignal,
      onRetry: () => {
        pool.end(runner, request.sessionId);
        hand.report({ kind: 'notice', text: 'The engine did not start; it is tried once more.' });
      },
    },
  );
  const taken = await firstOf(starting, openSignal);
  clearTimeout(late);
  if (taken === null || !taken.ok) {
    pool.end(runner, request.sessionId);
    if (signal.aborted) return cancelled(hand, timeMs(), 0, true);
    return crashed(taken?.ok === false ? taken.error : appError('runner/start-failed', 'no answer'), timeMs(), 0);
  }

  const { session, isRevived } = taken.value;
  if (isRevived)
    hand.report({ kind: 'notice', text: 'Variables of earlier runs are gone: their engine was closed meanwhile.' });
  hand.onSession(session);
  hand.report({ kind: 'state', state: 'running' });
  const outcome = await execute(hand, session, timeMs);
  const isLost = 'sessionLost' in outcome && outcome.sessionLost;
  if (isLost || !session.isAlive) pool.end(runner, request.sessionId);
  else pool.release(runner, request.sessionId);
  return outcome;
}

async function execute(hand: RunInHand, session: RunnerSession, timeMs: () => number): Promise<Outcome> {
  const { request, signal, network } = hand;
  const stopping = new AbortController();
  const watch = startRunWatch(request.limits.timeMs);
  const { code, language, limits, stdin } = request;
  let patience: ReturnType<typeof setTimeout> | null = null;
  let isOver = false;
  const work = () => {
    if (patience !== null) clearTimeout(patience);
    patience = null;
    watch.resume();
    hand.onAsking(false);
  };
  const ask = () => {
    watch.pause();
    hand.onAsking(true);
    if (patience !== null) clearTimeout(patience);
    patience = setTimeout(() => {
      hand.report({ kind: 'notice', text: 'Nobody answered for 30 minutes: the input was closed.' });
      session.answerInput(null);
    }, LIMITS.inputWaitMs.standard);
  };
  const running = session
    .execute(
      { code, language, limits, stdin },
      {
        ...(network === undefined ? {} : { network }),
        signal: AbortSignal.any([signal, stopping.signal]),
        onEvent: (event) => {
          hand.report(event);
          if (isOver) return;
          if (event.kind === 'input') ask();
          if (event.kind === 'inputAnswered') work();
        },
        onPhase: watch.enter,
      },
    )
    .catch((cause: unknown): Outcome => {
      console.error(`runner ${hand.runner.manifest.id} threw`, cause);
      return crashed(appError('runner/crashed'), timeMs(), session.memoryBytes);
    });
  const silentAfterStop = afterAbort(signal, LIMITS.stopGraceMs.standard + 500);
  const first = await Promise.race([running, watch.late, silentAfterStop.then(() => 'silent' as const)]);
  watch.end();
  isOver = true;
  if (patience !== null) clearTimeout(patience);
  // A runner sees that it is stopped, not by whom.
  if (typeof first !== 'string')
    return first.kind === 'cancelled' && signal.aborted ? { ...first, by: hand.stoppedBy() } : first;
  const memoryBytes = session.memoryBytes;
  stopping.abort();
  session.dispose();
  if (first === 'silent') return cancelled(hand, timeMs(), memoryBytes, true);
  // The program had none of its time: more of it would not help.
  if (first === 'preparing') return crashed(appError('runner/killed', 'it never began'), timeMs(), memoryBytes);
  return { kind: 'timedOut', limitMs: limits.timeMs, sessionLost: true, timeMs: timeMs(), memoryBytes };
}

function crashed(error: AppError, timeMs: number, memoryBytes: number): Outcome {
  return { kind: 'crashed', code: error.code, detail: error.detail ?? null, sessionLost: true, timeMs, memoryBytes };
}

function cancelled(hand: RunInHand, timeMs: number, memoryBytes: number, sessionLost: boolean): Outcome {
  return { kind: 'cancelled', by: hand.stoppedBy(), sessionLost, timeMs, memoryBytes };
}

/** Null when the signal aborts first; what comes later is left to the one who made it. */
function firstOf<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | null> {
  return new Promise((resolve, reject) => {
    promise.then(resolve, reject);
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
}

function afterAbort(signal: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const begin = () => void setTimeout(resolve, ms);
    if (signal.aborted) begin();
    else signal.addEventListener('abort', begin, { once: true });
  });
}
