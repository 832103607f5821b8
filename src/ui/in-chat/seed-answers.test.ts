// @vitest-environment happy-dom
import { signal } from '@preact/signals';
import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../tests/support/until.ts';
import type { CapturedCall } from '../../contracts/capture.ts';
import { appError } from '../../contracts/errors.ts';
import { FAILURES } from '../../contracts/failures.ts';
import { sessionIdOf } from '../../contracts/ids.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import { askForFailures } from '../kit/index.ts';
import { TEXTS } from '../texts.ts';
import type { CallEntry } from './calls.ts';
import { createRunView } from './run-view.ts';
import { createSeedAnswers } from './seed-answers.ts';

const outcome: Outcome = { kind: 'completed', exitCode: 0, result: '42', error: null, timeMs: 1, memoryBytes: 1 };

beforeAll(() => askForFailures(async () => FAILURES));

function open(direction: 'in' | 'out', hasPrivate: boolean) {
  const sent: string[] = [];
  const socket = { isOpen: true };
  const entry = {
    captured: { conversationId: 'c', seedFrame: { id: 'f', socket: 1, direction } } as CapturedCall,
    note: signal(''),
    unsentResult: signal<(() => void) | null>(null),
    sessionId: () => sessionIdOf('seed:1:c'),
  } as unknown as CallEntry;
  const answers = createSeedAnswers({
    hasPrivateFiles: async () => hasPrivate,
    send: async (_call, text) => socket.isOpen && sent.push(text) > 0,
  });
  const end = () => answers.ended(entry, createRunView({ signal: new AbortController().signal }), outcome);
  const refuse = () => answers.refused(entry, appError('run/rate-limited'));
  return { entry, sent, socket, end, refuse };
}

describe('the answer to a seed frame', () => {
  it('goes by itself, once for each frame, however often the call is run', async () => {
    const { sent, end, entry } = open('in', false);
    await end();
    await end();
    expect(sent).toHaveLength(1);
    expect(JSON.parse(sent[0] ?? '')).toMatchObject({ type: 'tool_response', id: 'f', content: { result: '42' } });
    expect(entry.unsentResult.value).toBeNull();
    expect(entry.note.value).toBe('');
  });

  it.each([
    ['the session holds private files', 'in', true],
    ['the page itself sent the frame', 'out', false],
  ] as const)('waits for a press where %s', async (_, direction, hasPrivate) => {
    const { sent, end, entry } = open(direction, hasPrivate);
    await end();
    expect(sent).toHaveLength(0);
    entry.unsentResult.value?.();
    entry.unsentResult.value?.();
    expect(sent).toHaveLength(1);
    expect(entry.unsentResult.value).toBeNull();
  });

  it('says why there is no run, beside private files too: it tells nothing of them', async () => {
    const { sent, refuse, end, entry } = open('in', true);
    await refuse();
    expect(sent.map((text) => JSON.parse(text) as unknown)).toEqual([
      {
        id: 'f',
        type: 'tool_response',
        conversation_id: 'c',
        content: {
          stdout: '',
          stderr: FAILURES['run/rate-limited'].title,
          result: '',
          artifacts: [],
          execution_time_ms: 0,
          memory_used_bytes: 0,
        },
      },
    ]);
    // Run after all, by a press: its result goes by a press too.
    await end();
    expect(sent).toHaveLength(1);
    entry.unsentResult.value?.();
    expect(sent).toHaveLength(2);
    await end();
    await refuse();
    expect(sent).toHaveLength(2);
    expect(entry.unsentResult.value).toBeNull();
  });

  it('waits for a press with a refusal of a frame that the page itself sent', async () => {
    const { sent, refuse, entry } = open('out', false);
    await refuse();
    expect(sent).toHaveLength(0);
    entry.unsentResult.value?.();
    expect(sent).toHaveLength(1);
  });

  it('that does not go is said, and can be sent by a press until it has gone', async () => {
    const { sent, socket, end, entry } = open('in', false);
    socket.isOpen = false;
    await end();
    await until(() => expect(entry.note.value).toBe(TEXTS.action.notSent));
    entry.unsentResult.value?.();
    expect(entry.unsentResult.value).toBeNull();
    await until(() => expect(entry.unsentResult.value).not.toBeNull());
    expect(sent).toHaveLength(0);
    socket.isOpen = true;
    entry.unsentResult.value?.();
    await until(() => expect(sent).toHaveLength(1));
    expect(entry.unsentResult.value).toBeNull();
  });
});
