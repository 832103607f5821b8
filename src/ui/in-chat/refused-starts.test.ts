// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { capturedCall } from '../../../tests/support/captured-call.ts';
import { createFakeRunsDoor } from '../../../tests/support/fake-runs-door.ts';
import { createFakeSettings } from '../../../tests/support/fake-settings-door.ts';
import { createTestCalls } from '../../../tests/support/test-calls.ts';
import { until } from '../../../tests/support/until.ts';
import { appError } from '../../contracts/errors.ts';
import { callKeyOf, type SessionId } from '../../contracts/ids.ts';
import type { Settings } from '../../contracts/settings.ts';

function open(startCalls: Settings['startCalls']) {
  const runs = createFakeRunsDoor();
  const refused: string[] = [];
  const calls = createTestCalls({
    runs,
    settings: createFakeSettings({ startCalls }),
    onRefused: (_entry, { code }) => refused.push(code),
  });
  const take = () => {
    calls.take(capturedCall());
    return calls.all[0]?.run;
  };
  return { runs, refused, take };
}

it('shows why a start was refused and can be tried again', async () => {
  const { runs, refused, take } = open('ask');
  const run = take();
  runs.refuseNext(appError('run/queue-full'));
  await run?.start('press');
  expect(run?.failure.value?.code).toBe('run/queue-full');
  expect(run?.isBusy.value).toBe(false);
  expect(refused).toEqual(['run/queue-full']);
  await run?.start('press');
  expect(runs.started).toHaveLength(1);
  expect(refused).toHaveLength(1);
});

it('tells of a run that was lost with its host: nobody else can answer for it', async () => {
  const { runs, refused, take } = open('auto');
  take();
  await until(() => expect(runs.started).toHaveLength(1));
  runs.lose(appError('host/lost'));
  expect(refused).toEqual(['host/lost']);
});

it('tells of no refusal where the call runs elsewhere: whoever runs it answers', async () => {
  const { runs, refused, take } = open('auto');
  await runs.start({
    sessionId: 'c1' as SessionId,
    language: 'python',
    code: 'print(1)',
    callKey: callKeyOf('chatgpt', 'c1', 'm1'),
    trigger: 'press',
    limits: { timeMs: 1_000, memoryMB: 256 },
    stdin: null,
  });
  const run = take();
  await until(() => expect(run?.phase.value).toBe('already'));
  expect(refused).toEqual([]);
});
