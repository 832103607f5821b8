import * as fc from 'fast-check';
import type { FileOperation } from '../../../src/contracts/files.ts';

/** Few names, so that they meet; case and the two ways to write é are different names. */
const name = fc.constantFrom('a', 'A', 'b', 'é', 'e\u0301', 'd');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
/** Around the size at which a file leaves the log. */
const size = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 65_500, max: 65_600 }), fc.constant(150_000));
const bytes = fc
  .tuple(size, fc.integer({ min: 1, max: 255 }))
  .map(([length, byte]) => new Uint8Array(length).fill(byte));

/** Changes of a tree, most of them possible ones. */
export const changes: fc.Arbitrary<FileOperation> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ op: fc.constant('mkdir' as const), path }) },
  {
    weight: 6,
    arbitrary: fc.record({
      op: fc.constant('write' as const),
      path,
      position: fc.oneof(fc.constant(0), size),
      bytes: fc.option(bytes),
      truncateTo: fc.option(size, { freq: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('rename' as const), path, to: path }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('remove' as const), path }) },
);
