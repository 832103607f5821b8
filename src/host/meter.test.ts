import { expect, test } from 'vitest';
import type { RunId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import { Meter } from './meter.ts';

const RUN = 'run-1' as RunId;

function world() {
  const state = { bytes: 0, share: 0, usage: 10, quota: 100, atMs: 0, cleaned: 0, beside: 0, isTold: true };
  const ending = new AbortController();
  const meter = new Meter({
    memory: () => ({ bytes: state.bytes, share: state.share }),
    storage: () => (state.isTold ? Promise.resolve(state) : Promise.reject(new Error('not told'))),
    networkBytes: () => 7,
    processors: 2,
    cpuBesideRuns: () => state.beside,
    cleanUp: () => (state.cleaned += 1),
    now: () => (state.atMs += 5_000),
    signal: ending.signal,
  });
  return { state, meter, ending };
}

test('measures nothing while there is nothing', async () => {
  const { meter, ending } = world();
  await meter.measure();
  expect(meter.report()).toEqual({ samples: [], alerts: [] });
  ending.abort();
});

test('adds up what runs tell of themselves, until they end', async () => {
  const { state, meter, ending } = world();
  state.bytes = 1_000;
  meter.note(RUN, { kind: 'state', state: 'running' });
  meter.note(RUN, { kind: 'usage', memoryBytes: 1_000, cpuShare: 1 });
  meter.note('run-2' as RunId, { kind: 'usage', memoryBytes: 5, cpuShare: 0.5 });
  await meter.measure();
  expect(meter.report().samples).toEqual([
    {
      atMs: 5_000,
      memoryBytes: 1_000,
      memoryShare: 0,
      cpuShare: 0.75,
      storageBytes: 10,
      storageShare: 0.1,
      networkBytes: 7,
      runs: 2,
    },
  ]);
  const outcome = { kind: 'cancelled', by: 'person', sessionLost: false, timeMs: 1, memoryBytes: 1 } as const;
  meter.note(RUN, { kind: 'ended', outcome });
  await meter.measure();
  expect(meter.report().samples.at(-1)).toMatchObject({ cpuShare: 0.25, runs: 1 });
  ending.abort();
});

test('what machines do beside runs counts with them', async () => {
  const { state, meter, ending } = world();
  Object.assign(state, { bytes: 1, beside: 0.5 });
  await meter.measure();
  expect(meter.report().samples.at(-1)).toMatchObject({ cpuShare: 0.25, runs: 0 });
  meter.note(RUN, { kind: 'usage', memoryBytes: 1, cpuShare: 1 });
  await meter.measure();
  expect(meter.report().samples.at(-1)).toMatchObject({ cpuShare: 0.75, runs: 1 });
  ending.abort();
});

test('tells what is above its threshold, and lets idle engines go for memory', async () => {
  const { state, meter, ending } = world();
  Object.assign(state, { bytes: 1, share: 0.81, usage: 86 });
  for (const run of ['a', 'b'] as RunId[]) meter.note(run, { kind: 'usage', memoryBytes: 1, cpuShare: 0.95 });
  await meter.measure();
  expect(meter.report().alerts).toEqual(['memory', 'cpu', 'storage']);
  expect(state.cleaned).toBe(1);
  Object.assign(state, { share: 0.8, usage: 85 });
  await meter.measure();
  expect(meter.report().alerts).toEqual(['cpu']);
  expect(state.cleaned).toBe(1);
  ending.abort();
});

test('says no longer what is over: engines that went, a run that waits for a person, storage that was cleared', async () => {
  const { state, meter, ending } = world();
  Object.assign(state, { bytes: 1, share: 0.9, usage: 90 });
  for (const run of ['a', 'b'] as RunId[]) meter.note(run, { kind: 'usage', memoryBytes: 1, cpuShare: 1 });
  await meter.measure();
  expect(meter.report().alerts).toEqual(['memory', 'cpu', 'storage']);
  meter.note('a' as RunId, { kind: 'input', prompt: '', isSecret: false });
  await meter.measure();
  expect(meter.report().alerts).toEqual(['memory', 'storage']);
  const outcome = { kind: 'cancelled', by: 'person', sessionLost: false, timeMs: 1, memoryBytes: 1 } as const;
  for (const run of ['a', 'b'] as RunId[]) meter.note(run, { kind: 'ended', outcome });
  Object.assign(state, { bytes: 0, share: 0 });
  await meter.measure();
  expect(meter.report().alerts).toEqual(['storage']);
  expect(meter.report().samples.at(-1)).toMatchObject({ memoryBytes: 0, runs: 0 });
  state.usage = 10;
  await meter.measure();
  expect(meter.report().alerts).toEqual([]);
  const { length } = meter.report().samples;
  await meter.measure();
  expect(meter.report().samples).toHaveLength(length);
  ending.abort();
});

test('keeps an hour, and goes on where the browser does not tell of its storage', async () => {
  const { state, meter, ending } = world();
  state.bytes = 1;
  await meter.measure();
  state.isTold = false;
  for (let count = 0; count < LIMITS.meterSamples.standard + 10; count += 1) await meter.measure();
  const { samples } = meter.report();
  expect(samples).toHaveLength(LIMITS.meterSamples.standard);
  expect(samples.at(-1)?.storageBytes).toBe(10);
  expect(meter.report(60).samples).toEqual(samples.slice(-60));
  ending.abort();
});
