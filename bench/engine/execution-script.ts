import PQueue from 'p-queue';
import type { RunId, SessionId } from '../../src/contracts/ids.ts';
import type { Outcome } from '../../src/contracts/outcome.ts';
import type { Runner } from '../../src/contracts/runner.ts';
import {
  createChoiceRecords,
  createClaims,
  createRunEstimates,
  createRunHistory,
  openDatabase,
} from '../../src/database/index.ts';
import {
  PastRuns,
  RunNeeds,
  RunService,
  select,
  type SelectInput,
  SessionChoiceBook,
  SessionPool,
} from '../../src/execution/index.ts';
import { recordsInMemory } from '../../tests/support/records-in-memory.ts';
import { createScriptedRunner, noBoxes, noFiles } from '../../tests/support/scripted-runner.ts';

// Bundled and evaluated in a page of the extension: the product's own run service over its own database.
const DONE: Outcome = { kind: 'completed', exitCode: 0, result: null, error: null, timeMs: 1, memoryBytes: 1 };

/** Every run of it ends at once: what is left is the service's own time. */
function instantRunner(order: string[]): Runner {
  const { manifest } = createScriptedRunner();
  return {
    manifest,
    warm: () => undefined,
    openSession: async ({ sessionId }) => ({
      ok: true,
      value: {
        execute: async ({ code }) => {
          order.push(`${sessionId} ${code}`);
          return DONE;
        },
        answerInput: () => undefined,
        validate: async () => ({ ok: true, value: null }),
        memoryBytes: 1,
        isAlive: true,
        isResting: false,
        isResumed: false,
        saved: null,
        dispose: () => undefined,
      },
    }),
  };
}

/** Claims and the history as in the host, on disk. */
function openService(name: string) {
  const database = openDatabase(name);
  const now = () => Date.now();
  const order: string[] = [];
  const ended = new Map<RunId, Outcome>();
  const waiting = new Map<RunId, () => void>();
  const choices = new SessionChoiceBook(createChoiceRecords(database), now);
  let lastId = 0;
  const service = new RunService({
    runners: [instantRunner(order)],
    pool: new SessionPool({ boxes: noBoxes, filesOf: () => noFiles, records: recordsInMemory() }),
    claims: createClaims(database),
    history: createRunHistory(database),
    queue: {
      bounds: () => ({ atOnce: 3, poolMB: 256 }),
      memoryShare: () => 0,
      strategy: () => 'sequential',
    },
    needs: new RunNeeds(new PastRuns({ store: createRunEstimates(database), now })),
    limitsOf: (request) => choices.limits(request),
    onAdmitted: () => undefined,
    onEvent: (runId, event) => {
      if (event.kind !== 'ended') return;
      ended.set(runId, event.outcome);
      waiting.get(runId)?.();
    },
    now,
    createRunId: () => `run-${(lastId += 1)}` as RunId,
  });
  const run = async (session: string, code: string): Promise<void> => {
    const started = await service.start({
      sessionId: session as SessionId,
      language: 'python',
      code,
      callKey: null,
      trigger: 'press',
      limits: { timeMs: 30_000, memoryMB: 256 },
      stdin: null,
    });
    if (!started.ok) throw new Error(started.error.code);
    const { runId } = started.value;
    if (!ended.has(runId)) await new Promise<void>((resolve) => void waiting.set(runId, resolve));
  };
  return { run, order, ended, close: () => database.close() };
}

/** Milliseconds for each of the decisions; each is made `times` times, for the clock is coarse. */
function decisions(inputs: readonly SelectInput[], times: number): number[] {
  return inputs.map((input) => {
    const startedAtMs = performance.now();
    for (let turn = 0; turn < times; turn += 1) select(input);
    return (performance.now() - startedAtMs) / times;
  });
}

/** So many runs of seven sessions queued at once. */
async function queued(count: number): Promise<{ ms: number; lost: number; misplaced: number }> {
  const { run, order, ended, close } = openService(`bench-${crypto.randomUUID()}`);
  const startedAtMs = performance.now();
  await Promise.all(Array.from({ length: count }, (_, n) => run(`s${n % 7}`, String(n))));
  const ms = performance.now() - startedAtMs;
  const lastOf = new Map<string, number>();
  let misplaced = 0;
  for (const each of order) {
    const [session = '', code] = each.split(' ');
    if ((lastOf.get(session) ?? -1) > Number(code)) misplaced += 1;
    lastOf.set(session, Number(code));
  }
  close();
  return { ms, lost: count - ended.size + (count - order.length), misplaced };
}

/** The same number of jobs that do nothing, through a plain queue. */
async function peer(count: number): Promise<number> {
  const queue = new PQueue({ concurrency: 3 });
  const startedAtMs = performance.now();
  await Promise.all(Array.from({ length: count }, () => queue.add(async () => DONE)));
  return performance.now() - startedAtMs;
}

/** From the asking to the outcome, with nothing else to do; in ms. */
async function alone(count: number): Promise<number[]> {
  const { run, close } = openService(`bench-${crypto.randomUUID()}`);
  const samples: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const startedAtMs = performance.now();
    await run('s', String(n));
    samples.push(performance.now() - startedAtMs);
  }
  close();
  return samples;
}

export const benchExecution = { decisions, queued, peer, alone };
Object.assign(globalThis, { benchExecution });
