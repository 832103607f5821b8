import { fail, ok, type Result } from '../base/index.ts';
import { type Caller, serveDoor } from '../bridge/index.ts';
import type { AnswerOf, MethodName, RequestOf } from '../contracts/doors/door.ts';
import { RUNS_POLICY, RUNS_PORT, RUNS_STREAM } from '../contracts/doors/runs-policy.ts';
import { RUNS_REQUESTS } from '../contracts/doors/runs-requests.ts';
import type { HostStatus, RunsDoor } from '../contracts/doors/runs.ts';
import { type AppError, appError } from '../contracts/errors.ts';
import type { RunId, SessionId } from '../contracts/ids.ts';
import type { NumberedRunEvent } from '../contracts/run.ts';
import type { RunService, SessionPool } from '../execution/index.ts';
import { onPort, ownOrigin, type RawPort } from '../platform/index.ts';
import type { Workspace } from '../workspace/index.ts';
import type { CallerRights } from './caller-rights.ts';
import { describeFile } from './describe-file.ts';
import type { RunLogs } from './run-log.ts';
import { addFile, listFiles, readFile, removeFile } from './session-file-calls.ts';

export interface ServedHost {
  readonly service: RunService;
  readonly pool: SessionPool;
  readonly workspace: Workspace;
  readonly logs: RunLogs;
  readonly rights: CallerRights;
  readonly warm: () => void;
  readonly kind: HostStatus['kind'];
  readonly pythonState: () => HostStatus['python'];
  readonly hasSharedMemory: boolean;
  readonly signal: AbortSignal;
  /** For tests; the browser's own otherwise. */
  readonly onPort?: (listener: (port: RawPort) => void, options: { readonly signal: AbortSignal }) => void;
  readonly ownOrigin?: string;
}

type HandlerOf<Name extends MethodName<RunsDoor>> = (
  request: RequestOf<RunsDoor, Name>,
  context: { readonly caller: Caller; readonly signal: AbortSignal },
) => Promise<Result<AnswerOf<RunsDoor, Name>, AppError>>;

type RunsHandlers = { readonly [Name in MethodName<RunsDoor>]: HandlerOf<Name> };

/** Serves the runs door of this world. Registers its listener before it returns. */
export function serveRuns(host: ServedHost): void {
  serveDoor<RunsDoor, { readonly runId: RunId; readonly after: number }, NumberedRunEvent>({
    door: RUNS_PORT,
    methods: RUNS_POLICY,
    requests: RUNS_REQUESTS,
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

function createHandlers(host: ServedHost): RunsHandlers {
  const { service, rights, workspace, logs } = host;

  /** A run of a session that this caller may not follow does not exist for it. */
  const forRun = (caller: Caller, runId: RunId, act: () => Result<null, AppError>): Result<null, AppError> => {
    const log = logs.find(runId);
    if (log === undefined || !rights.mayFollow(caller, log.sessionId)) return fail(appError('run/not-found'));
    return act();
  };
  const inSession = async <T>(
    caller: Caller,
    sessionId: SessionId,
    act: () => Promise<Result<T, AppError>>,
  ): Promise<Result<T, AppError>> => {
    const refused = rights.session(caller, sessionId);
    return refused === null ? act() : fail(refused);
  };

  return {
    start: (request, { caller }) =>
      inSession(caller, request.sessionId, async () => {
        const refused = rights.countStart(caller);
        return refused === null ? service.start(request) : fail(refused);
      }),
    stop: async ({ runId }, { caller }) => forRun(caller, runId, () => service.stop(runId)),
    answerInput: async ({ runId, text }, { caller }) => forRun(caller, runId, () => service.answerInput(runId, text)),
    restartSession: ({ sessionId }, { caller }) =>
      inSession(caller, sessionId, async () => {
        service.restartSession(sessionId);
        return ok(null);
      }),
    addFile: ({ sessionId, name, bytes }, { caller }) =>
      inSession(caller, sessionId, () => addFile(workspace.filesOf(sessionId), name, bytes)),
    readFile: ({ sessionId, path }, { caller }) =>
      inSession(caller, sessionId, () => readFile(workspace.filesOf(sessionId), path)),
    listFiles: ({ sessionId }, { caller }) =>
      inSession(caller, sessionId, () => listFiles(workspace.filesOf(sessionId))),
    removeFile: ({ sessionId, path }, { caller }) =>
      inSession(caller, sessionId, () => removeFile(workspace.filesOf(sessionId), path)),
    describeFile: (request, { caller }) =>
      inSession(caller, request.sessionId, () =>
        describeFile(request, (run, onEvent) => service.start(run, { onEvent, isRecorded: false })),
      ),
    warm: async () => {
      host.warm();
      return ok(null);
    },
    status: async (_request, { caller }) => {
      const sessions = host.pool.all().filter(({ sessionId }) => rights.mayFollow(caller, sessionId));
      const activeRuns = service.activeRuns().filter((runId) => {
        const log = logs.find(runId);
        return log !== undefined && rights.mayFollow(caller, log.sessionId);
      });
      const { kind, hasSharedMemory } = host;
      return ok({ kind, python: host.pythonState(), sessions, activeRuns, hasSharedMemory });
    },
    recentRuns: async ({ most }) => ok(await service.recent(most)),
  };
}
