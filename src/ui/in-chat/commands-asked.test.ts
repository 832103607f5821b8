// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { capturedCall } from '../../../tests/support/captured-call.ts';
import { createFakeRunsDoor } from '../../../tests/support/fake-runs-door.ts';
import { createTestCalls } from '../../../tests/support/test-calls.ts';
import { until } from '../../../tests/support/until.ts';
import type { SessionId } from '../../contracts/ids.ts';

function open() {
  const runs = createFakeRunsDoor();
  const calls = createTestCalls({ runs });
  const take = (messageId: string, code = 'make all', environment?: Readonly<Record<string, string>>) =>
    calls.take(
      capturedCall({
        key: `c1|${messageId}`,
        messageId,
        tool: 'shell',
        language: 'shell',
        code,
        ...(environment && { seedFrame: { id: messageId, socket: 1, direction: 'in', environment } }),
      }),
    );
  return { runs, calls, take };
}

it('a call with commands to agree to is held, and starts when the person says so', async () => {
  const { runs, calls, take } = open();
  runs.asking.push({ name: 'make', text: 'make', why: 'Why.' });
  take('m1');
  const run = calls.all[0]?.run;
  await until(() => expect(run?.held.value?.asked).toHaveLength(1));
  expect(run).toMatchObject({ phase: { value: 'offered' }, isBusy: { value: false }, failure: { value: null } });
  expect(run?.view.value).toBeNull();
  expect(runs.started).toHaveLength(0);
  await run?.start('press', true);
  expect(runs.started[0]?.request).toMatchObject({ code: 'make all', trigger: 'press', isAgreed: true });
  expect(run?.held.value).toBeNull();
  await runs.choose({ sessionId: 'c1' as SessionId, commands: ['make'] });
  take('m2');
  await until(() => expect(runs.started).toHaveLength(2));
  expect(runs.started[1]?.request).toMatchObject({ trigger: 'auto' });
  expect(runs.started[1]?.request).not.toHaveProperty('isAgreed');
});

it('variables that a frame sets are not asked about: there is no card for them', async () => {
  const { runs, calls, take } = open();
  runs.asking.push({ name: 'PATH', text: 'PATH', why: 'Why.' });
  take('m1', 'ls', { PATH: '/opt/bin' });
  await until(() => expect(runs.started).toHaveLength(2));
  expect(runs.started.map(({ request }) => request.code)).toEqual(["export PATH='/opt/bin'\n", 'ls']);
  expect(calls.all[0]?.run.failure.value).toBeNull();
});
