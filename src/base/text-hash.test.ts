import { expect, it } from 'vitest';
import { hashOfText } from './text-hash.ts';

it.each([
  ['', 0x81_1c_9d_c5],
  ['a', 0xe4_0c_29_2c],
  ['foobar', 0xbf_9c_f9_68],
])('gives %j the number that FNV-1a has for it', (text, number) => {
  expect(Number.parseInt(hashOfText(text), 36)).toBe(number);
});

it('tells texts apart that differ in one sign', () => {
  const all = Array.from({ length: 1_000 }, (_, n) => hashOfText(`print(${n})`));
  expect(new Set(all)).toHaveProperty('size', 1_000);
});
