import { expect, test } from 'vitest';
import { canAffordCostly, isShortForLinux } from './spare-memory.ts';

test.each([
  ['a small device', 2, 0, false],
  ['a device with room', 8, 0.1, true],
  ['a device whose engines hold half of their memory', 8, 0.5, false],
  ['one that does not tell', undefined, 0, true],
] as const)('a machine of 300 MB ahead of need: %s', (_what, deviceMemory, share, may) => {
  expect(canAffordCostly(deviceMemory, share)).toBe(may);
});

const PHONE = 'Mozilla/5.0 (Android 16; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0';
const DESKTOP = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';
test.each([
  ['a device with little memory', 'auto', 4, DESKTOP, true],
  ['a device with room', 'auto', 8, DESKTOP, false],
  ['a phone with room', 'auto', 8, PHONE, false],
  ['a phone that does not tell', 'auto', undefined, PHONE, true],
  ['a phone whose person chose the full one', 'science', undefined, PHONE, false],
  ['a desktop that does not tell', 'auto', undefined, DESKTOP, false],
  ['a desktop whose person chose the small one', 'base', 8, DESKTOP, true],
] as const)('the small Linux: %s', (_what, setting, deviceMemory, userAgent, isSmall) => {
  expect(isShortForLinux(setting, deviceMemory, userAgent)).toBe(isSmall);
});
