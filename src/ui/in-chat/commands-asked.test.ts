// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { createFakeRunsDoor } from '../../../tests/support/fake-runs-door.ts';
import { createFakeSettings } from '../../../tests/support/fake-settings-door.ts';
import { until } from '../../../tests/support/until.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { createCalls } from './calls.ts';
import { createSessionNames } from './session-names.ts';

it('a call with commands to agree to is held, and starts when the person says so', async () => {
  const runs = createFakeRunsDoor();
  runs.asking.push({ name: 'make', text: 'make', why: 'Why.' });
  const calls = createCalls({
    runs,
    settings: createFakeSettings({}),
    sessions: createSessionNames({ runs, conversationOnScreen: () => null }),
    mayStart: () => true,
    onEntry: () => undefined,
    onChange: () => undefined,
    onEnded: () => undefined,
    onForget: () => undefined,
    signal: new AbortController().signal,
  });
  const take = (messageId: string) =>
    calls.take({
      kind: 'call',
      key: `c1|${messageId}`,
      adapter: 'chatgpt',
      conversationId: 'c1',
      messageId,
      tool: 'shell',
      language: 'shell',
      code: 'make all',
      auto: true,
      thinking: false,
    });
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
