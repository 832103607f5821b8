import type { Result } from '../base/index.ts';
import type { Caller } from '../bridge/index.ts';
import type { AnswerOf, MethodName, RequestOf } from '../contracts/doors/door.ts';
import type { AppError } from '../contracts/errors.ts';
import type { SessionId } from '../contracts/ids.ts';

type HandlerOf<Door, Name extends MethodName<Door>> = (
  request: RequestOf<Door, Name>,
  context: { readonly caller: Caller; readonly signal: AbortSignal },
) => Promise<Result<AnswerOf<Door, Name>, AppError>>;

/** One handler for each method of a door. */
export type Handlers<Door> = { readonly [Name in MethodName<Door>]: HandlerOf<Door, Name> };

/** Calls `act` with the name under which the session is kept, where the caller may name it. */
export type InSession = <T>(
  caller: Caller,
  named: SessionId,
  act: (sessionId: SessionId) => Promise<Result<T, AppError>>,
) => Promise<Result<T, AppError>>;
