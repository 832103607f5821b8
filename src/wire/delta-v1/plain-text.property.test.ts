import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readPlainText } from './plain-text.ts';

it('answers only where JSON.parse answers, and the same', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }).map((text) => JSON.stringify({ v: text })),
    fc.string({ unit: 'binary' }).map((text) => `{"v":"${text}"}`),
    fc.constantFrom(
      '{"v":"}',
      '{"v":""}',
      '{"v":"a"},"}',
      '{"v":"a","v":"b"}',
      '{"v":"\t"}',
      ' {"v":"a"}',
      '{"v":"\u2028"}',
    ),
  );
  fc.assert(
    fc.property(texts, (json) => {
      const text = readPlainText(json);
      if (text !== null) expect(JSON.parse(json)).toStrictEqual({ v: text });
    }),
    { numRuns: 2_000 },
  );
});
