import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as zod from 'zod/mini';
import * as shape from './shape.ts';

/** The same schema by either library; `z` is zod's small build or ours, which share the names. */
const schemaOf = (z: typeof zod) =>
  z.strictObject({
    id: z.string().check(z.minLength(1), z.maxLength(5)),
    n: z.nullable(z.number().check(z.gte(0), z.lte(10))),
    isOn: z._default(z.boolean(), true),
    note: z.optional(z.string()),
    list: z.array(z.union([z.string(), z.number(), z.null()])).check(z.maxLength(3)),
    data: z.record(z.string(), z.string()),
    what: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('a'), side: z.enum(['left', 'right']) }),
      z.strictObject({ kind: z.literal('b'), any: z.unknown() }),
    ]),
  });

const theirs = schemaOf(zod);
const ours = schemaOf(shape as unknown as typeof zod);
const right = { id: 'x', n: 1, isOn: false, list: ['a', 1, null], data: { k: 'v' }, what: { kind: 'a', side: 'left' } };
const junk = fc.oneof(fc.jsonValue(), fc.constantFrom(undefined, Number.NaN, Infinity, -1, 11, '', 'abcdef', {}, []));
const broken = fc
  .tuple(fc.constantFrom(...Object.keys(right), 'note', 'extra', '__proto__'), junk)
  .map(([key, value]) => Object.fromEntries([...Object.entries(right), [key, value]]));
const variant = fc
  .record(
    { kind: fc.constantFrom('a', 'b', 'c', '__proto__'), side: fc.constantFrom('left', 'up'), any: junk },
    { requiredKeys: [] },
  )
  .map((what) => ({ ...right, what }));

describe('shapes', () => {
  it('agree with zod on what passes and on what comes out', () => {
    fc.assert(
      fc.property(fc.oneof(junk, broken, variant), (input) => {
        const expected = theirs.safeParse(input);
        const found = ours.safeParse(input);
        expect(found.success).toBe(expected.success);
        if (expected.success) expect(found.data).toEqual(expected.data);
      }),
      { numRuns: 2_000 },
    );
  });

  it('say where the value is wrong', () => {
    const found = shape.strictObject({ a: shape.array(shape.number()) }).safeParse({ a: [1, 'x'] });
    expect(found).toEqual({ success: false, error: { issues: [{ path: ['a', 1] }] } });
  });

  it('throw only when asked to', () => {
    expect(() => shape.string().parse(1)).toThrow(TypeError);
    expect(shape.string().parse('x')).toBe('x');
  });

  it('copy what they let through', () => {
    const input = { a: ['x'] };
    const found = shape.strictObject({ a: shape.array(shape.string()) }).parse(input);
    input.a[0] = 'changed';
    expect(found.a).toEqual(['x']);
  });
});
