import type { Selection } from '../../src/contracts/selection.ts';
import type { AskedCommand } from '../../src/contracts/shell-consent.ts';
import { FAILURES } from '../../src/contracts/failures.ts';
import { fail, ok } from '../../src/base/index.ts';
import type { RunsDoor } from '../../src/contracts/doors/runs.ts';
import { type AppError, appError } from '../../src/contracts/errors.ts';
import type { FileStat } from '../../src/contracts/files.ts';
import type { CallKey, RunId } from '../../src/contracts/ids.ts';
import {
  type Language,
  type NumberedRunEvent,
  type RunEvent,
  type RunRequest,
  RUN_LIMITS,
  type RunLimit,
} from '../../src/contracts/run.ts';

type Listener = (event: NumberedRunEvent) => void;

export interface FakeRun {
  readonly runId: RunId;
  readonly request: RunRequest;
  /** Sends an event to whoever watches, and keeps it for later watchers. */
  tell(event: RunEvent): void;
  readonly answers: (string | null)[];
  isStopped: boolean;
}

export interface FakeRunsDoor extends RunsDoor {
  readonly started: readonly FakeRun[];
  /** Commands that code is asked about; those that `choose` allowed are not. */
  readonly asking: AskedCommand[];
  /** Limits below their bounds: all of them, until the test takes one away. */
  readonly raisable: Set<RunLimit>;
  /** What `choose` raised, and for whom. */
  readonly raised: (readonly [string, RunLimit])[];
  readonly files: Map<string, Uint8Array>;
  /** When its machine was saved. */
  savedAtMs: number | null;
  readonly restarted: Parameters<RunsDoor['restartSession']>[0][];
  /** Runs that somebody came to see. */
  readonly hurried: readonly RunId[];
  /** Calls whose run somebody waits for. */
  readonly awaited: readonly CallKey[];
  /** `[from, to]` of each `adoptSession`. */
  readonly adopted: (readonly [string, string])[];
  /** The next start answers with this. */
  refuseNext(error: AppError): void;
  onStart(listener: (run: FakeRun) => void): void;
  /** Every watch ends with this, as when the host is gone. */
  lose(error: AppError): void;
}

const name = (path: string) => path.split('/').at(-1) ?? path;

