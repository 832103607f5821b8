import type { AppError, AppErrorCode } from '../../contracts/errors.ts';
import type { SessionId } from '../../contracts/ids.ts';

/** What a person reads of an engine that broke down. */
export interface SaidOfLoss {
  readonly code: AppErrorCode;
  /** What its session goes on from. */
  readonly notice: string;
}

/** For an engine whose session goes on in another one after it broke down: counts that, and says what comes next. */
export interface EngineRecovery {
  /** Why none is started for the session now; null where one may be. */
  refusal(sessionId: SessionId): AppError | null;
  /** One of the session broke down by itself; `savedAtMs` is of what the next one goes on from. */
  lost(sessionId: SessionId, savedAtMs: number | null): SaidOfLoss;
  /** A person wants the session to go on: what broke down before counts no more. */
  forget(sessionId: SessionId): void;
}
