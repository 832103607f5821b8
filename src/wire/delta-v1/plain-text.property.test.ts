import fc from 'fast-check';
import { expect, it } from 'vitest';
import { placedStart, readPlainText } from './plain-text.ts';

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
      const text = readPlainText(json, placedStart('/message/content/parts/0'));
      if (text !== null) expect(JSON.parse(json)).toStrictEqual({ v: text });
    }),
    { numRuns: 2_000 },
  );
});

it('knows a frame that names its place only by the very place that is written to', () => {
  const pointers = fc.oneof(
    fc.string({ unit: 'binary' }).map((rest) => `/message/content/${rest}`),
    fc.constantFrom('/message/content/parts/0', '/message/content/text'),
  );
  const frames = fc.tuple(pointers, pointers, fc.constantFrom('append', 'replace'), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(frames, ([here, named, operation, text]) => {
      const frame = { p: named, o: operation, v: text };
      const read = readPlainText(JSON.stringify(frame), placedStart(here));
      if (read !== null) expect({ p: here, o: 'append', v: read }).toStrictEqual(frame);
      else if (here === named && operation === 'append') expect(JSON.stringify(text)).not.toBe(`"${text}"`);
    }),
    { numRuns: 2_000 },
  );
});
