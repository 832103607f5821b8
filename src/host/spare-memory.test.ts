import { expect, test } from 'vitest';
import { canAffordCostly } from './spare-memory.ts';

test.each([
  ['a small device', 2, 0, false],
  ['a device with room', 8, 0.1, true],
  ['a device whose engines hold half of their memory', 8, 0.5, false],
  ['one that does not tell', undefined, 0, true],
] as const)('a machine of 300 MB ahead of need: %s', (_what, deviceMemory, share, may) => {
  expect(canAffordCostly(deviceMemory, share)).toBe(may);
});
