import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Calm } from './calm.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('waits its time where nothing goes on', () => {
  const act = vi.fn();
  new Calm().after(1000, act);
  vi.advanceTimersByTime(999);
  expect(act).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(act).toHaveBeenCalledOnce();
});

it('waits until nothing was noted for as long', () => {
  const calm = new Calm();
  const act = vi.fn();
  calm.after(1000, act);
  vi.advanceTimersByTime(700);
  calm.note();
  vi.advanceTimersByTime(700);
  calm.note();
  vi.advanceTimersByTime(999);
  expect(act).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(act).toHaveBeenCalledOnce();
});

it('acts in the end though something always goes on', () => {
  const calm = new Calm();
  const act = vi.fn();
  calm.after(1000, act);
  for (let passed = 0; passed < 10_500; passed += 500) {
    calm.note();
    vi.advanceTimersByTime(500);
  }
  expect(act).toHaveBeenCalledOnce();
});

it('can be called off, also after it had to wait longer', () => {
  const calm = new Calm();
  const act = vi.fn();
  const callOff = calm.after(1000, act);
  vi.advanceTimersByTime(500);
  calm.note();
  vi.advanceTimersByTime(600);
  callOff();
  vi.advanceTimersByTime(20_000);
  expect(act).not.toHaveBeenCalled();
});
