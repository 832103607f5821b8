import type { ActiveRun } from '../contracts/doors/engine.ts';
import type { RunId, SessionId } from '../contracts/ids.ts';
import type { RunPriority, RunRequest } from '../contracts/run.ts';
import type { Runner, RunnerSession } from '../contracts/runner.ts';
import type { EventGuard } from './event-guard.ts';

/** A run that was admitted and is not over. */
export interface RunInService {
  readonly request: RunRequest;
  readonly runner: Runner;
  readonly stopping: AbortController;
  readonly guard: EventGuard;
  readonly isRecorded: boolean;
  readonly askedAtMs: number;
  /** Also true of one whose code was read, whatever came of it. */
  isNeedKnown: boolean;
  priority: RunPriority;
  state: ActiveRun['state'];
  ahead: number;
  beganAtMs: number | null;
  stoppedBy: 'person' | 'world';
  session: RunnerSession | null;
  /** In whose engine it is; null before it begins. */
  engine: SessionId | null;
}

/** What others are told of it. */
export function statusOf(runId: RunId, run: RunInService): ActiveRun {
  const { request, runner, priority, state, ahead, askedAtMs, beganAtMs, session } = run;
  const { sessionId, language } = request;
  const memoryBytes = session?.memoryBytes ?? 0;
  return {
    runId,
    sessionId,
    language,
    runner: runner.manifest.id,
    priority,
    state,
    ahead,
    askedAtMs,
    beganAtMs,
    memoryBytes,
  };
}
