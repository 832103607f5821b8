import { expect, test } from 'vitest';
import { sessionIdOf } from '../../contracts/ids.ts';
import { FAILURES } from '../../contracts/failures.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { Breakdowns } from './breakdowns.ts';

const ONE = sessionIdOf('one');
const RESTARTS = LIMITS.machineRestarts.standard;

function broken(times: number) {
  let nowMs = 0;
  const breakdowns = new Breakdowns(() => nowMs);
  const codes = Array.from({ length: times }, () => breakdowns.lost(ONE, null).code);
  return { breakdowns, codes, pass: (ms: number) => (nowMs += ms) };
}

test('a machine is restarted so many times and then given up', () => {
  const { codes, breakdowns } = broken(RESTARTS + 1);
  expect(codes).toEqual([...Array<string>(RESTARTS).fill('linux/lost'), 'linux/gave-up']);
  expect(breakdowns.refusal(ONE)?.code).toBe('linux/gave-up');
  expect(breakdowns.refusal(sessionIdOf('other'))).toBeNull();
});

test('one that was given up is tried once more after its rest, and given up at once where it breaks down again', () => {
  const { breakdowns, pass } = broken(RESTARTS + 1);
  pass(LIMITS.engineRestMs.standard);
  expect(breakdowns.refusal(ONE)).toBeNull();
  expect(breakdowns.lost(ONE, 0).code).toBe('linux/gave-up');
  expect(breakdowns.refusal(ONE)?.code).toBe('linux/gave-up');
});

test('breakdowns of long ago and of a session that began anew do not count', () => {
  const { breakdowns, pass } = broken(RESTARTS);
  pass(LIMITS.machineRestartsMs.standard);
  expect(breakdowns.lost(ONE, null).code).toBe('linux/lost');
  breakdowns.forget(ONE);
  for (let more = 0; more < RESTARTS; more += 1) expect(breakdowns.lost(ONE, null).code).toBe('linux/lost');
});

test('what the next one goes on from is said, and as of when', () => {
  const { breakdowns } = broken(0);
  expect(breakdowns.lost(ONE, null).notice).toContain('had not been saved yet');
  expect(breakdowns.lost(ONE, Date.UTC(2031, 4, 5, 12)).notice).toMatch(/as it was saved \(.*2031/);
});

test('of one that was given up it is said, also as it is refused, whether something saved is kept', () => {
  const said = (savedAtMs: number | null): string => {
    const { breakdowns } = broken(RESTARTS);
    const { code, notice } = breakdowns.lost(ONE, savedAtMs);
    expect(code).toBe('linux/gave-up');
    const { explanation, suggestions } = FAILURES[code];
    expect([explanation, ...suggestions].join(' ')).not.toMatch(/saved|\/mnt\/data/);
    expect(breakdowns.refusal(ONE)?.detail).toBe(notice);
    return notice;
  };
  expect(said(null)).toMatch(/^Nothing of this Linux had been saved/);
  expect(said(Date.UTC(2031, 4, 5, 12))).toMatch(/^What was saved of this Linux \(.*2031.* is still kept/);
});

test('the words of the failure leave to the notice what it says', () => {
  const { breakdowns } = broken(0);
  for (const savedAtMs of [null, Date.UTC(2031, 4, 5, 12)]) {
    const { code, notice } = breakdowns.lost(ONE, savedAtMs);
    const { explanation, suggestions } = FAILURES[code];
    expect(notice).toMatch(/saved.*\/mnt\/data/);
    expect([explanation, ...suggestions].join(' ')).not.toMatch(/saved|\/mnt\/data/);
  }
});
