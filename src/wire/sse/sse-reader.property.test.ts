import { createParser } from 'eventsource-parser';
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

const ends = fc.constantFrom('\n', '\n', '\n', '\r', '\r\n');
const shortBody = fc
  .array(fc.tuple(fc.constantFrom('data: x', 'data:', 'event: delta', ': comment', 'id: 7', '', ''), ends), {
    maxLength: 12,
  })
  .map((lines) => lines.map(([text, end]) => text + end).join(''));

it('hands an event over as soon as its blank line is there', () => {
  fc.assert(
    fc.property(shortBody, fc.integer({ min: 1, max: 9 }), (text, size) => {
      let [seen, want] = [0, 0];
      const reader = createSseReader({
        eventUtf16: LIMIT,
        onEvent: () => (seen += 1),
        onOversized: () => undefined,
      });
      const parser = createParser({ onEvent: () => (want += 1) });
      for (let at = 0; at < text.length; at += size) {
        reader.readText(text.slice(at, at + size));
        parser.feed(text.slice(at, at + size));
        expect(seen).toBe(want);
      }
    }),
    { numRuns: 1_000 },
  );
});
