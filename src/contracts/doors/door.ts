import type * as v from 'valibot';
import type { Result } from '../../base/index.ts';
import type { AppError } from '../errors.ts';

/** Who stands at the other end, by what the browser stamped: our content script on the site, or a page of the extension. */
export type CallerKind = 'site' | 'extension';

export interface MethodPolicy {
  readonly callers: readonly CallerKind[];
  /** From the call to its answer, a start of the other side included. */
  readonly deadlineMs: number;
  /** What a call does while the other side is away: `start` has it started, `fail` answers `host/unavailable`. */
  readonly whenAway: 'start' | 'fail';
}

type Method = (request: never) => Promise<Result<unknown, AppError>>;

/** The methods of a door that answer once; streams are apart. */
export type MethodName<Door> = {
  [Name in keyof Door]: Door[Name] extends Method ? Name : never;
}[keyof Door] &
  string;

export type RequestOf<Door, Name extends keyof Door> = Door[Name] extends (request: infer Request) => unknown
  ? Request
  : never;

export type AnswerOf<Door, Name extends keyof Door> = Door[Name] extends (
  request: never,
) => Promise<Result<infer Answer, AppError>>
  ? Answer
  : never;

/** One row for each method: a new method does not compile without its row. */
export type DoorPolicy<Door> = {
  readonly [Name in MethodName<Door>]: MethodPolicy;
};

/** What a client that checks answers expects of each method. */
export type DoorAnswers<Door> = {
  readonly [Name in MethodName<Door>]: v.GenericSchema<unknown, AnswerOf<Door, Name>>;
};

/** What the served side takes. Apart from the policy, so that the calling side does not carry it. */
export type DoorRequests<Door> = {
  readonly [Name in MethodName<Door>]: v.GenericSchema<unknown, RequestOf<Door, Name>>;
};
