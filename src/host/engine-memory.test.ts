import { expect, test } from 'vitest';
import type { SessionId } from '../contracts/ids.ts';
import { memoryShare } from './engine-memory.ts';

const MB = 1024 * 1024;

function poolOf(engines: { readonly mb: number; readonly isBusy: boolean }[]) {
  const left = [...engines];
  return {
    left,
    all: () =>
      left.map(({ mb, isBusy }) => ({
        sessionId: 's' as SessionId,
        memoryBytes: mb * MB,
        isBusy,
        isResting: false,
        lastUse: 0,
        saved: null,
      })),
    endOldestIdle() {
      const at = left.findIndex(({ isBusy }) => !isBusy);
      if (at >= 0) left.splice(at, 1);
      return at >= 0;
    },
  };
}

test('idle engines are let go while they fill the memory; those at work never', () => {
  const pool = poolOf([
    { mb: 500, isBusy: false },
    { mb: 900, isBusy: true },
    { mb: 300, isBusy: false },
  ]);
  expect(memoryShare(pool, 4)).toBeCloseTo(900 / 1_024);
  expect(pool.left).toHaveLength(1);
});

test('with room for all nothing is let go, on a device of 8 GB as on one that does not tell', () => {
  const engines = [{ mb: 500, isBusy: false }];
  expect(memoryShare(poolOf(engines), 8)).toBeCloseTo(500 / 2_048);
  expect(memoryShare(poolOf(engines), undefined)).toBeCloseTo(500 / 1_024);
});
