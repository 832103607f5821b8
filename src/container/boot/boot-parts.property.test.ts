import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packBootParts, unpackBootParts } from './index.ts';

const bytes = (most: number) => fc.uint8Array({ maxLength: most }).map((value) => new Uint8Array(value));

test('kernel and initrd come back as they were, however much of them the base holds', () => {
  const pieces = fc.array(fc.tuple(fc.nat(4_000), fc.nat(600), bytes(90)), { maxLength: 12 });
  fc.assert(
    fc.property(bytes(5_000), pieces, pieces, (base, ofKernel, ofInitrd) => {
      const made = (from: typeof ofKernel) =>
        new Uint8Array(from.flatMap(([at, length, own]) => [...base.subarray(at, at + length), ...own]));
      const parts = { kernel: made(ofKernel), initrd: made(ofInitrd) };
      expect(unpackBootParts(base, packBootParts(base, parts))).toEqual(parts);
    }),
  );
});

test('what the base holds is named and not carried', () => {
  const base = new Uint8Array(65_536).map((_, at) => (at * 7_919) >>> 5);
  const parts = { kernel: base.slice(4_096, 40_960), initrd: base.slice(100, 30_000) };
  expect(packBootParts(base, parts).length).toBeLessThan(400);
});

test('parts that are cut off, or of another base, are refused', () => {
  const base = new Uint8Array(8_192).map((_, at) => (at * 7_919) >>> 5);
  const packed = packBootParts(base, { kernel: base.slice(0, 4_096), initrd: new Uint8Array([1, 2, 3]) });
  expect(() => unpackBootParts(base, packed.subarray(0, 20))).toThrow('cut off');
  expect(() => unpackBootParts(base, packed.subarray(0, packed.length - 1))).toThrow('another image');
  expect(() => unpackBootParts(base.subarray(0, 1_000), packed)).toThrow('another image');
});
