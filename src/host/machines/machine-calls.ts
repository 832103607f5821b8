import { fail, ok, type Result } from '../../base/index.ts';
import type { EngineDoor } from '../../contracts/doors/engine.ts';
import type { MachinesDoor } from '../../contracts/doors/machines.ts';
import { type AppError, appError } from '../../contracts/errors.ts';
import type { SessionId } from '../../contracts/ids.ts';
import type { MachineSpec, MachineStatus } from '../../contracts/machine-spec.ts';
import { readMachineText } from '../../contracts/read-machine-spec.ts';
import type { Runner } from '../../contracts/runner.ts';
import { storageFailure, type SavedTimes } from '../../database/index.ts';
import { machineSession, type RunService, type SessionPool } from '../../execution/index.ts';
import type { Handlers, InSession } from '../handlers.ts';
import type { MachineBook } from './machine-book.ts';

export interface MachineCallsHost {
  readonly book: MachineBook;
  readonly pool: Pick<SessionPool, 'all' | 'save' | 'end' | 'restart' | 'isOpeningFor'>;
  readonly service: Pick<RunService, 'restartEngine'>;
  /** That of the shell; absent where there is none. */
  readonly shell: Runner | undefined;
  readonly savedTimes: SavedTimes;
}

/** What pages of the extension see and change of a conversation's machines. */
export function createMachineCalls(
  { book, pool, service, shell, savedTimes }: MachineCallsHost,
  inSession: InSession,
): Pick<Handlers<EngineDoor>, keyof MachinesDoor> {
  const sessionOf = (owner: SessionId, name: string | null): SessionId =>
    name === null ? owner : machineSession(name, owner);
  /** Its engine's place in the pool; of the usual machine, that of the engine which can be saved. */
  const standing = (session: SessionId) =>
    pool.all().find(({ sessionId, saved }) => sessionId === session && saved !== null);
  const statusOf = (
    session: SessionId,
    spec: MachineSpec | null,
    times: Awaited<ReturnType<SavedTimes>>,
  ): MachineStatus => {
    const kept = standing(session);
    const state = kept === undefined ? 'stopped' : kept.isResting ? 'resting' : 'running';
    return { spec, state, savedAtMs: kept?.saved?.atMs ?? times.get(session) ?? null };
  };
  /** A program or a terminal has it, or waits for it to start. */
  const isWanted = (session: SessionId): boolean =>
    standing(session)?.isBusy === true || (shell !== undefined && pool.isOpeningFor(shell, session));
  return {
    machines: ({ sessionId }, { caller }) =>
      inSession(caller, sessionId, (kept) =>
        stored(async () => {
          const [times] = await Promise.all([savedTimes(), book.ready()]);
          const { specs, chosen } = book.of(kept);
          const own = specs.map((spec) => statusOf(machineSession(spec.name, kept), spec, times));
          return ok({ machines: [statusOf(kept, null, times), ...own], chosen });
        }),
      ),
    createMachine: ({ sessionId, json }, { caller }) =>
      inSession(caller, sessionId, async (kept) => {
        const read = readMachineText(json);
        if (!read.ok) return read;
        const created = await stored(() => book.create(kept, read.value.spec));
        return created.ok ? ok(read.value) : created;
      }),
    chooseMachine: ({ sessionId, name }, { caller }) =>
      inSession(caller, sessionId, (kept) => stored(() => book.choose(kept, name))),
    stopMachine: ({ sessionId, name, isUnsaved }, { caller }) =>
      inSession<null>(caller, sessionId, async (kept) => {
        const session = sessionOf(kept, name);
        const inUse = fail(appError('machine/in-use', name ?? undefined));
        if (isWanted(session)) return inUse;
        const { lastUse } = standing(session) ?? {};
        const saved = isUnsaved ? null : await pool.save(session);
        if (saved?.ok === false) return saved.error.code === 'runner/in-use' ? inUse : saved;
        const after = standing(session);
        // What a program did to it meanwhile is not saved, and it may be at work still.
        if (isWanted(session) || (after !== undefined && after.lastUse !== lastUse)) return inUse;
        if (shell !== undefined) pool.end(shell, session);
        return ok(null);
      }),
    restartMachine: ({ sessionId, name, keepsSaved }, { caller }) =>
      inSession<null>(caller, sessionId, (kept) =>
        stored(async () => {
          await book.ready();
          if (name !== null && !book.of(kept).specs.some((spec) => spec.name === name))
            return fail(appError('machine/not-found', name));
          if (shell !== undefined) service.restartEngine(shell, sessionOf(kept, name), { keepsSaved });
          return ok(null);
        }),
      ),
    removeMachine: ({ sessionId, name }, { caller }) =>
      inSession<null>(caller, sessionId, async (kept) => {
        const session = machineSession(name, kept);
        if (isWanted(session)) return fail(appError('machine/in-use', name));
        const removed = await stored(() => book.remove(kept, name));
        if (!removed.ok) return removed;
        // Also one that was wanted meanwhile, as soon as it stands.
        if (shell !== undefined) pool.restart(shell, session, { keepsSaved: false });
        return ok(null);
      }),
  };
}

async function stored<T>(act: () => Promise<Result<T, AppError>>): Promise<Result<T, AppError>> {
  try {
    return await act();
  } catch (cause) {
    return fail(storageFailure(cause));
  }
}
