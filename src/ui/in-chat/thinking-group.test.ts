// @vitest-environment happy-dom
import { signal } from '@preact/signals';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rootOf } from '../../../tests/support/closed-roots.ts';
import { createFakeRunsDoor } from '../../../tests/support/fake-runs-door.ts';
import { createFakeSettings } from '../../../tests/support/fake-settings-door.ts';
import { until } from '../../../tests/support/until.ts';
import { appError } from '../../contracts/errors.ts';
import { callKeyOf, type SessionId } from '../../contracts/ids.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import { vouchFor } from '../kit/trusted-press.ts';
import { type CallRun, createCallRun } from './call-run.ts';
import { createThinkingGroup } from './thinking-group.tsx';

let ended = new AbortController();
beforeEach(() => {
  ended = new AbortController();
});
afterEach(() => {
  ended.abort();
  document.body.replaceChildren();
});

function open(count: number) {
  const door = createFakeRunsDoor();
  const group = createThinkingGroup({ isAsking: signal(false), onAnswer: () => undefined, signal: ended.signal });
  document.body.append(group.element);
  const runs = Array.from({ length: count }, (_, at): CallRun => {
    const run = createCallRun({
      runs: door,
      sessionId: () => 'c' as SessionId,
      callKey: () => callKeyOf('chatgpt', 'c', `m${at}`),
      sessionReady: () => Promise.resolve(),
      settings: createFakeSettings(),
      onEnded: () => undefined,
      signal: ended.signal,
    });
    run.offer({ code: 'input()' });
    group.add(document.createElement('div'), run);
    return run;
  });
  const part = (selector: string) => rootOf(group.element)?.querySelector(selector);
  return {
    door,
    group,
    runs,
    line: () => part('[data-part="thinking-summary"]')?.textContent,
    state: () => part('[data-part="thinking-state"]')?.textContent,
    isFolded: () => part('[data-action="fold"]')?.getAttribute('aria-expanded') === 'false',
    fold() {
      const click = new MouseEvent('click', { bubbles: true });
      vouchFor(click);
      part('[data-action="fold"]')?.dispatchEvent(click);
    },
  };
}

const end = (patch: Partial<Extract<Outcome, { kind: 'completed' }>> = {}) =>
  ({
    kind: 'ended',
    outcome: { kind: 'completed', exitCode: 0, result: null, error: null, timeMs: 1, memoryBytes: 1, ...patch },
  }) as const;
const asks = { kind: 'input', prompt: 'Name? ', isSecret: false } as const;

it('says that a call waits for an answer and unfolds, once for each question', async () => {
  const { door, runs, state, isFolded, fold } = open(2);
  for (const run of runs) await run.start('auto');
  await until(() => expect(state()).toBe(''));
  expect(isFolded()).toBe(true);
  door.started[0]?.tell(asks);
  await until(() => expect(state()).toBe('1 waits for your input'));
  expect(isFolded()).toBe(false);
  fold();
  await until(() => expect(isFolded()).toBe(true));
  door.started[0]?.tell({ kind: 'output', stream: 'stdout', text: 'still here' });
  door.started[1]?.tell(asks);
  await until(() => expect(state()).toBe('2 wait for your input'));
  expect(isFolded()).toBe(false);
  fold();
  await runs[0]?.answer('Ada');
  await until(() => expect(state()).toBe('1 waits for your input'));
  expect(isFolded()).toBe(true);
  door.started[0]?.tell(asks);
  await until(() => expect(isFolded()).toBe(false));
});

it('says how many failed, also where the host refused the start, and none that was stopped', async () => {
  const { door, runs, state, isFolded } = open(4);
  const [first, second, third] = runs;
  for (const run of runs.slice(0, 3)) await run.start('auto');
  door.started[0]?.tell(end());
  door.started[1]?.tell(end({ exitCode: 1 }));
  await third?.stop();
  await until(() => expect(state()).toBe('1 failed'));
  door.refuseNext(appError('run/queue-full'));
  await runs[3]?.start('auto');
  await until(() => expect(state()).toBe('2 failed'));
  await second?.start('press');
  await until(() => expect(state()).toBe('1 failed'));
  await first?.start('press');
  door.started.at(-1)?.tell(asks);
  await until(() => expect(state()).toBe('1 waits for your input · 1 failed'));
  expect(isFolded()).toBe(false);
});

it('counts the calls that it holds', async () => {
  const { group, runs, line } = open(3);
  await until(() => expect(line()).toBe('3 Python calls while thinking'));
  const [first, second] = runs;
  if (first === undefined || second === undefined) throw new Error('three calls were added');
  group.remove(first);
  group.remove(second);
  await until(() => expect(line()).toBe('1 Python call while thinking'));
});
