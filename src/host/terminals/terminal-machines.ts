import { fail, ok, type Result } from '../../base/index.ts';
import { type AppError, appError } from '../../contracts/errors.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { AskNetwork } from '../../contracts/network.ts';
import type { Runner } from '../../contracts/runner.ts';
import { type HeldSession, type NetworkUser, type SessionPool, unknownPlace } from '../../execution/index.ts';
import type { MachineBook } from '../machines/index.ts';

/** A machine that is kept for a terminal, and what that one reaches from it. */
export interface TerminalMachine extends HeldSession {
  readonly network: AskNetwork;
}

export interface TerminalMachinesOptions {
  /** That of the shell; absent where there is none. */
  readonly shell: Runner | undefined;
  readonly book: MachineBook;
  readonly pool: Pick<SessionPool, 'hold'>;
  readonly network: (user: NetworkUser) => AskNetwork;
}

/** Gives terminals the machine that their conversation uses, started where it does not stand. */
export function createTerminalMachines({ shell, book, pool, network }: TerminalMachinesOptions) {
  return async (sessionId: SessionId, signal: AbortSignal): Promise<Result<TerminalMachine, AppError>> => {
    if (shell === undefined) return fail(appError('run/language-unavailable'));
    const unknown = await unknownPlace(book);
    if (unknown !== null) return fail(unknown);
    // Both of one answer: while a machine starts, its person may choose another.
    const engine = book.engineSession(shell, sessionId);
    const reach = network({ sessionId, engine, runner: shell.manifest.id, trigger: 'terminal' });
    const held = await pool.hold({
      runner: shell,
      sessionId: engine,
      limits: { timeMs: LIMITS.runTimeMs.standard, memoryMB: shell.manifest.memoryMB },
      signal,
    });
    return held.ok ? ok({ ...held.value, network: reach }) : held;
  };
}
