import { fail, ok, type Result } from '../base/index.ts';
import { type AppError, appError } from '../contracts/errors.ts';
import type { SessionId } from '../contracts/ids.ts';
import type { RunEvent, RunLimits, RunRequest } from '../contracts/run.ts';
import { apartSession, failureOf } from '../execution/index.ts';

/** Starts a run that no history shows; the listener gets its events. */
export type StartUnseen = (
  request: RunRequest,
  onEvent: (event: RunEvent) => void,
) => Promise<Result<unknown, AppError>>;

/**
 * What Python says of a data file: names, columns, types, counts; values only if asked. Runs in a session of its own with
 * the file's tree: a program may have changed the describing code in the engine that it ran in. Fails with what ended the run.
 */
export async function describeFile(
  request: {
    readonly sessionId: SessionId;
    readonly path: string;
    readonly withValues: boolean;
    readonly limits: RunLimits;
  },
  start: StartUnseen,
  end: (sessionId: SessionId) => void,
): Promise<Result<{ readonly text: string }, AppError>> {
  // JSON's strings are Python's too, once everything beyond ASCII is escaped.
  const path = JSON.stringify(request.path).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const code = [
    'from companion_runtime.describe import describe_file as _companion_describe',
    `print(_companion_describe(${path}, with_values=${request.withValues ? 'True' : 'False'}))`,
    'del _companion_describe',
  ].join('\n');
  const sessionId = apartSession(crypto.randomUUID(), request.sessionId);
  let text = '';
  const ended = Promise.withResolvers<Result<{ readonly text: string }, AppError>>();
  const started = await start(
    {
      sessionId,
      language: 'python',
      code,
      callKey: null,
      trigger: 'press',
      limits: request.limits,
      stdin: [],
    },
    (event) => {
      if (event.kind === 'output' && event.stream === 'stdout') text += event.text;
      if (event.kind !== 'ended') return;
      const { outcome } = event;
      const failure = failureOf(outcome);
      if (failure !== null) ended.resolve(fail(appError(failure.code, failure.title ?? undefined)));
      else if (outcome.kind === 'completed') ended.resolve(ok({ text: text.trimEnd() }));
      else ended.resolve(fail(appError('run/stopped')));
    },
  );
  if (!started.ok) return started;
  const answer = await ended.promise;
  end(sessionId);
  return answer;
}
