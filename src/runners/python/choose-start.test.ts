import { expect, test } from 'vitest';
import { chooseStart } from './engine.ts';

test.each([
  [2, 'base'],
  [4, 'base'],
  [8, 'science'],
  [undefined, 'science'],
] as const)('a device with %s GB gets the %s start', (memory, start) => {
  expect(chooseStart('auto', memory)).toBe(start);
});

test('what a person set counts more than the memory of the device', () => {
  expect(chooseStart('science', 2)).toBe('science');
  expect(chooseStart('base', 64)).toBe('base');
});
