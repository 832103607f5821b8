import { fail, ok, type Result } from '../base/index.ts';
import { type Caller, serveDoor } from '../bridge/index.ts';
import { ENGINE_POLICY, ENGINE_REQUESTS } from '../contracts/doors/engine-policy.ts';
import type { EngineDoor } from '../contracts/doors/engine.ts';
import { RUNS_POLICY, RUNS_PORT } from '../contracts/doors/runs-policy.ts';
import { RUNS_REQUESTS, RUNS_STREAM } from '../contracts/doors/runs-requests.ts';
import type { HostStatus, RunsDoor } from '../contracts/doors/runs.ts';
import { type AppError, appError } from '../contracts/errors.ts';
import type { SessionFiles } from '../contracts/files.ts';
import type { RunId, SessionId } from '../contracts/ids.ts';
import { FAILURES } from '../contracts/failures.ts';
import { LIMITS } from '../contracts/limits.ts';
import { limitsOf } from '../contracts/run-limits.ts';
import type { Language, NumberedRunEvent, RunRequest } from '../contracts/run.ts';
import { ownerOfFiles, type SessionPool } from '../execution/index.ts';
import { onPort, ownOrigin, type IncomingPort } from '../platform/index.ts';
import { storageFailure, type EgressLog, type SessionRecords } from '../database/index.ts';
import type { Workspace } from '../workspace/index.ts';
import { createArchiveHandlers } from './archive-calls.ts';
import { createEngineHandlers, type EngineCallsHost } from './engine-calls.ts';
import { commandsToAsk } from './commands-to-ask.ts';
import type { Handlers, InSession } from './handlers.ts';
import { createNetworkHandlers, type NetworkGate } from './network/index.ts';
import type { RunLogs } from './run-log.ts';
import { addFile, listFiles, readFile, readPiece, removeFile } from './session-file-calls.ts';
import { raisableIn } from './session-limits.ts';
import { SessionNames } from './session-names.ts';
import type { ShownSessions } from './shown-sessions.ts';

export interface ServedHost extends EngineCallsHost {
  readonly pool: SessionPool;
  readonly shown: Pick<ShownSessions, 'named'>;
  readonly workspace: Workspace;
  readonly records: SessionRecords;
  readonly logs: RunLogs;
  readonly gate: Pick<NetworkGate, 'network' | 'allow'>;
  readonly egress: Pick<EgressLog, 'latest' | 'clear'>;
  readonly warm: (language: Language, sessionId?: SessionId) => void;
  /** A program comes, and may still be refused. */
  readonly expect: (language: Language, sessionId: SessionId) => void;
  /** What takes room and can be let go; null where that cannot be told. */
  readonly keptRoom: (sessionId: SessionId) => Promise<string | null>;
  readonly kind: HostStatus['kind'];
  readonly pythonState: () => HostStatus['python'];
  readonly hasSharedMemory: boolean;
  readonly signal: AbortSignal;
  /** For tests; the browser's own otherwise. */
  readonly onPort?: (listener: (port: IncomingPort) => void, options: { readonly signal: AbortSignal }) => void;
  readonly ownOrigin?: string;
}

/** Both doors of the host: they share port and protocol, and no method. */
type HostDoor = RunsDoor & EngineDoor;

/** Serves the runs door of this world. Registers its listener before it returns. */
export function serveRuns(host: ServedHost): void {
  serveDoor<HostDoor, { readonly runId: RunId; readonly after: number }, NumberedRunEvent>({
    door: RUNS_PORT,
    methods: { ...RUNS_POLICY, ...ENGINE_POLICY },
    requests: { ...RUNS_REQUESTS, ...ENGINE_REQUESTS },
    handlers: createHandlers(host),
    stream: RUNS_STREAM,
    openStream: ({ runId }, caller) => {
      const log = host.logs.find(runId);
      return log !== undefined && host.rights.mayFollow(caller, log.sessionId) ? log : null;
    },
    gone: appError('run/not-found'),
    ownOrigin: host.ownOrigin ?? ownOrigin(),
    onPort: host.onPort ?? ((listener, options) => onPort(RUNS_PORT, listener, options)),
    signal: host.signal,
  });
}

