// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import { capturedCall as call } from '../../../tests/support/captured-call.ts';
import { createFakeRunsDoor } from '../../../tests/support/fake-runs-door.ts';
import { createFakeSettings } from '../../../tests/support/fake-settings-door.ts';
import { createTestCalls } from '../../../tests/support/test-calls.ts';
import { until } from '../../../tests/support/until.ts';
import type { CapturedCall, CapturedMessage, CaptureEvent } from '../../contracts/capture.ts';
import type { RunsDoor } from '../../contracts/doors/runs.ts';
import { appError } from '../../contracts/errors.ts';
import { callKeyOf, type SessionId } from '../../contracts/ids.ts';
import type { Settings } from '../../contracts/settings.ts';
import type { CallEntry } from './calls.ts';
import { createSessionNames } from './session-names.ts';

const base = { timeMs: 1, memoryBytes: 1 };

function open(patch: Partial<Settings> = {}, mayStart = true) {
  const runs = createFakeRunsDoor();
  const settings = createFakeSettings(patch);
  const ended: CallEntry[] = [];
  const forgotten: CallEntry[] = [];
  const refused: (readonly [string, string])[] = [];
  const calls = createTestCalls({
    runs,
    settings,
    mayStart: () => mayStart,
    onEnded: (entry) => ended.push(entry),
    onRefused: (entry, { code }) => refused.push([entry.messageId, code]),
    onForget: (entry) => forgotten.push(entry),
  });
  return { runs, settings, calls, ended, refused, forgotten };
}

/** Another tab starts a call of this conversation. */
const startElsewhere = (runs: RunsDoor, messageId: string) =>
  runs.start({
    sessionId: 'c1' as SessionId,
    language: 'python',
    code: 'print(1)',
    callKey: callKeyOf('chatgpt', 'c1', messageId),
    trigger: 'press',
    limits: { timeMs: 1_000, memoryMB: 256 },
    stdin: null,
  });

