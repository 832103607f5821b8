import type { CapturedCall } from '../../contracts/capture.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import type { RunView } from './run-view.ts';
import { awaitWordsOf } from '../kit/index.ts';
import { errorText } from './result-text.ts';

/** The answer to a seed frame, as the frame's side expects it. Source: docs/wire.md, F4. */
export async function seedResponse(call: CapturedCall, view: RunView, outcome: Outcome): Promise<string | null> {
  if (call.seedFrame === undefined) return null;
  const printed = view.log.text('stderr');
  const error = await endingOf(outcome);
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

async function endingOf(outcome: Outcome): Promise<string> {
  if (outcome.kind === 'completed')
    return outcome.error === null ? '' : errorText(outcome.error, await awaitWordsOf(outcome.error.code));
  const codes = { timedOut: 'run/timed-out', cancelled: 'run/stopped' } as const;
  const code = 'code' in outcome ? outcome.code : codes[outcome.kind];
  return (await awaitWordsOf(code)).title;
}
