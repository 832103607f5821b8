import fc from 'fast-check';
import { expect, test } from 'vitest';
import { laidOutState } from '../../../tests/support/linux/laid-out-state.ts';
import { joinBytes } from '../../base/index.ts';
import { applyDelta, makeDelta } from './delta.ts';

const PAGE = 4096;

/** Pages named by a number: equal numbers are equal pages. */
const pagesOf = (numbers: readonly number[]): Uint8Array =>
  joinBytes(
    numbers.map((number) => Uint8Array.from({ length: PAGE }, (_none, at) => (number * 31 + at * (number | 1)) & 0xff)),
  );
const pages = fc.array(fc.nat({ max: 40 }), { maxLength: 12 });
const tail = fc.uint8Array({ maxLength: 50 });
const edit = fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }) });

test('what a delta is applied to becomes what it was made of, whatever moved, came, went or changed', () => {
  fc.assert(
    fc.property(pages, pages, tail, fc.array(edit, { maxLength: 20 }), (before, after, end, edits) => {
      const memory = joinBytes([pagesOf(after), end]);
      for (const { at, byte } of edits) if (memory.length > 0) memory[at % memory.length] = byte;
      const base = laidOutState([pagesOf(before), end]);
      const state = laidOutState([memory, end, new Uint8Array(3)]);
      expect(Buffer.compare(applyDelta(base, makeDelta(base, state)), state)).toBe(0);
    }),
  );
});

test('pages that only moved, or changed by a little, are not told again', () => {
  const noise = (seed: number) => {
    let value = seed;
    return Uint8Array.from(
      { length: 64 * PAGE },
      () => (value = (Math.imul(value, 1_103_515_245) + 12_345) >>> 0) >>> 24,
    );
  };
  const memory = noise(7);
  const moved = joinBytes([pagesOf([1, 2, 3]), memory.subarray(PAGE)]);
  moved[20 * PAGE + 5] = (moved[20 * PAGE + 5] ?? 0) ^ 1;
  const delta = makeDelta(laidOutState([memory]), laidOutState([moved]));
  const told = delta.reduce((sum, byte) => sum + (byte === 0 ? 0 : 1), 0);
  expect(told).toBeLessThan(4 * PAGE);
});

test('a delta that is spoiled gives another state or an error, and never more than a state', () => {
  const base = laidOutState([pagesOf([1, 2, 3, 4])]);
  const delta = makeDelta(base, laidOutState([pagesOf([1, 9, 3, 4, 5])]));
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), fc.nat({ max: delta.length }), (edits, length) => {
      const spoiled = delta.slice(0, length);
      for (const { at, byte } of edits) if (length > 0) spoiled[at % Math.min(length, 400)] = byte;
      let state = new Uint8Array(0);
      try {
        state = applyDelta(base, spoiled);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
      expect(state.length).toBeLessThanOrEqual(16 * (base.length + spoiled.length));
    }),
    { numRuns: 300 },
  );
});
