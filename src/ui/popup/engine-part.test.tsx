// @vitest-environment happy-dom
import { render } from 'preact';
import { afterEach, expect, test } from 'vitest';
import type { HostStatus } from '../../contracts/doors/runs.ts';
import type { RunId, SessionId } from '../../contracts/ids.ts';
import type { RunSummary } from '../../contracts/run.ts';
import { EnginePart, RunsPart } from './engine-part.tsx';

const place = document.createElement('div');
afterEach(() => render(null, place));

const statusOf = (resting: readonly boolean[]): HostStatus => ({
  kind: 'offscreen',
  python: 'ready',
  sessions: resting.map((isResting, at) => ({
    sessionId: `c${at}` as SessionId,
    memoryBytes: 256 * 1024 * 1024,
    isBusy: false,
    isResting,
    saved: null,
  })),
  activeRuns: [],
  hasSharedMemory: true,
});
const resting = () => place.querySelector('[data-part="resting"]')?.textContent ?? null;

test('a machine that stands still is said, with what makes it go on', () => {
  render(<EnginePart status={statusOf([false, true])} ofPage={null} />, place);
  expect(resting()).toMatch(/paused.*goes on/);
});

test('on a page with a conversation only its own machine is spoken of', () => {
  const said = (ofPage: string): string | null => {
    render(<EnginePart status={statusOf([false, true])} ofPage={ofPage as SessionId} />, place);
    return resting();
  };
  expect([said('c0'), said('c1')]).toEqual([null, expect.stringMatching(/paused/)]);
});

test('nothing is said of it where every engine works or waits', () => {
  for (const each of [[], [false], [false, false]]) {
    render(<EnginePart status={statusOf(each)} ofPage={null} />, place);
    expect(resting()).toBeNull();
  }
});

test('the line says how many conversations are in memory, and leaves how much that is to the meter', () => {
  const line = () => place.querySelector('[data-part="engine"]')?.textContent.replaceAll('\u00a0', ' ');
  render(<EnginePart status={statusOf([])} ofPage={null} />, place);
  expect(line()).toBe('Python is ready');
  render(<EnginePart status={statusOf([false])} ofPage={null} />, place);
  expect(line()).toBe('Python is ready · 1 conversation in memory');
  render(<EnginePart status={statusOf([false, true])} ofPage={null} />, place);
  expect(line()).toBe('Python is ready · 2 conversations in memory');
  const status = statusOf([false, true]);
  const sessions = status.sessions.map((session) => ({ ...session, sessionId: 'c0' as SessionId }));
  render(<EnginePart status={{ ...status, sessions }} ofPage={null} />, place);
  expect(line()).toBe('Python is ready · 1 conversation in memory');
});

test('a run says its language, how it ended, what it took, and whether it is of this page', () => {
  const startedAtMs = new Date(2026, 0, 1, 12, 5).getTime();
  const run = (at: number, patch: Partial<RunSummary>): RunSummary => ({
    runId: `r${at}` as RunId,
    sessionId: 'c0' as SessionId,
    callKey: null,
    language: 'python',
    startedAtMs,
    outcome: null,
    ...patch,
  });
  const spent = { timeMs: 4_500, memoryBytes: 86.3 * 1024 * 1024 };
  const runs = [
    run(0, { language: 'lua', sessionId: 'c1' as SessionId }),
    run(1, { outcome: { kind: 'completed', exitCode: 1, result: null, error: null, ...spent } }),
    run(2, {
      language: 'shell',
      outcome: { kind: 'cancelled', by: 'person', sessionLost: false, ...spent, memoryBytes: 0 },
    }),
  ];
  const clock = new Date(startedAtMs).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const rows = () =>
    [...place.querySelectorAll('li')].map((row) => [...row.children].map(({ textContent }) => textContent));
  render(<RunsPart runs={runs} ofPage={'c0' as SessionId} />, place);
  expect(rows()).toEqual([
    ['Lua: Running', clock],
    ['Python: Finished with an error', `${clock} · 4.5 s · 86.3 MB · this page`],
    ['Shell: Stopped', `${clock} · 4.5 s · this page`],
  ]);
  render(<RunsPart runs={runs} ofPage={null} />, place);
  expect(place.textContent).not.toContain('this page');
});
