import fc from 'fast-check';
import { expect, test } from 'vitest';
import { laidOutState } from '../../../tests/support/linux/laid-out-state.ts';
import { buffersOf } from './layout.ts';
import { readAllButMemory, withMemoryLast } from './memory-last.ts';

const MEMORY_AT = 77;

/** A state with the buffer of that number for the guest's memory. */
const stateOf = (buffers: readonly Uint8Array[], memory: number): Uint8Array =>
  laidOutState(buffers, [
    ...Array.from({ length: MEMORY_AT }, () => 0),
    { __state_type__: 'Uint8Array', buffer_id: memory },
  ]);

const contentOf = (state: Uint8Array): number[][] =>
  buffersOf(state).spans.map(({ start, length }) => [...state.subarray(start, start + length)]);
const wholeLengthOf = (state: Uint8Array): number => new DataView(state.buffer, state.byteOffset).getUint32(8, true);

const cases = fc
  .array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 8 })
  .chain((buffers) => fc.record({ buffers: fc.constant(buffers), memory: fc.nat({ max: buffers.length - 1 }) }));

/** Gives the bytes in order. Throws where they end. */
function reading(bytes: Uint8Array): { readonly fill: (into: Uint8Array) => void; readonly rest: () => Uint8Array } {
  let at = 0;
  return {
    fill: (into) => {
      if (at + into.length > bytes.length) throw new Error('no more bytes');
      into.set(bytes.subarray(at, at + into.length));
      at += into.length;
    },
    rest: () => bytes.subarray(at),
  };
}

test('a state with its memory last has the same buffers, and is read to its memory without it', () => {
  fc.assert(
    fc.property(cases, ({ buffers, memory }) => {
      const moved = withMemoryLast(stateOf(buffers, memory));
      const content = buffers.map((each) => [...each]);
      expect(contentOf(moved)).toEqual(content);
      expect(wholeLengthOf(moved)).toBe(moved.length);
      const { fill, rest } = reading(moved);
      const { state, memoryBytes } = readAllButMemory(fill);
      expect(contentOf(state)).toEqual(content.map((each, at) => (at === memory ? [] : each)));
      expect(wholeLengthOf(state)).toBe(state.length);
      expect([...rest().subarray(0, memoryBytes)]).toEqual(content[memory]);
    }),
  );
});

test('a state whose memory is elsewhere, or that has none, or is cut off, is refused', () => {
  const two = [new Uint8Array([1, 2]), new Uint8Array([3])];
  const refused = (state: Uint8Array) => () => readAllButMemory(reading(state).fill);
  expect(refused(stateOf(two, 0))).toThrow('not its end');
  expect(refused(stateOf(two, 2))).toThrow('no memory');
  expect(refused(stateOf(two, 1).subarray(0, 20))).toThrow('no more bytes');
  expect(() => withMemoryLast(stateOf(two, 2))).toThrow('no memory');
  const whole = stateOf(two, 1);
  expect(() => withMemoryLast(whole.subarray(0, whole.length - 4))).toThrow('ends outside');
  // A length that no memory has is no want of memory.
  const huge = whole.slice();
  new DataView(huge.buffer).setUint32(12, 0xffff_fff0, true);
  expect(() => withMemoryLast(huge)).toThrow('cut off in its head');
});
