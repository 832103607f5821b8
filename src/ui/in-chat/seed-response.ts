import type { CapturedCall } from '../../contracts/capture.ts';
import type { AppError } from '../../contracts/errors.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import type { RunView } from './run-view.ts';
import { awaitWordsOf } from '../kit/index.ts';
import { errorText } from './result-text.ts';

/** The answer to a seed frame, as the frame's side expects it. Source: docs/wire.md, F4. */
export async function seedResponse(call: CapturedCall, view: RunView, outcome: Outcome): Promise<string | null> {
  const printed = view.log.text('stderr');
  const error = await endingOf(outcome);
  return responseTo(call, {
    stdout: view.log.text('stdout'),
    stderr: error === '' || printed.includes(error.trim()) ? printed : `${printed}${error}`,
    result: outcome.kind === 'completed' ? (outcome.result ?? '') : '',
    artifacts: view.artifacts.value.map(({ name, path, mime, bytes }) => ({ name, path, mime, bytes })),
    execution_time_ms: Math.round(outcome.timeMs),
    memory_used_bytes: outcome.memoryBytes,
  });
}

/** The answer to a seed frame whose run the host did not take, or lost: why, in the table's words. */
export async function seedRefusal(call: CapturedCall, { code }: AppError): Promise<string | null> {
  const stderr = (await awaitWordsOf(code)).title;
  return responseTo(call, {
    stdout: '',
    stderr,
    result: '',
    artifacts: [],
    execution_time_ms: 0,
    memory_used_bytes: 0,
  });
}

function responseTo({ seedFrame, conversationId }: CapturedCall, content: object): string | null {
  if (seedFrame === undefined) return null;
  const about = conversationId === null ? {} : { conversation_id: conversationId };
  return JSON.stringify({ id: seedFrame.id, type: 'tool_response', ...about, content });
}

async function endingOf(outcome: Outcome): Promise<string> {
  if (outcome.kind === 'completed')
    return outcome.error === null ? '' : errorText(outcome.error, await awaitWordsOf(outcome.error.code));
  const codes = { timedOut: 'run/timed-out', cancelled: 'run/stopped' } as const;
  const code = 'code' in outcome ? outcome.code : codes[outcome.kind];
  return (await awaitWordsOf(code)).title;
}
