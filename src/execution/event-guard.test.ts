import { expect, test } from 'vitest';
import { LIMITS } from '../contracts/limits.ts';
import type { RunEvent } from '../contracts/run.ts';
import { EventGuard } from './event-guard.ts';

const most = LIMITS.progressPerRun.standard;
const progress = (done: number, total: number): RunEvent => ({ kind: 'progress', step: 'packages', done, total });

function guarded() {
  const seen: RunEvent[] = [];
  return { seen, guard: new EventGuard((event) => seen.push(event)) };
}

test('the end of what loads is told, however many steps there were before it', () => {
  const { seen, guard } = guarded();
  const total = most + 50;
  for (let done = 0; done <= total; done += 1) guard.report(progress(done, total));
  expect(seen).toHaveLength(most + 1);
  expect(seen.at(-1)).toEqual(progress(total, total));
});

test('past the bound nothing opens again, and a flood of ends is none', () => {
  const { seen, guard } = guarded();
  for (let turn = 0; turn < most; turn += 1) {
    guard.report(progress(0, 1));
    guard.report(progress(1, 1));
  }
  expect(seen).toHaveLength(most);
  expect(seen.at(-1)).toEqual(progress(1, 1));
});
