/** What a person can do about a failure, by the press of a button; surfaces show those they can serve. */
export type FailureAction =
  | 'run-again'
  | 'restart-session'
  | 'raise-time'
  | 'raise-memory'
  | 'leave-to-chatgpt'
  | 'copy-text';

/** What a person is shown. Title: what happened, at most 60 characters. Explanation: why, without jargon. */
export interface Failure {
  readonly title: string;
  readonly explanation: string;
  /** Most useful first. */
  readonly suggestions: readonly string[];
  readonly actions: readonly FailureAction[];
}

/** One row of the table of failures. */
export const failureRow = (
  title: string,
  explanation: string,
  suggestions: readonly string[] = [],
  actions: readonly FailureAction[] = [],
): Failure => ({ title, explanation, suggestions, actions });
