import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boundModule, pagesFor } from './bound-module.ts';
import { BadModule, readModule } from './sections.ts';

const HEADER = [0, 97, 115, 109, 1, 0, 0, 0];
const module = (...bytes: readonly number[]): Uint8Array<ArrayBuffer> => Uint8Array.from([...HEADER, ...bytes]);
const section = (id: number, ...bytes: readonly number[]): number[] => [id, bytes.length, ...bytes];

test('no bytes make it throw anything but a refusal', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, hasHeader) => {
      const given = hasHeader ? module(...bytes) : Uint8Array.from(bytes);
      try {
        boundModule(given, pagesFor(readModule(given), 16));
      } catch (error) {
        if (!(error instanceof BadModule)) throw error;
      }
    }),
    { numRuns: 3_000 },
  );
});

test('what the browser takes with a memory never has more than the limit', () => {
  const limits = fc.tuple(
    fc.integer({ min: 0, max: 100 }),
    fc.option(fc.integer({ min: 100, max: 127 }), { nil: null }),
  );
  fc.assert(
    fc.property(limits, fc.integer({ min: 1, max: 10 }), ([minimum, maximum], memoryMB) => {
      const bounds = maximum === null ? [0, minimum] : [1, minimum, maximum];
      const given = module(...section(5, 1, ...bounds), ...section(7, 1, 1, 109, 2, 0));
      const parts = readModule(given);
      if (minimum > memoryMB * 16) {
        expect(() => pagesFor(parts, memoryMB)).toThrow(BadModule);
        return;
      }
      const bound = boundModule(given, pagesFor(parts, memoryMB));
      const memory = new WebAssembly.Instance(new WebAssembly.Module(bound)).exports['m'] as WebAssembly.Memory;
      const most = Math.min(maximum ?? Number.POSITIVE_INFINITY, memoryMB * 16);
      expect(memory.buffer.byteLength / 65_536).toBe(minimum);
      expect(() => memory.grow(most - minimum + 1)).toThrow(RangeError);
      expect(memory.grow(most - minimum)).toBe(minimum);
    }),
    { numRuns: 200 },
  );
});

test('signatures are those of the exports, imports counted first', () => {
  const given = module(
    ...section(1, 2, 0x60, 2, 0x7f, 0x7e, 1, 0x7d, 0x60, 0, 2, 0x7c, 0x7b),
    ...section(2, 1, 1, 101, 1, 102, 0, 1),
    ...section(3, 1, 0),
    ...section(7, 2, 1, 97, 0, 1, 1, 98, 0, 0),
  );
  const parts = readModule(given);
  expect(parts.functions).toEqual([
    { name: 'a', index: 1, signature: { parameters: ['i32', 'i64'], results: ['f32'] } },
    { name: 'b', index: 0, signature: { parameters: [], results: ['f64', 'v128'] } },
  ]);
  expect(parts.imports).toMatchObject([{ module: 'e', name: 'f', kind: 'function' }]);
});