describe('createCalls', () => {
  it('starts a live call by itself, once', async () => {
    const { runs, calls } = open();
    calls.take(call());
    calls.take(call());
    await until(() => expect(runs.started).toHaveLength(1));
    expect(runs.started[0]?.request).toMatchObject({ sessionId: 'c1', code: 'print(1)', trigger: 'auto' });
  });

  it.each<[string, Partial<Settings>, Partial<CapturedCall>, boolean]>([
    ['is not live', {}, { auto: false }, true],
    ['the switch says Remote', { isOn: false }, {}, true],
    ['the person wants to be asked', { startCalls: 'ask' }, {}, true],
    ['it belongs to the thinking and nobody has answered yet', {}, { thinking: true }, true],
    ['thinking calls wait for a press', { thinkingCalls: 'press' }, { thinking: true }, true],
    ['the page is somebody else’s', {}, {}, false],
    ['it is for a shell and not live', {}, { tool: 'shell', language: 'shell', auto: false }, true],
    ['it is for a shell and the person wants to be asked', { startCalls: 'ask' }, { language: 'shell' }, true],
    ['the page itself sent it', {}, { seedFrame: { id: 'f', socket: 1, direction: 'out' } }, true],
  ])('waits when it %s', (_, settings, patch, mayStart) => {
    const { runs, calls } = open(settings, mayStart);
    calls.take(call(patch));
    expect(runs.started).toHaveLength(0);
    expect(calls.all.every((entry) => entry.run.phase.value === 'offered')).toBe(true);
  });

  it.each<[string, boolean, Partial<CapturedCall>, object]>([
    ['a shown tab is what a person waits for', false, {}, { trigger: 'auto', priority: undefined }],
    ['a tab that is not shown yields', true, {}, { priority: 'background' }],
    ['the thinking yields', false, { thinking: true }, { priority: 'background' }],
  ])('a call that starts by itself in %s', async (_, isHidden, patch, expected) => {
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(isHidden);
    const { runs, calls } = open({ thinkingCalls: 'always' });
    calls.take(call(patch));
    await until(() => expect(runs.started).toHaveLength(1));
    const request = { priority: undefined, ...runs.started[0]?.request };
    expect(request).toMatchObject(expected);
    runs.started[0]?.tell({ kind: 'ended', outcome: { ...base, kind: 'cancelled', by: 'person', sessionLost: false } });
    await calls.all[0]?.run.start('press');
    expect(runs.started[1]?.request.priority).toBeUndefined();
    hidden.mockRestore();
  });

  it.each(['shell', 'ide'])('starts a live call of %s as one for Python, in the folder that it names', async (tool) => {
    const { runs, calls } = open();
    const shell = call({
      tool,
      language: 'shell',
      code: 'ls -la',
      workingDirectory: "/mnt/data/Zoë's",
      seedFrame: { id: 'm1', socket: 1, direction: 'in', environment: { MODE: "it's", 'bad name': 'x' } },
    });
    calls.take(shell);
    calls.take(shell);
    await until(() => expect(runs.started).toHaveLength(2));
    expect(runs.started.map(({ request }) => request)).toMatchObject([
      { language: 'shell', trigger: 'auto', code: String.raw`export MODE='it'\''s'` + '\n' },
      { language: 'shell', trigger: 'auto', code: String.raw`cd -- '/mnt/data/Zoë'\''s' || exit` + '\nls -la' },
    ]);
    expect(calls.all[0]?.run.code.value).toBe(runs.started[1]?.request.code);
  });

  it('starts the thinking calls that waited, once they are wanted', async () => {
    const { runs, settings, calls } = open();
    calls.take(call({ thinking: true }));
    await settings.set({ thinkingCalls: 'always' });
    calls.startThinking();
    calls.startThinking();
    await until(() => expect(runs.started).toHaveLength(1));
  });

  it('says that a call ran before, shows that run, and repeats it on a press', async () => {
    const first = open();
    first.calls.take(call());
    await until(() => expect(first.runs.started).toHaveLength(1));
    first.runs.started[0]?.tell({ kind: 'output', stream: 'stdout', text: '1\n' });
    const second = createTestCalls({
      runs: first.runs,
      settings: first.settings,
    });
    second.take(call());
    const run = second.all[0]?.run;
    await until(() => expect(run?.phase.value).toBe('already'));
    expect(run?.view.value?.log.text('stdout')).toBe('1\n');
    first.runs.started[0]?.tell({
      kind: 'ended',
      outcome: { kind: 'completed', exitCode: 0, result: null, error: null, timeMs: 1, memoryBytes: 1 },
    });
    await until(() => expect(run?.isBusy.value).toBe(false));
    await run?.start('press');
    expect(first.runs.started).toHaveLength(2);
  });

  it('follows a run that another tab starts later, and does not start it', async () => {
    const { runs, calls } = open({}, true);
    calls.take(call({ auto: false }));
    const run = calls.all[0]?.run;
    await until(() => expect(runs.awaited).toHaveLength(1));
    expect(run?.phase.value).toBe('offered');
    await startElsewhere(runs, 'm1');
    await until(() => expect(run?.phase.value).toBe('already'));
    runs.started[0]?.tell({ kind: 'output', stream: 'stdout', text: 'there\n' });
    expect(run?.view.value?.log.text('stdout')).toBe('there\n');
    expect(runs.started).toHaveLength(1);
  });

  it.each(['the turn ends', 'the person comes back'])('asks once more for runs of other tabs when %s', async (when) => {
    const { runs, calls } = open();
    for (let index = 0; index < 30; index += 1)
      calls.take(call({ auto: false, key: `c1|m${index}`, messageId: `m${index}` }));
    // Each that waits holds a request of the door; most only ask.
    await until(() => expect(runs.awaited).toHaveLength(8));
    await startElsewhere(runs, 'm29');
    expect(calls.all[29]?.run.phase.value).toBe('offered');
    if (when === 'the person comes back') await calls.lookElsewhere();
    else
      calls.take({
        kind: 'turn',
        stream: 's',
        conversationId: 'c1',
        userMessageId: null,
        state: 'complete',
        source: 'http:1',
      });
    await until(() => expect(calls.all[29]?.run.phase.value).toBe('already'));
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
    await until(() => expect(runs.started[0]?.isStopped).toBe(true));
  });

  it('starts nothing that was stopped while its code was read, and can be started again', async () => {
    const { runs, calls } = open({ startCalls: 'ask' });
    calls.take(call());
    const run = calls.all[0]?.run;
    const starting = run?.start('press');
    expect(run?.isBusy.value).toBe(true);
    await run?.stop();
    await starting;
    expect(run?.isBusy.value).toBe(false);
    expect(runs.started).toHaveLength(0);
    await run?.start('press');
    expect(runs.started).toHaveLength(1);
  });

  const seed = (patch: Partial<CapturedCall> = {}) =>
    call({
      key: 'seed:f1',
      adapter: 'seed-frames',
      messageId: 'f1',
      seedFrame: { id: 'f1', socket: 3, direction: 'in', environment: { A: '1' } },
      ...patch,
    });

  it('keeps seed frames apart from every conversation of the site', async () => {
    const { runs, calls } = open();
    calls.take(seed());
    await until(() => expect(runs.started).toHaveLength(2));
    expect(runs.started.map(({ request }) => request.sessionId)).toEqual(['seed:3:c1', 'seed:3:c1']);
  });

  it('claims the environment of a seed frame apart, and starts nothing when that is refused', async () => {
    const { runs, calls } = open();
    calls.take(seed());
    await until(() => expect(runs.started).toHaveLength(2));
    const keys = runs.started.map(({ request }) => request.callKey);
    expect(new Set(keys).size).toBe(2);
    expect(keys).not.toContain(null);
    const other = open();
    other.runs.refuseNext(appError('run/rate-limited'));
    other.calls.take(seed());
    await until(() => expect(other.calls.all[0]?.run.failure.value?.code).toBe('run/rate-limited'));
    expect(other.runs.started).toHaveLength(0);
    expect(other.refused).toEqual([['f1', 'run/rate-limited']]);
  });

  const completed = { kind: 'completed', exitCode: 0, result: '1', error: null, timeMs: 1, memoryBytes: 1 } as const;
  /** A second page that meets the call of the first without starting it. */
  function reloaded(runs: ReturnType<typeof createFakeRunsDoor>) {
    const ended: CallEntry[] = [];
    const calls = createTestCalls({
      runs,
      sessions: createSessionNames({ runs, conversationOnScreen: () => 'c1' }),
      onEnded: (entry) => ended.push(entry),
    });
    return { calls, ended };
  }

  it('goes on with a run that is under way after a reload: output, Stop, and no second start', async () => {
    const { runs, calls } = open();
    calls.take(call());
    await until(() => expect(runs.started).toHaveLength(1));
    runs.started[0]?.tell({ kind: 'output', stream: 'stdout', text: 'counting\n' });
    const page = reloaded(runs);
    page.calls.take(call({ auto: false }));
    const run = page.calls.all[0]?.run;
    await until(() => expect(run?.isBusy.value).toBe(true));
    expect(run?.view.value?.log.text('stdout')).toBe('counting\n');
    await run?.start('press');
    await run?.stop();
    await until(() => expect(run?.view.value?.outcome.value?.kind).toBe('cancelled'));
    expect(run?.isBusy.value).toBe(false);
    expect(runs.started).toHaveLength(1);
    expect(page.ended).toHaveLength(0);
  });

  const message = (patch: Partial<CapturedMessage> = {}): CaptureEvent => ({
    kind: 'message',
    message: {
      key: 'c1|m1',
      messageId: 'm1',
      conversationId: 'c1',
      role: 'assistant',
      name: null,
      recipient: 'python',
      channel: 'commentary',
      contentType: 'code',
      text: 'print(1)',
      status: 'finished_successfully',
      isEndOfTurn: null,
      parentId: null,
      isHidden: false,
      isThinking: false,
      assets: [],
      attachments: [],
      createdAtSeconds: null,
      modelSlug: null,
      ...patch,
    },
  });

  it('shows the kept result of a call of history at its turn, and nothing for one that never ran here', async () => {
    const { runs, calls } = open();
    calls.take(call());
    await until(() => expect(runs.started).toHaveLength(1));
    runs.started[0]?.tell({ kind: 'ended', outcome: completed });
    const page = reloaded(runs);
    page.calls.take(message({ key: 'c1|u1', messageId: 'u1', role: 'user', recipient: 'all' }));
    page.calls.take(message({ key: 'c1|m0', messageId: 'm0' }));
    page.calls.take(message());
    page.calls.take(message({ key: 'c1|a1', messageId: 'a1', recipient: 'all' }));
    await until(() => expect(page.calls.all[0]?.run.view.value?.outcome.value?.kind).toBe('completed'));
    expect(page.calls.all.map(({ messageId }) => messageId)).toEqual(['m1']);
    expect(page.calls.all[0]?.turn).toMatchObject({ userMessageId: 'u1', isOpen: false });
    expect([...(page.calls.all[0]?.turn.messageIds ?? [])]).toContain('a1');
    expect(page.calls.all[0]?.run.isBusy.value).toBe(false);
    expect(runs.started).toHaveLength(1);
  });

  it.each([true, false])('knows of a call of history whether it belongs to the thinking (%s)', async (isThinking) => {
    const { runs, calls } = open();
    calls.take(call());
    await until(() => expect(runs.started).toHaveLength(1));
    const page = reloaded(runs);
    page.calls.take(message({ isThinking }));
    await until(() => expect(page.calls.all[0]?.captured?.messageId).toBe('m1'));
    expect(page.calls.all[0]?.captured?.thinking).toBe(isThinking);
  });

  it('sends one answer for one question', async () => {
    const { runs, calls } = open();
    calls.take(call());
    await until(() => expect(runs.started).toHaveLength(1));
    const [started] = runs.started;
    const run = calls.all[0]?.run;
    started?.tell({ kind: 'input', prompt: 'a', isSecret: false });
    await Promise.all([run?.answer('1'), run?.answer('')]);
    expect(started?.answers).toEqual(['1']);
    started?.tell({ kind: 'input', prompt: 'a', isSecret: false });
    await run?.answer('2');
    expect(started?.answers).toEqual(['1', '2']);
  });

  it('ends a run whose host went away: crashed, the clock stands, the question is gone', async () => {
    const { runs, calls, ended } = open();
    calls.take(call());
    await until(() => expect(runs.started).toHaveLength(1));
    runs.started[0]?.tell({ kind: 'state', state: 'running' });
    runs.started[0]?.tell({ kind: 'input', prompt: 'a', isSecret: false });
    runs.lose(appError('host/lost'));
    const view = calls.all[0]?.run.view.value;
    expect(view?.outcome.value).toMatchObject({ kind: 'crashed', code: 'host/lost', sessionLost: true });
    expect(view?.prompt.value).toBeNull();
    expect(calls.all[0]?.run.isBusy.value).toBe(false);
    expect(ended).toHaveLength(0);
  });

  it('forgets the oldest calls, never one that runs', async () => {
    const { runs, calls, forgotten } = open({ startCalls: 'ask' });
    calls.take(call({ key: 'c1|first', messageId: 'first' }));
    await calls.all[0]?.run.start('press');
    for (let n = 0; n < 200; n += 1) calls.take(call({ key: `c1|${n}`, messageId: String(n) }));
    expect(calls.all).toHaveLength(200);
    expect(forgotten.map(({ messageId }) => messageId)).toEqual(['0']);
    expect(runs.started).toHaveLength(1);
  });
});
