import type { CallKey, RunId, SessionId } from '../../src/contracts/ids.ts';
import type { Outcome } from '../../src/contracts/outcome.ts';
import type { QueueStrategy, RunEvent, RunRequest, RunSummary } from '../../src/contracts/run.ts';
import type { Runner } from '../../src/contracts/runner.ts';
import {
  type CachedRuns,
  PastRuns,
  type ReadProgram,
  RunNeeds,
  RunService,
  SessionChoiceBook,
  SessionPool,
} from '../../src/execution/index.ts';
import { choicesInMemory, estimatesInMemory, historyInMemory } from './run-records-in-memory.ts';
import { recordsInMemory } from './records-in-memory.ts';
import { pressed } from './run-request.ts';
import { createScriptedRunner, noBoxes, noFiles } from './scripted-runner.ts';

/** A run service with everything around it in memory; what ran is in the hands of the test. */
export function runWorld(
  claims = new Map<CallKey, RunId>(),
  records = recordsInMemory(),
  options: {
    readonly estimates?: ReturnType<typeof estimatesInMemory>;
    readonly cached?: CachedRuns;
    /** What the code of a run tells; without it nothing. */
    readonly read?: (code: string) => Promise<ReadProgram>;
    /** Claims are written once this settles. */
    readonly claimsAfter?: Promise<unknown>;
    /** In place of the one that is in the hands of the test. */
    readonly runners?: readonly Runner[];
  } = {},
) {
  const bounds = { atOnce: 3, poolMB: 256, memoryShare: 0, strategy: 'sequential' as QueueStrategy };
  const choices = new SessionChoiceBook(choicesInMemory(), () => 1);
  const runner = createScriptedRunner();
  const events = new Map<RunId, RunEvent[]>();
  const history = new Map<RunId, RunSummary>();
  const busy: boolean[] = [];
  const waiting = new Set<() => void>();
  const pool = new SessionPool({ boxes: noBoxes, filesOf: () => noFiles, records });
  let lastId = 0;
  const service = new RunService({
    runners: options.runners ?? [runner],
    pool,
    claims: {
      claim: async (key, runId) => {
        await options.claimsAfter;
        const earlier = claims.get(key) ?? null;
        if (earlier === null) claims.set(key, runId);
        return earlier;
      },
    },
    history: historyInMemory(history),
    queue: { bounds: () => bounds, memoryShare: () => bounds.memoryShare, strategy: () => bounds.strategy },
    needs: new RunNeeds(new PastRuns({ store: options.estimates ?? estimatesInMemory(), now: () => 1 }), options.read),
    ...(options.cached === undefined ? {} : { cached: options.cached }),
    limitsOf: (asked) => choices.limits(asked),
    onAdmitted: (runId) => events.set(runId, []),
    onEvent: (runId, event) => {
      events.get(runId)?.push(event);
      for (const look of waiting) look();
    },
    onBusy: (isBusy) => busy.push(isBusy),
    now: () => 1,
    createRunId: () => `run-${(lastId += 1)}` as RunId,
  });
  const request = (session = 's', changes: Partial<RunRequest> = {}): RunRequest =>
    pressed({ sessionId: session as SessionId, code: 'x', limits: { timeMs: 5_000, memoryMB: 256 }, ...changes });
  const start = async (session?: string, changes?: Partial<RunRequest>): Promise<RunId> => {
    const started = await service.start(request(session, changes));
    if (!started.ok) throw new Error(started.error.code);
    return started.value.runId;
  };
  const outcomes = (runId: RunId) =>
    (events.get(runId) ?? []).flatMap((event) => (event.kind === 'ended' ? [event.outcome] : []));
  const ended = (runId: RunId) =>
    new Promise<Outcome>((resolve) => {
      const look = () => {
        const [outcome] = outcomes(runId);
        if (outcome !== undefined) resolve(outcome);
      };
      waiting.add(look);
      look();
    });
  return {
    bounds,
    choices,
    runner,
    pool,
    service,
    request,
    start,
    events,
    outcomes,
    ended,
    history,
    busy,
    claims,
    records,
  };
}