function createHandlers(host: ServedHost): Handlers<HostDoor> {
  const { service, rights, workspace, logs, records } = host;
  const names = new SessionNames({ records, isUnused: (sessionId) => isUnused(host, sessionId) });

  /** A run of a session that this caller may not follow does not exist for it. */
  const forRun = (caller: Caller, runId: RunId, act: () => Result<null, AppError>): Result<null, AppError> => {
    const log = logs.find(runId);
    if (log === undefined || !rights.mayFollow(caller, log.sessionId)) return fail(appError('run/not-found'));
    return act();
  };
  /** `act` gets the name under which the session is kept. */
  const inSession: InSession = async (caller, named, act) => {
    const kept = await names.kept(named);
    if (!kept.ok) return kept;
    const refused = rights.session(caller, kept.value);
    if (refused !== null) return fail(refused);
    host.shown.named(caller.key, kept.value);
    return act(kept.value);
  };
  const inFiles = <T>(caller: Caller, named: SessionId, act: (files: SessionFiles) => Promise<Result<T, AppError>>) =>
    inSession(caller, named, (sessionId) => act(workspace.filesOf(sessionId)));

  /** A run may only depend on runs that its caller may follow. */
  const dependency = (caller: Caller, dependsOn: readonly RunId[]): AppError | null => {
    if (caller.kind === 'extension') return null;
    const hidden = dependsOn.find((runId) => {
      const log = logs.find(runId);
      return log === undefined || !rights.mayFollow(caller, log.sessionId);
    });
    return hidden === undefined ? null : appError('run/dependency-failed', hidden);
  };

  return {
    ...createEngineHandlers(host, inSession),
    ...createArchiveHandlers(workspace, inSession),
    ...createNetworkHandlers(host.gate, host.egress, inSession, (kept) => names.shown(kept)),
    start: async (request, { caller }) => {
      // At once: to look into the database takes a tenth of a second beside an engine that starts.
      host.expect(request.language, request.sessionId);
      const kept = await names.kept(request.sessionId);
      // A database that cannot be read keeps nobody from pressing Run; what comes out is then treated as private.
      const sessionId = kept.ok ? kept.value : request.sessionId;
      const refused =
        rights.session(caller, sessionId) ?? dependency(caller, request.dependsOn ?? []) ?? rights.countStart(caller);
      if (refused !== null) return fail(refused);
      host.shown.named(caller.key, sessionId);
      const mustAsk = caller.kind === 'site' && request.language === 'shell' && request.isAgreed !== true;
      const unasked = mustAsk ? await unaskedIn(host, { ...request, sessionId }) : null;
      if (unasked !== null) return fail(unasked);
      const started = await service.start({ ...request, sessionId });
      return started.ok ? started : fail(await withRoom(host, started.error, sessionId));
    },
    findRun: async ({ callKey, isAwaited }, { caller, signal }) => {
      if (isAwaited) await logs.opened(callKey, { mostMs: LIMITS.runAwaitedMs.standard, signal });
      const run = logs.findLatest(callKey);
      // Who knows the key of a call knows its conversation, and names it by asking.
      if (run === null || rights.session(caller, run.sessionId) !== null) return ok(null);
      return ok({ runId: run.runId, isActive: !run.isEnded });
    },
    knownRuns: async ({ callKeys }, { caller }) =>
      ok(
        callKeys.flatMap((callKey) => {
          const run = logs.findLatest(callKey);
          if (run === null || rights.session(caller, run.sessionId) !== null) return [];
          return [{ callKey, language: run.language, code: run.code }];
        }),
      ),
    adoptSession: async ({ from, to }, { caller }) => {
      const refused = rights.session(caller, from) ?? rights.session(caller, to);
      if (refused !== null) return fail(refused);
      const adopted = await names.adopt(from, to);
      return adopted.ok ? ok({ adopted: adopted.value }) : adopted;
    },
    sessionFacts: ({ sessionId: named }, { caller }) =>
      inSession(caller, named, (sessionId) =>
        stored(async () => ({
          hasPrivateFiles: await records.hasMark(sessionId, 'private'),
          raisable: await raisableIn(host, sessionId),
          savedAtMs: await savedAtOf(host, sessionId),
        })),
      ),
    stop: async ({ runId }, { caller }) => forRun(caller, runId, () => service.stop(runId)),
    hurry: async ({ runId }, { caller }) => forRun(caller, runId, () => service.hurry(runId)),
    answerInput: async ({ runId, question, text }, { caller }) =>
      forRun(caller, runId, () =>
        logs.find(runId)?.question === question ? service.answerInput(runId, text) : fail(appError('run/not-asking')),
      ),
    restartSession: ({ sessionId: named, language, keepsSaved = false }, { caller }) =>
      inSession(caller, named, async (sessionId) => {
        const known = await stored(() => host.book.ready());
        if (!known.ok) return known;
        service.restartSession(sessionId, language, { keepsSaved });
        return ok(null);
      }),
    addFile: ({ sessionId: named, name, bytes, position }, { caller }) =>
      inSession(caller, named, async (sessionId) => {
        // Before the bytes: a file that is there was always marked.
        const marked = await stored(() => records.setMark(sessionId, 'private', true));
        if (!marked.ok) return marked;
        const added = await addFile(workspace.filesOf(sessionId), name, bytes, position);
        // A person who is told that a file is kept may switch the machine off.
        if (added.ok && !(await workspace.flush(sessionId))) return fail(appError('files/no-space'));
        return added;
      }),
    readFile: ({ sessionId, path, position }, { caller }) =>
      inFiles(caller, sessionId, async (files) => {
        if (position === undefined) return readFile(files, path);
        const piece = await readPiece(files, path, position);
        return piece.ok ? ok({ bytes: piece.value.bytes }) : piece;
      }),
    listFiles: ({ sessionId }, { caller }) => inFiles(caller, sessionId, listFiles),
    removeFile: ({ sessionId, path }, { caller }) => inFiles(caller, sessionId, (files) => removeFile(files, path)),
    describeFile: (request, { caller }) =>
      inSession(caller, request.sessionId, async (sessionId) => {
        const refused = rights.countStart(caller);
        if (refused !== null) return fail(refused);
        const { describeFile } = await import('./describe-file.ts');
        const limits = await host.choices.limits({
          sessionId,
          language: 'python',
          limits: limitsOf(host.settings(), 'python'),
        });
        return describeFile(
          { ...request, sessionId, limits },
          (run, onEvent) => service.start(run, { onEvent, isRecorded: false }),
          (done) => service.restartSession(done),
        );
      }),
    warm: async ({ language, sessionId: named }, { caller }) => {
      const act = async (sessionId?: SessionId) => {
        host.warm(language, sessionId);
        return ok(null);
      };
      return named === undefined ? act() : inSession(caller, named, act);
    },
    failures: async () => ok(FAILURES),
    status: async (_request, { caller }) => {
      const sessions = statusOfSessions(host)
        .filter(({ sessionId }) => rights.mayFollow(caller, sessionId))
        .map((session) => ({ ...session, sessionId: names.shown(session.sessionId) }));
      const activeRuns = service.activeRuns().filter((runId) => {
        const log = logs.find(runId);
        return log !== undefined && rights.mayFollow(caller, log.sessionId);
      });
      const { kind, hasSharedMemory } = host;
      return ok({ kind, python: host.pythonState(), sessions, activeRuns, hasSharedMemory });
    },
    recentRuns: async ({ most }) => {
      const recent = await service.recent(most);
      return ok(recent.map((run) => ({ ...run, sessionId: names.shown(run.sessionId) })));
    },
  };
}

