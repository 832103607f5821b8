import type { CapturedCall } from '../../contracts/capture.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import { FAILURES } from '../../contracts/failures.ts';
import type { RunView } from './run-view.ts';

/** The answer to a seed frame, as the frame's side expects it. Source: PROTOCOL F4. */
export function seedResponse(call: CapturedCall, view: RunView, outcome: Outcome): string | null {
  if (call.seedFrame === undefined) return null;
  const printed = view.log.text('stderr');
  const error = outcome.kind === 'completed' ? (outcome.error?.traceback ?? '') : wordsOf(outcome);
  const stderr = error === '' || printed.includes(error.trim()) ? printed : `${printed}${error}`;
  return JSON.stringify({
    id: call.seedFrame.id,
    type: 'tool_response',
    ...(call.conversationId === null ? {} : { conversation_id: call.conversationId }),
    content: {
      stdout: view.log.text('stdout'),
      stderr,
      result: outcome.kind === 'completed' ? (outcome.result ?? '') : '',
      artifacts: view.artifacts.value.map(({ name, path, mime, bytes }) => ({ name, path, mime, bytes })),
      execution_time_ms: Math.round(outcome.timeMs),
      memory_used_bytes: outcome.memoryBytes,
    },
  });
}

function wordsOf(outcome: Exclude<Outcome, { kind: 'completed' }>): string {
  if (outcome.kind === 'timedOut') return FAILURES['run/timed-out'].title;
  if (outcome.kind === 'cancelled') return FAILURES['run/stopped'].title;
  return FAILURES[outcome.code].title;
}
