import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader } from './byte-reader.ts';

/** A stream that comes in pieces of these lengths. */
function readerOf(text: string, lengths: readonly number[]): ByteReader {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  let turn = 0;
  return new ByteReader(() => {
    if (at >= bytes.length) return null;
    const piece = bytes.slice(at, at + (lengths[turn % lengths.length] ?? 1));
    turn += 1;
    at += piece.length;
    return piece;
  });
}
const text = (bytes: Uint8Array | null): string | null => bytes && new TextDecoder().decode(bytes);
const pieces = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

test('lines are the same however the bytes come', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'é', '\n', ' ', '1') }), pieces, (whole, lengths) => {
      const reader = readerOf(whole, lengths);
      const lines: string[] = [];
      for (let line = text(reader.line(true)); line !== null; line = text(reader.line(true))) lines.push(line);
      expect(lines.join('')).toBe(whole);
      expect(lines.slice(0, -1).every((line) => line.endsWith('\n'))).toBe(true);
    }),
  );
});

test('a count and the rest are the whole', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), fc.nat(40), pieces, (whole, count, lengths) => {
      const reader = readerOf(whole, lengths);
      expect((text(reader.some(count)) ?? '') + (text(reader.all()) ?? '')).toBe(whole);
    }),
  );
});

test('numbers are read as far as they go', () => {
  const reader = readerOf(' 12 0x1F -3.5e2,7 0x.8p1 +9 abc', [2]);
  const read = (): string => reader.number();
  expect([read(), read(), read()]).toEqual(['12', '0x1F', '-3.5e2']);
  expect([text(reader.some(1)), read(), read(), read(), read(), text(reader.all())]).toEqual([
    ',',
    '7',
    '0x.8p1',
    '+9',
    '',
    'abc',
  ]);
});

test('a read that had to wait takes nothing', () => {
  let isThere = false;
  const reader = new ByteReader(() => {
    if (!isThere) throw new Error('wait');
    isThere = false;
    return new TextEncoder().encode('line\n');
  });
  expect(() => reader.line(false)).toThrow('wait');
  isThere = true;
  expect(text(reader.line(false))).toBe('line');
});