/** A runs door without a host: the test plays the runner. A call key starts by itself once, as in the host. */
export function createFakeRunsDoor(): FakeRunsDoor {
  const runs = new Map<RunId, FakeRun & { readonly events: NumberedRunEvent[]; readonly listeners: Set<Listener> }>();
  const started: FakeRun[] = [];
  const files = new Map<string, Uint8Array>();
  const restarted: FakeRunsDoor['restarted'] = [];
  const hurried: RunId[] = [];
  const awaited: CallKey[] = [];
  const onceStarted = new Set<() => void>();
  const adopted: (readonly [string, string])[] = [];
  let hasPrivate = false;
  const claimed = new Map<string, RunId>();
  const watches = new Set<(error: AppError) => void>();
  let refusal: AppError | null = null;
  let listener: ((run: FakeRun) => void) | null = null;
  const asking: AskedCommand[] = [];
  const allowed = new Set<string>();
  const raisable = new Set(RUN_LIMITS);
  const raised: FakeRunsDoor['raised'] = [];
  const askedIn = (code: string) =>
    asking.filter(({ name, text }) => code.includes(text) && (name === null || !allowed.has(name)));
  const stat = (path: string, bytes: Uint8Array): FileStat => ({
    path,
    kind: 'file',
    sizeBytes: bytes.length,
    modifiedAtMs: 1,
  });
  const create = (request: RunRequest) => {
    const runId = `run-${String(runs.size + 1)}` as RunId;
    const events: NumberedRunEvent[] = [];
    const listeners = new Set<Listener>();
    const run = {
      runId,
      request,
      events,
      listeners,
      answers: [] as (string | null)[],
      isStopped: false,
      tell(event: RunEvent) {
        const numbered = { runId, n: events.length + 1, atMs: Date.now(), event };
        events.push(numbered);
        for (const each of listeners) each(numbered);
      },
    };
    runs.set(runId, run);
    started.push(run);
    for (const look of onceStarted) look();
    return run;
  };
  const door: FakeRunsDoor = {
    started,
    asking,
    raisable,
    raised,
    files,
    savedAtMs: null,
    restarted,
    hurried,
    awaited,
    adopted,
    refuseNext: (error) => (refusal = error),
    onStart: (each) => (listener = each),
    lose(error) {
      for (const onLost of watches) onLost(error);
      watches.clear();
    },
    async start(request, follower) {
      if (refusal !== null) {
        const error = refusal;
        refusal = null;
        return fail(error);
      }
      const [asked] = request.isAgreed === true ? [] : askedIn(request.code);
      if (asked !== undefined) return fail(appError('run/commands-asked', asked.text));
      const earlier = request.callKey === null ? undefined : claimed.get(request.callKey);
      if (request.trigger === 'auto' && earlier !== undefined) return fail(appError('run/already-started', earlier));
      const run = create(request);
      if (request.callKey !== null) claimed.set(request.callKey, run.runId);
      listener?.(run);
      if (follower !== undefined) door.watch({ runId: run.runId, after: 0, ...follower });
      return ok({ runId: run.runId });
    },
    findRun: async ({ callKey, isAwaited }) => {
      const latest = () => started.findLast((each) => each.request.callKey === callKey);
      if (isAwaited && latest() === undefined) {
        awaited.push(callKey);
        await new Promise<void>((resolve) => {
          onceStarted.add(() => latest() !== undefined && resolve());
        });
      }
      const run = latest();
      const isEnded = runs.get(run?.runId as RunId)?.events.some(({ event }) => event.kind === 'ended') === true;
      return ok(run === undefined ? null : { runId: run.runId, isActive: !isEnded });
    },
    knownRuns: async ({ callKeys }) =>
      ok(
        callKeys.flatMap((callKey) => {
          const run = started.findLast(({ request }) => request.callKey === callKey);
          return run === undefined ? [] : [{ callKey, language: run.request.language, code: run.request.code }];
        }),
      ),
    async adoptSession({ from, to }) {
      adopted.push([from, to]);
      return ok({ adopted: true });
    },
    sessionFacts: async () => ok({ hasPrivateFiles: hasPrivate, raisable: [...raisable], savedAtMs: door.savedAtMs }),
    async stop({ runId }) {
      const run = runs.get(runId);
      if (run === undefined) return fail(appError('run/not-found'));
      run.isStopped = true;
      run.tell({
        kind: 'ended',
        outcome: { kind: 'cancelled', by: 'person', sessionLost: false, timeMs: 1, memoryBytes: 0 },
      });
      return ok(null);
    },
    async hurry({ runId }) {
      hurried.push(runId);
      return ok(null);
    },
    async answerInput({ runId, question, text }) {
      const run = runs.get(runId);
      if (run === undefined) return fail(appError('run/not-found'));
      const asked = run.events.findLast(({ event }) => event.kind === 'input' || event.kind === 'inputAnswered');
      if (asked?.event.kind !== 'input' || asked.n !== question) return fail(appError('run/not-asking'));
      run.answers.push(text);
      run.tell({ kind: 'inputAnswered' });
      return ok(null);
    },
    async restartSession(request) {
      restarted.push(request);
      return ok(null);
    },
    async addFile({ name: fileName, bytes }) {
      const path = `/mnt/data/${fileName}`;
      hasPrivate = true;
      files.set(path, bytes);
      return ok(stat(path, bytes));
    },
    async readFile({ path }) {
      const bytes = files.get(path);
      return bytes === undefined ? fail(appError('files/not-found', path)) : ok({ bytes });
    },
    listFiles: async () => ok([...files].map(([path, bytes]) => stat(path, bytes))),
    async removeFile({ path }) {
      files.delete(path);
      return ok(null);
    },
    async describeFile({ path, withValues }) {
      return ok({ text: `${name(path)}: 2 columns, 3 rows${withValues ? '; values: 1, 2, 3' : ''}` });
    },
    warm: async () => ok(null),
    select: async ({ language, label, code }) => ok(selectionOf(language, label, askedIn(code))),
    suggestFix: async () => ok(null),
    async choose({ sessionId, commands, raise }) {
      if (raise !== undefined) raised.push([sessionId, raise]);
      for (const command of commands ?? []) allowed.add(command);
      return ok(null);
    },
    failures: async () => ok(FAILURES),
    status: async () => ok({ kind: 'offscreen', python: 'ready', sessions: [], activeRuns: [], hasSharedMemory: true }),
    recentRuns: async () => ok([]),
    watch({ runId, after, onEvent, onLost, signal }) {
      const run = runs.get(runId);
      if (run === undefined) return onLost(appError('run/not-found'));
      for (const event of run.events.slice(after)) onEvent(event);
      run.listeners.add(onEvent);
      watches.add(onLost);
      const leave = () => {
        run.listeners.delete(onEvent);
        watches.delete(onLost);
      };
      signal.addEventListener('abort', leave, { once: true });
    },
  };
  return door;
}

/** Nothing speaks against running here what has an engine. */
function selectionOf(language: Language | null, label: string | null, asked: readonly AskedCommand[]): Selection {
  const canRunHere = language !== null;
  return {
    language: language ?? (label === 'go' ? 'go' : 'text'),
    isDetected: language === null,
    decision: {
      place: canRunHere ? 'onDevice' : 'remote',
      canRunHere,
      reasons: [canRunHere ? 'Nothing speaks against it.' : 'There is no engine for this language here.'],
      factors: [],
      estimate: { timeMs: 1, memoryMB: 1, confidence: 0, from: 'code' },
      warnings: [],
      ways: [],
    },
    seen: [{ title: 'Weighed', lines: [{ text: 'Nothing speaks against it.', line: null }] }],
    asked,
  };
}
