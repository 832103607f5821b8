import { expect, test } from 'vitest';
import { sessionIdOf } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { MachineUsage } from '../contracts/meter.ts';
import { MachineMeter } from './machine-meter.ts';

const SESSION = sessionIdOf('one');
const EVERY_MS = LIMITS.meterEveryMs.standard;

const usage = (patch: Partial<MachineUsage> = {}): MachineUsage => ({
  memoryBytes: 50,
  memoryMostBytes: 100,
  cpuShare: 0.5,
  load: 1,
  storageBytes: 5,
  storageMostBytes: 10,
  ...patch,
});

function world() {
  const state = { atMs: 0, carried: { sentBytes: 10, receivedBytes: 20, requests: 3 } };
  const meter = new MachineMeter({ carried: () => state.carried, now: () => state.atMs });
  const machine = (sessionId = SESSION) => {
    const life = { isAlive: true, isResting: false };
    let tell: (told: MachineUsage) => void = () => undefined;
    meter.watch(sessionId, {
      get isAlive() {
        return life.isAlive;
      },
      get isResting() {
        return life.isResting;
      },
      watchMachine: (listener) => (tell = listener),
    });
    return {
      life,
      tell: (patch?: Partial<MachineUsage>) => {
        state.atMs += EVERY_MS;
        tell(usage(patch));
      },
      flood: (patch?: Partial<MachineUsage>) => tell(usage(patch)),
    };
  };
  return { state, meter, machine };
}

test('keeps what a machine tells, with what was carried for it since it began', () => {
  const { state, meter, machine } = world();
  const { tell } = machine();
  expect(meter.report(SESSION)).toEqual({ samples: [], alerts: [], isResting: false });
  state.carried = { sentBytes: 11, receivedBytes: 25, requests: 5 };
  tell();
  expect(meter.report(SESSION)?.samples).toEqual([
    { ...usage(), atMs: EVERY_MS, sentBytes: 1, receivedBytes: 5, requests: 2 },
  ]);
});

test('tells what is above its threshold now, and of one that stands still nothing of its processor', () => {
  const { meter, machine } = world();
  const { tell, life } = machine();
  tell({ memoryBytes: 80, cpuShare: 0.9, storageBytes: 8.5 });
  expect(meter.report(SESSION)?.alerts).toEqual([]);
  tell({ memoryBytes: 81, cpuShare: 0.91, storageBytes: 8.6 });
  expect(meter.report(SESSION)?.alerts).toEqual(['memory', 'cpu', 'storage']);
  life.isResting = true;
  expect(meter.report(SESSION)).toMatchObject({ alerts: ['memory', 'storage'], isResting: true });
  life.isResting = false;
  tell({ storageBytes: 0, storageMostBytes: 0 });
  expect(meter.report(SESSION)?.alerts).toEqual([]);
});

test('keeps an hour, of which the newest are given, and does not let a guest that floods it push that out', () => {
  const { meter, machine } = world();
  const { tell, flood } = machine();
  for (let count = 0; count < LIMITS.meterSamples.standard + 5; count += 1) tell();
  for (let count = 0; count < 1_000; count += 1) flood({ memoryBytes: 99 });
  const samples = meter.report(SESSION)?.samples ?? [];
  expect(samples).toHaveLength(LIMITS.meterSamples.standard);
  expect(samples.some(({ memoryBytes }) => memoryBytes === 99)).toBe(false);
  expect(meter.report(SESSION, 2)?.samples).toEqual(samples.slice(-2));
});

test('forgets a machine that has ended, and another one of its session begins anew', () => {
  const { meter, machine } = world();
  const first = machine();
  first.tell();
  first.life.isAlive = false;
  expect(meter.report(SESSION)).toBeNull();
  const next = machine();
  expect(meter.report(SESSION)?.samples).toEqual([]);
  next.tell({ cpuShare: 0.1 });
  first.tell({ cpuShare: 0.7 });
  expect(meter.report(SESSION)?.samples.map(({ cpuShare }) => cpuShare)).toEqual([0.1]);
});

test('an engine that is no machine is not metered, and ends nothing of one', () => {
  const { meter, machine } = world();
  machine().tell();
  meter.watch(SESSION, { isAlive: true, isResting: false });
  expect(meter.report(SESSION)?.samples).toHaveLength(1);
  expect(meter.report(sessionIdOf('other'))).toBeNull();
});

test('what machines take beside runs is of those that work without one', () => {
  const { meter, machine } = world();
  const other = sessionIdOf('other');
  machine().tell({ cpuShare: 0.25 });
  const second = machine(other);
  second.tell({ cpuShare: 0.5 });
  expect(meter.cpuBeside(new Set())).toBe(0.75);
  expect(meter.cpuBeside(new Set([SESSION]))).toBe(0.5);
  second.life.isResting = true;
  expect(meter.cpuBeside(new Set([SESSION]))).toBe(0);
  second.life.isResting = false;
  second.life.isAlive = false;
  expect(meter.cpuBeside(new Set())).toBe(0.25);
});
