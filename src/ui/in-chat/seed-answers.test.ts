// @vitest-environment happy-dom
import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import type { CapturedCall } from '../../contracts/capture.ts';
import { sessionIdOf } from '../../contracts/ids.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import type { CallEntry } from './calls.ts';
import { createRunView } from './run-view.ts';
import { createSeedAnswers } from './seed-answers.ts';

const outcome: Outcome = { kind: 'completed', exitCode: 0, result: '42', error: null, timeMs: 1, memoryBytes: 1 };

function open(direction: 'in' | 'out', hasPrivate: boolean) {
  const sent: string[] = [];
  const entry = {
    captured: { conversationId: 'c', seedFrame: { id: 'f', socket: 1, direction } } as CapturedCall,
    unsentResult: signal<(() => void) | null>(null),
    sessionId: () => sessionIdOf('seed:1:c'),
  } as unknown as CallEntry;
  const answer = createSeedAnswers({
    hasPrivateFiles: async () => hasPrivate,
    send: (_call, text) => sent.push(text),
  });
  const end = () => answer(entry, createRunView({ signal: new AbortController().signal }), outcome);
  return { entry, sent, end };
}

describe('the answer to a seed frame', () => {
  it('goes by itself, once for each frame, however often the call is run', async () => {
    const { sent, end, entry } = open('in', false);
    await end();
    await end();
    expect(sent).toHaveLength(1);
    expect(JSON.parse(sent[0] ?? '')).toMatchObject({ type: 'tool_response', id: 'f', content: { result: '42' } });
    expect(entry.unsentResult.value).toBeNull();
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
});