/** Why this code for a shell does not start as it is; null where it does. */
async function unaskedIn(host: ServedHost, { sessionId, code, trigger }: RunRequest): Promise<AppError | null> {
  const asked = await commandsToAsk(host, sessionId, code);
  // Unread code does not start by itself. A press is a person's word, who was told that nobody read it.
  if (!asked.ok) return trigger === 'auto' ? appError('reader/failed', undefined, asked.error) : null;
  const [first] = asked.value;
  return first === undefined ? null : appError('run/commands-asked', first.text);
}

/** Of a failure for want of room: what takes it. */
async function withRoom(host: ServedHost, error: AppError, sessionId: SessionId): Promise<AppError> {
  const detail = error.code === 'host/no-room' ? await host.keptRoom(sessionId) : null;
  return detail === null ? error : { ...error, detail };
}

/** When the machine was saved that the session's shell uses. Rejects where that cannot be known. */
async function savedAtOf({ book, shell, savedTimes }: ServedHost, sessionId: SessionId): Promise<number | null> {
  const [times] = await Promise.all([savedTimes(), book.ready()]);
  return times.get(shell === undefined ? sessionId : book.engineSession(shell, sessionId)) ?? null;
}

/** All engines under the conversations that they are of; of its machines, the one that it uses says when it was saved. */
function statusOfSessions({ pool, book, shell }: ServedHost): HostStatus['sessions'] {
  return pool.all().map(({ sessionId, memoryBytes, isBusy, isResting, saved }) => {
    const owner = ownerOfFiles(sessionId);
    const isUsed = shell === undefined || book.engineSession(shell, owner) === sessionId;
    return { sessionId: owner, memoryBytes, isBusy, isResting, saved: isUsed ? saved : null };
  });
}

/**
 * Neither files nor an engine nor anything on its way nor a past, and nothing that a person allowed or chose for it: who
 * gives the name away would lose that. Rejects when it cannot be read.
 */
async function isUnused(host: ServedHost, sessionId: SessionId): Promise<boolean> {
  const { service, pool, workspace, records, gate, choices, book } = host;
  const listed = await workspace.filesOf(sessionId).perform({ op: 'list', path: '' });
  if (!listed.ok) throw new Error(listed.errno);
  if ((listed.entries ?? []).length > 0) return false;
  if ((await records.hasMark(sessionId, 'private')) || (await records.hasMark(sessionId, 'variables'))) return false;
  if ((await gate.network(sessionId)).origins.length > 0) return false;
  await book.ready();
  if (book.of(sessionId).specs.length > 0) return false;
  await choices.ready;
  const { places, limits, commands } = choices.of(sessionId);
  if (Object.keys({ ...places, ...limits }).length > 0 || commands.length > 0) return false;
  return !service.isInUse(sessionId) && !pool.all().some((session) => session.sessionId === sessionId);
}

async function stored<T>(act: () => Promise<T>): Promise<Result<T, AppError>> {
  try {
    return ok(await act());
  } catch (cause) {
    return fail(storageFailure(cause));
  }
}
