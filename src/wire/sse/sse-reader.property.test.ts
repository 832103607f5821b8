import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSseReader } from './sse-reader.ts';

const LIMIT = 400;

const line = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => `data: ${text.replaceAll(/[\r\n]/g, '')}`),
  fc.integer({ min: 380, max: 420 }).map((length) => `data:${'x'.repeat(length)}`),
  fc.constant(`data: ${'y'.repeat(40_000)}`),
  fc.constantFrom('event: delta', 'event:', ': comment', 'data', 'id: 7', '', '', '', '\uFEFF'),
);
const body = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\r', '\r\n')), { maxLength: 30 })
  .map((lines) => lines.map(([text, end]) => text + end).join(''));

function read(bytes: Uint8Array, cuts: readonly number[]): unknown[] {
  const seen: unknown[] = [];
  const reader = createSseReader({
    eventUtf16: LIMIT,
    onEvent: (event) => seen.push(event),
    onOversized: () => seen.push('oversized'),
  });
  let at = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    reader.readBytes(bytes.subarray(at, Math.max(at, cut)));
    at = Math.max(at, cut);
  }
  reader.readBytes(bytes.subarray(at));
  reader.end();
  return seen;
}

it('yields the same events however the body is cut', () => {
  fc.assert(
    fc.property(body, fc.array(fc.nat(60_000), { maxLength: 20 }), (text, cuts) => {
      const bytes = new TextEncoder().encode(text);
      expect(read(bytes, cuts)).toStrictEqual(read(bytes, []));
    }),
    { numRuns: 500 },
  );
});
