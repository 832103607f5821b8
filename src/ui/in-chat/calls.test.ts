// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import { createFakeRunsDoor } from '../../../tests/support/fake-runs-door.ts';
import { createFakeSettings } from '../../../tests/support/fake-settings-door.ts';
import type { CapturedCall } from '../../contracts/capture.ts';
import { appError } from '../../contracts/errors.ts';
import { sessionIdOf } from '../../contracts/ids.ts';
import type { Settings } from '../../contracts/settings.ts';
import { createCalls } from './calls.ts';

const call = (patch: Partial<CapturedCall> = {}): { kind: 'call' } & CapturedCall => ({
  kind: 'call',
  key: 'c1|m1',
  adapter: 'chatgpt',
  conversationId: 'c1',
  messageId: 'm1',
  tool: 'python',
  language: 'python',
  code: 'print(1)',
  auto: true,
  thinking: false,
  ...patch,
});

function open(patch: Partial<Settings> = {}, mayStart = true) {
  const runs = createFakeRunsDoor();
  const settings = createFakeSettings(patch);
  const calls = createCalls({
    runs,
    settings,
    pageSessionId: sessionIdOf('chat:x'),
    mayStart: () => mayStart,
    onEntry: () => undefined,
    onChange: () => undefined,
    onEnded: () => undefined,
    signal: new AbortController().signal,
  });
  return { runs, settings, calls };
}

describe('createCalls', () => {
  it('starts a live call by itself, once', async () => {
    const { runs, calls } = open();
    calls.take(call());
    calls.take(call());
    await vi.waitFor(() => expect(runs.started).toHaveLength(1));
    expect(runs.started[0]?.request).toMatchObject({ sessionId: 'c1', code: 'print(1)', trigger: 'auto' });
  });

  it.each<[string, Partial<Settings>, Partial<CapturedCall>, boolean]>([
    ['is not live', {}, { auto: false }, true],
    ['the switch says Remote', { isOn: false }, {}, true],
    ['the person wants to be asked', { startCalls: 'ask' }, {}, true],
    ['it belongs to the thinking and nobody has answered yet', {}, { thinking: true }, true],
    ['thinking calls wait for a press', { thinkingCalls: 'press' }, { thinking: true }, true],
    ['the page is somebody else’s', {}, {}, false],
    ['it is no Python', {}, { language: 'shell' }, true],
  ])('waits when it %s', (_, settings, patch, mayStart) => {
    const { runs, calls } = open(settings, mayStart);
    calls.take(call(patch));
    expect(runs.started).toHaveLength(0);
    expect(calls.all.every((entry) => entry.run.phase.value === 'offered')).toBe(true);
  });

  it('starts the thinking calls that waited, once they are wanted', async () => {
    const { runs, settings, calls } = open();
    calls.take(call({ thinking: true }));
    await settings.set({ thinkingCalls: 'always' });
    calls.startThinking();
    calls.startThinking();
    await vi.waitFor(() => expect(runs.started).toHaveLength(1));
  });

  it('says that a call ran before, shows that run, and repeats it on a press', async () => {
    const first = open();
    first.calls.take(call());
    await vi.waitFor(() => expect(first.runs.started).toHaveLength(1));
    first.runs.started[0]?.tell({ kind: 'output', stream: 'stdout', text: '1\n' });
    const second = createCalls({
      runs: first.runs,
      settings: first.settings,
      pageSessionId: sessionIdOf('chat:y'),
      mayStart: () => true,
      onEntry: () => undefined,
      onChange: () => undefined,
      onEnded: () => undefined,
      signal: new AbortController().signal,
    });
    second.take(call());
    const run = second.all[0]?.run;
    await vi.waitFor(() => expect(run?.phase.value).toBe('already'));
    expect(run?.view.value?.log.text('stdout')).toBe('1\n');
    await run?.start('press');
    expect(first.runs.started).toHaveLength(2);
  });

  it('follows a call whose conversation gets its id later', () => {
    const { calls } = open({ startCalls: 'ask' });
    calls.take(call({ key: '|m1', conversationId: null }));
    calls.take({
      kind: 'conversation-id-known',
      messageId: 'm1',
      conversationId: 'c9',
      previousKey: '|m1',
      key: 'c9|m1',
    });
    expect(calls.all[0]?.sessionId()).toBe('c9');
    calls.take(call({ key: 'c9|m1', conversationId: 'c9' }));
    expect(calls.all).toHaveLength(1);
  });

  it('offers nothing of a call with missing frames', () => {
    const { runs, calls } = open();
    calls.take({ kind: 'call-forming', key: 'c1|m1', conversationId: 'c1', messageId: 'm1', tool: 'python' });
    calls.take({
      kind: 'call-refused',
      key: 'c1|m1',
      conversationId: 'c1',
      messageId: 'm1',
      tool: 'python',
      reason: 'incomplete',
    });
    expect(calls.all[0]?.run.phase.value).toBe('incomplete');
    expect(runs.started).toHaveLength(0);
  });

  it('stops a run that was asked to stop before its start was answered', async () => {
    const { runs, calls } = open();
    calls.take(call());
    await calls.all[0]?.run.stop();
    await vi.waitFor(() => expect(runs.started[0]?.isStopped).toBe(true));
  });

  it('shows why a start was refused and can be tried again', async () => {
    const { runs, calls } = open({ startCalls: 'ask' });
    calls.take(call());
    const run = calls.all[0]?.run;
    runs.refuseNext(appError('run/queue-full'));
    await run?.start('press');
    expect(run?.failure.value?.code).toBe('run/queue-full');
    expect(run?.isBusy.value).toBe(false);
    await run?.start('press');
    expect(runs.started).toHaveLength(1);
  });
});
