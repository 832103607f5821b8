import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Survey } from '../../../container/machine/index.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import type { MachineUsage } from '../../../contracts/meter.ts';
import { Surveyor } from './surveyor.ts';

const EVERY_MS = LIMITS.meterEveryMs.standard;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A machine that tells what it is made to; a real one does so in `tests/node/linux-meter.test.ts`. */
function surveyed() {
  const asked: boolean[] = [];
  const told: MachineUsage[] = [];
  const survey: { now: Survey | Error } = { now: figures() };
  const surveyor = new Surveyor({
    survey: async (dropsCaches) => {
      asked.push(dropsCaches);
      if (survey.now instanceof Error) throw survey.now;
      return survey.now;
    },
    tell: (usage) => told.push(usage),
  });
  const pass = (looks = 1) => vi.advanceTimersByTimeAsync(looks * EVERY_MS);
  return { asked, told, survey, surveyor, pass };
}

const figures = (patch: Partial<Survey> = {}): Survey => ({
  memoryBytes: 200,
  availableBytes: 150,
  diskBytes: 1_000,
  freeDiskBytes: 600,
  busyMs: 1_000,
  idleMs: 9_000,
  load: 0.5,
  ...patch,
});

test('tells every five seconds what is in use, and how busy the processor was since the look before', async () => {
  const { told, survey, surveyor, pass } = surveyed();
  surveyor.begin();
  surveyor.begin();
  await pass(0);
  expect(told).toEqual([]);
  survey.now = figures({ busyMs: 4_000, idleMs: 11_000 });
  await pass();
  expect(told).toEqual([
    { memoryBytes: 50, memoryMostBytes: 200, cpuShare: 0.6, load: 0.5, storageBytes: 400, storageMostBytes: 1_000 },
  ]);
  await pass();
  expect(told.map(({ cpuShare }) => cpuShare)).toEqual([0.6, 0]);
  surveyor.pause();
});

test('asks nothing of a machine that stands still, and goes on with what it told last', async () => {
  const { asked, told, survey, surveyor, pass } = surveyed();
  surveyor.begin();
  await pass();
  surveyor.pause();
  const { length } = asked;
  await pass(100);
  expect(asked).toHaveLength(length);
  surveyor.begin();
  // Its time stood still, too.
  survey.now = figures({ busyMs: 1_500, idleMs: 9_500 });
  await pass();
  expect(told.at(-1)?.cpuShare).toBe(0.5);
  surveyor.pause();
});

test('has the caches dropped where memory is short, at once and then once a minute', async () => {
  const { asked, survey, surveyor, pass } = surveyed();
  survey.now = figures({ availableBytes: 40 });
  surveyor.begin();
  await pass(2);
  // Four fifths are in use: not above.
  expect(asked).toEqual([false, false, false]);
  survey.now = figures({ availableBytes: 39 });
  await pass(14);
  expect(asked.slice(3)).toEqual([false, true, ...Array<boolean>(11).fill(false), true]);
  survey.now = figures();
  await pass(14);
  expect(asked.slice(18)).not.toContain(true);
  surveyor.pause();
});

test('tells nothing of a moment without an answer, nor of one that is before the last', async () => {
  const { told, survey, surveyor, pass } = surveyed();
  surveyor.begin();
  await pass();
  expect(told).toHaveLength(1);
  survey.now = new Error('lost');
  await pass(2);
  survey.now = figures({ busyMs: 10, idleMs: 10 });
  await pass();
  expect(told).toHaveLength(1);
  survey.now = figures({ busyMs: 5, idleMs: 5 });
  await pass();
  expect(told).toHaveLength(1);
  survey.now = figures({ busyMs: 6, idleMs: 8 });
  await pass();
  expect(told.at(-1)?.cpuShare).toBe(0.25);
  surveyor.pause();
});
