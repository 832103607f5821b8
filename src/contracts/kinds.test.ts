import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { countSchema, listWithin, numberWithin, textWithin } from './bounded.ts';
import { oneOfKinds } from './kinds.ts';

describe('one of several kinds', () => {
  const ours = oneOfKinds('kind', { stop: {}, write: { text: v.string() }, move: { x: v.number(), y: v.number() } });
  const theirs = v.variant('kind', [
    v.strictObject({ kind: v.literal('stop') }),
    v.strictObject({ kind: v.literal('write'), text: v.string() }),
    v.strictObject({ kind: v.literal('move'), x: v.number(), y: v.number() }),
  ]);

  it.each<[string, unknown]>([
    ['a kind without more', { kind: 'stop' }],
    ['a kind with its entries', { kind: 'write', text: 'a' }],
    ['a missing entry', { kind: 'move', x: 1 }],
    ['an entry of another kind', { kind: 'stop', text: 'a' }],
    ['a wrong entry', { kind: 'write', text: 1 }],
    ['an unknown kind', { kind: 'constructor' }],
    ['a kind that is no text', { kind: ['stop'] }],
    ['an inherited kind', Object.create({ kind: 'stop' })],
    ['no kind', {}],
    ['a list', []],
    ['null', null],
    ['nothing', undefined],
    ['a text', 'stop'],
  ])('says of %s what a variant says', (_name, value) => {
    const [got, wanted] = [v.safeParse(ours, value), v.safeParse(theirs, value)];
    expect(got.success).toBe(wanted.success);
    if (wanted.success) expect(got.output).toEqual(wanted.output);
  });
});

describe('bounds', () => {
  it('hold both ends of a number and no NaN', () => {
    const schema = numberWithin(1, 3);
    expect([1, 2.5, 3].every((value) => v.is(schema, value))).toBe(true);
    expect([0.9, 3.1, Number.NaN, '2', null, undefined].some((value) => v.is(schema, value))).toBe(false);
  });

  it('count from 0 to what is finite', () => {
    expect([0, 1.5, Number.MAX_VALUE].every((value) => v.is(countSchema, value))).toBe(true);
    expect([-1, Number.POSITIVE_INFINITY, Number.NaN, '1', 1n].some((value) => v.is(countSchema, value))).toBe(false);
  });

  it('hold both ends of a text and of a list', () => {
    const text = textWithin(1, 2);
    expect(['', 'a', 'ab', 'abc', ['a']].map((value) => v.is(text, value))).toEqual([false, true, true, false, false]);
    const list = listWithin(2, (value): value is number => typeof value === 'number');
    expect([[], [1, 2], [1, 2, 3], ['1'], '1'].map((value) => v.is(list, value))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
