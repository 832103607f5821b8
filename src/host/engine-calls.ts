import { fail, ok, type Result } from '../base/index.ts';
import type { EngineDoor } from '../contracts/doors/engine.ts';
import type { RunsDoor } from '../contracts/doors/runs.ts';
import { type AppError, appError } from '../contracts/errors.ts';
import type { SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { SavedAt } from '../contracts/runner.ts';
import { type ResultCache, type RunService, unknownPlace } from '../execution/index.ts';
import { decide, type DecisionParts } from './decisions.ts';
import type { ArchiveMethod } from './archive-calls.ts';
import type { CallerRights } from './caller-rights.ts';
import type { CodeReader } from './code-reader.ts';
import type { Handlers, InSession } from './handlers.ts';
import type { MachineMeter } from './machine-meter.ts';
import type { Meter } from './meter.ts';
import { createMachineHandlers, type MachineCallsHost } from './machines/index.ts';
import type { NetworkMethod } from './network/index.ts';
import { type CodeReading, ReaderFailed } from './reading/index.ts';
import { raisedIn } from './session-limits.ts';
import { suggestFix } from './suggest-fix.ts';
import type { ToolPacks } from './tool-pack/index.ts';
import { storageFailure } from '../database/index.ts';

export interface EngineCallsHost extends DecisionParts, MachineCallsHost {
  readonly service: RunService;
  readonly rights: CallerRights;
  readonly cache: Pick<ResultCache, 'status' | 'clear'>;
  readonly meter: Pick<Meter, 'report'>;
  readonly machines: Pick<MachineMeter, 'report'>;
  readonly reader: Pick<CodeReader, 'options' | 'setOptions'>;
  readonly reading: Pick<CodeReading, 'fixes' | 'asked'>;
  readonly toolPacks: Pick<ToolPacks, 'handlers'>;
  /** Ends the conversation's terminals that stand at their prompt; settles once they have ended. */
  readonly endShells: (sessionId: SessionId) => Promise<void>;
}

type EngineHandlers = Omit<Handlers<EngineDoor>, ArchiveMethod | NetworkMethod> &
  Pick<Handlers<RunsDoor>, 'select' | 'choose' | 'suggestFix'>;

/** What is asked of the engine beside its runs: what there is, what code is and where it should run, what ran. */
export function createEngineHandlers(host: EngineCallsHost, inSession: InSession): EngineHandlers {
  const { service, rights, choices } = host;
  return {
    ...createMachineHandlers(host, inSession),
    ...host.toolPacks.handlers,
    select: (request, { caller }) =>
      inSession(caller, request.sessionId, async (sessionId) => {
        const refused = tooLong(request.code) ?? rights.countAnalysis(caller);
        return refused === null ? read(() => decide(host, { ...request, sessionId })) : fail(refused);
      }),
    suggestFix: ({ sessionId: named, language, code }, { caller }) =>
      inSession(caller, named, async () => {
        const refused = tooLong(code) ?? rights.countAnalysis(caller, FIX_WEIGHT);
        return refused === null ? read(() => suggestFix(host.reading, language, code)) : fail(refused);
      }),
    choose: ({ sessionId: named, raise, ...patch }, { caller }) =>
      inSession(caller, named, async (sessionId): Promise<Result<null, AppError>> => {
        const refused = rights.countAnalysis(caller);
        if (refused !== null) return fail(refused);
        try {
          const raised = raise === undefined ? {} : { [raise]: await raisedIn(host, sessionId, raise) };
          await choices.choose(sessionId, { ...patch, limits: { ...patch.limits, ...raised } });
          return ok(null);
        } catch (cause) {
          return fail(storageFailure(cause));
        }
      }),
    analyse: async (request) => {
      const refused = tooLong(request.code);
      return refused === null ? read(() => host.analyse(request)) : fail(refused);
    },
    capabilities: async () => ok(service.capabilities()),
    activeRuns: async () => ok(service.activeRuns().flatMap((runId) => service.status(runId) ?? [])),
    runHistory: async (filter) => {
      try {
        return ok(await service.list(filter));
      } catch (cause) {
        return fail(storageFailure(cause));
      }
    },
    meter: async ({ most }) => ok(host.meter.report(most)),
    machineMeter: ({ sessionId: named, most }, { caller }) =>
      inSession(caller, named, async (sessionId) =>
        ok(host.machines.report(host.shell ? host.book.engineSession(host.shell, sessionId) : sessionId, most)),
      ),
    runFailures: async ({ most }) => ok(service.failures(most)),
    cacheStatus: async () => ok(await host.cache.status()),
    clearCache: async () => {
      await host.cache.clear();
      return ok(null);
    },
    analysisOptions: async () => {
      try {
        return ok({ json: await host.reader.options() });
      } catch (cause) {
        return fail(storageFailure(cause));
      }
    },
    setAnalysisOptions: async ({ json }) => {
      const saved = await read(() => host.reader.setOptions(json));
      return saved.ok ? saved.value : saved;
    },
    saveMachine: ({ sessionId: named, endsShells }, { caller }) =>
      inSession<SavedAt | null>(caller, named, async (sessionId) => {
        const unknown = await unknownPlace(host.book);
        if (unknown !== null) return fail(unknown);
        if (endsShells === true) await host.endShells(sessionId);
        const engine = host.shell ? host.book.engineSession(host.shell, sessionId) : sessionId;
        return (await host.pool.save(engine)) ?? ok(null);
      }),
    sessionChoices: ({ sessionId: named }, { caller }) =>
      inSession(caller, named, async (sessionId) => {
        await choices.ready;
        return ok(choices.of(sessionId));
      }),
  };
}

/** What was made of code; where the reader itself failed, that is said. */
async function read<T>(act: () => Promise<T>): Promise<Result<T, AppError>> {
  try {
    return ok(await act());
  } catch (cause) {
    if (cause instanceof ReaderFailed) return fail(appError('reader/failed', undefined, cause));
    throw cause;
  }
}

/** A fix parses code again and again: as much work as so many readings of it. */
const FIX_WEIGHT = 20;

const tooLong = (code: string): AppError | null =>
  code.length > LIMITS.codeUtf16.standard ? appError('run/code-too-large') : null;
