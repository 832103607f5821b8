import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PIECE_UTF16, splitPieces } from './pieces.ts';

const text = fc
  .array(fc.constantFrom('a', 'é', '😀', '\r\n', '\n', '\r', '👩🏽‍💻', '\ud83d'), { maxLength: 400 })
  .map((parts) => parts.join(''));

describe('splitPieces', () => {
  it('gives the text back when joined, in pieces of at most the size', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 9 }), (whole, most) => {
        const pieces = splitPieces(whole, most);
        expect(pieces.join('')).toBe(whole);
        for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(most);
      }),
    );
  });

  it('splits neither a surrogate pair nor a CR LF', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 9 }), (whole, most) => {
        const pieces = splitPieces(whole, most);
        for (const [at, piece] of pieces.entries()) {
          const next = pieces[at + 1] ?? '';
          const isPair = /[\ud800-\udbff]$/.test(piece) && /^[\udc00-\udfff]/.test(next);
          expect(isPair).toBe(false);
          expect(piece.endsWith('\r') && next.startsWith('\n')).toBe(false);
        }
      }),
    );
  });

  it.each([3, 3_999, 4_000, 4_001, 50_000])('takes %i characters', (length) => {
    const pieces = splitPieces('x'.repeat(length));
    expect(pieces).toHaveLength(Math.ceil(length / PIECE_UTF16));
  });
});
