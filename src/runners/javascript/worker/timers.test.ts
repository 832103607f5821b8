import { expect, test } from 'vitest';
import { Timers } from './timers.ts';

function clocked() {
  const clock = { ms: 0 };
  return { clock, timers: new Timers(() => clock.ms) };
}

test('timers are due in the order of their times, equal ones in the order in which they were set', () => {
  const { clock, timers } = clocked();
  timers.set(1, 20);
  timers.set(2, 10);
  timers.set(3, 10);
  clock.ms = 25;
  timers.set(4, 0);
  expect(timers.takeDue()).toEqual([2, 3, 1, 4]);
  expect(timers.count).toBe(0);
});

test('says how long the next one takes, and when none waits', () => {
  const { clock, timers } = clocked();
  expect(timers.waitMs()).toBe(Infinity);
  timers.set(1, 50);
  clock.ms = 20;
  expect(timers.waitMs()).toBe(30);
});

test('a loose timer does not hold its run', () => {
  const { timers } = clocked();
  timers.set(1, 5);
  timers.hold(1, false);
  expect(timers.hasHeld).toBe(false);
  timers.hold(1, true);
  expect(timers.hasHeld).toBe(true);
  timers.clear(1);
  expect(timers.hasHeld).toBe(false);
});

test('there is a most', () => {
  const { timers } = clocked();
  for (let id = 1; id <= 10_000; id += 1) expect(timers.set(id, 1)).toBe(true);
  expect(timers.set(10_001, 1)).toBe(false);
  timers.begin();
  expect(timers.set(10_002, 1)).toBe(true);
});
