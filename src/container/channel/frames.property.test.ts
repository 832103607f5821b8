import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinBytes } from '../../base/index.ts';
import { encodeFrame, type Frame, FrameReader, GUEST_PAYLOAD_BYTES, HEADER_BYTES } from './frames.ts';

const frame = fc.record({
  type: fc.constantFrom(...'hsoexicndfpr!'),
  id: fc.nat({ max: 0xffff_ffff }),
  payload: fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.uint8Array({ minLength: 30_000, maxLength: GUEST_PAYLOAD_BYTES }),
  ),
});
/** How long each piece is in which the bytes come. */
const cuts = fc.array(fc.oneof(fc.nat({ max: 12 }), fc.nat({ max: 50_000 })), { maxLength: 60 });

function inPieces(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const length of lengths) {
    pieces.push(bytes.slice(at, at + length));
    at += length;
  }
  return [...pieces, bytes.slice(at)];
}

describe('frames of the guest', () => {
  test('come out as they went in, however they were split', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), cuts, (frames, lengths) => {
        const bytes = joinBytes(frames.map(({ type, id, payload }) => encodeFrame(type, id, payload)));
        const reader = new FrameReader();
        const seen: Frame[] = [];
        for (const piece of inPieces(bytes, lengths)) expect(reader.push(piece, (each) => seen.push(each))).toBe(true);
        expect(seen.map(({ type, id, payload }) => [String.fromCharCode(type), id, [...payload]])).toEqual(
          frames.map(({ type, id, payload }) => [type, id, [...payload]]),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('are whole or nothing, and no bytes make the reader throw or keep more than one', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 40 }), (pieces) => {
        const reader = new FrameReader();
        let taken = 0;
        let given = 0;
        for (const piece of pieces) {
          given += piece.length;
          reader.push(piece, (each) => {
            taken += HEADER_BYTES + each.payload.length;
            expect(each.payload.length).toBeLessThanOrEqual(GUEST_PAYLOAD_BYTES);
          });
        }
        expect(taken).toBeLessThanOrEqual(given);
      }),
    );
  });

  test.each([1, 4, 8, 9, 20])('of a length that no agent sends end the stream, %i bytes at a time', (size) => {
    const reader = new FrameReader();
    const tooLong = encodeFrame('o', 1, new Uint8Array(GUEST_PAYLOAD_BYTES + 1));
    const good = encodeFrame('o', 1, new Uint8Array(3));
    let frames = 0;
    const results = inPieces(joinBytes([good, tooLong, good]), Array<number>(12).fill(size)).map((piece) =>
      reader.push(piece, () => (frames += 1)),
    );
    expect(results.at(-1)).toBe(false);
    expect(frames).toBe(1);
    reader.reset();
    expect(reader.push(good, () => (frames += 1))).toBe(true);
    expect(frames).toBe(2);
  });
});
