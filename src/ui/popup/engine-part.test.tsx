// @vitest-environment happy-dom
import { render } from 'preact';
import { afterEach, expect, test } from 'vitest';
import type { HostStatus } from '../../contracts/doors/runs.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { EnginePart } from './engine-part.tsx';

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
  })),
  activeRuns: [],
  hasSharedMemory: true,
});
const resting = () => place.querySelector('[data-part="resting"]')?.textContent ?? null;

test('a machine that stands still is said, with what makes it go on', () => {
  render(<EnginePart status={statusOf([false, true])} />, place);
  expect(resting()).toMatch(/paused.*goes on/);
});

test('nothing is said of it where every engine works or waits', () => {
  for (const each of [[], [false], [false, false]]) {
    render(<EnginePart status={statusOf(each)} />, place);
    expect(resting()).toBeNull();
  }
});
