import 'fake-indexeddb/auto';
import type { RunId, SessionId } from '../../src/contracts/ids.ts';
import type { Outcome } from '../../src/contracts/outcome.ts';
import type { RunEvent, RunRequest } from '../../src/contracts/run.ts';
import type { Runner } from '../../src/contracts/runner.ts';
import {
  createCachedResults,
  createChoiceRecords,
  createClaims,
  createRunEstimates,
  createRunHistory,
  createSessionRecords,
  createTextRecords,
  openDatabase,
} from '../../src/database/index.ts';
import {
  CachedRuns,
  openResultCache,
  ownerOfFiles,
  PastRuns,
  RunNeeds,
  RunService,
  SessionChoiceBook,
  SessionPool,
} from '../../src/execution/index.ts';
import { createCodeReader } from '../../src/host/code-reader.ts';
import { createReading } from '../../src/host/reading/create-reading.ts';
import { filesState } from '../../src/host/files-state.ts';
import { MemoryFiles } from './kit/memory-files.ts';
import { createNodeBoxes } from './kit/node-box.ts';
import { pressed } from './run-request.ts';
import { standardPython } from './standard-python.ts';

export interface EngineRun {
  readonly runId: RunId;
  readonly outcome: Outcome;
  readonly stdout: string;
  readonly events: readonly RunEvent[];
}

/** The whole engine but its host: run service, queue, pool and database, over real runners in worker threads. */
export function engineInNode(runners: readonly Runner[], databaseName: string) {
  const database = openDatabase(databaseName);
  const now = () => Date.now();
  const trees = new Map<SessionId, MemoryFiles>();
  const filesOf = (sessionId: SessionId): MemoryFiles => {
    const owner = ownerOfFiles(sessionId);
    const files = trees.get(owner) ?? new MemoryFiles();
    trees.set(owner, files);
    return files;
  };
  const estimates = createRunEstimates(database);
  let isClosed = false;
  // Learning goes on behind the last run of a test.
  const put: typeof estimates.put = async (row) => (isClosed ? undefined : estimates.put(row));
  const past = new PastRuns({ store: { ...estimates, put }, now });
  const stored = createCachedResults(database);
  const results: typeof stored = {
    ...stored,
    put: async (row, body) => (isClosed ? undefined : stored.put(row, body)),
    remove: async (ids) => (isClosed ? undefined : stored.remove(ids)),
    rows: async (tier) => (isClosed ? [] : stored.rows(tier)),
  };
  const choices = new SessionChoiceBook(createChoiceRecords(database), now);
  const pool = new SessionPool({ boxes: createNodeBoxes({}), filesOf, records: createSessionRecords(database) });
  const events = new Map<RunId, RunEvent[]>();
  const ends = new Map<RunId, (outcome: Outcome) => void>();
  const { analyse } = createCodeReader(createTextRecords(database), createReading(standardPython));
  const cached = new CachedRuns({
    cache: openResultCache(results, now),
    purityOf: async (code, language) => (await analyse({ code, label: language })).purity,
    filesStateOf: (sessionId) => filesState(filesOf(sessionId)),
    version: async () => '1',
    isOn: () => true,
  });
  const service = new RunService({
    runners,
    cached,
    pool,
    claims: createClaims(database),
    history: createRunHistory(database),
    queue: { bounds: () => ({ atOnce: 3, poolMB: 256 }), memoryShare: () => 0, strategy: () => 'sequential' },
    needs: new RunNeeds(past),
    limitsOf: (request) => choices.limits(request),
    onAdmitted: (runId) => events.set(runId, []),
    onEvent: (runId, event) => {
      events.get(runId)?.push(event);
      if (event.kind === 'ended') ends.get(runId)?.(event.outcome);
    },
    now,
    createRunId: () => crypto.randomUUID() as RunId,
  });
  const start = async (
    language: RunRequest['language'],
    code: string,
    changes: Partial<RunRequest> = {},
  ): Promise<{ readonly runId: RunId; readonly ended: Promise<EngineRun> }> => {
    const started = await service.start(
      pressed({ sessionId: 's' as SessionId, language, code, stdin: [], ...changes }),
    );
    if (!started.ok) throw new Error(`${started.error.code} ${started.error.detail ?? ''}`);
    const { runId } = started.value;
    const over = (outcome: Outcome): EngineRun => {
      const all = events.get(runId) ?? [];
      const stdout = all.map((event) => (event.kind === 'output' && event.stream === 'stdout' ? event.text : ''));
      return { runId, outcome, stdout: stdout.join(''), events: all };
    };
    const ended = new Promise<EngineRun>((resolve) => {
      const last = events.get(runId)?.at(-1);
      if (last?.kind === 'ended') resolve(over(last.outcome));
      else ends.set(runId, (outcome) => resolve(over(outcome)));
    });
    return { runId, ended };
  };
  return {
    service,
    pool,
    past,
    choices,
    filesOf,
    start,
    run: async (language: RunRequest['language'], code: string, changes: Partial<RunRequest> = {}) =>
      (await start(language, code, changes)).ended,
    close() {
      isClosed = true;
      service.stopAll();
      database.close();
    },
  };
}
