import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkPiece, cutHeap, type HeapMap, heapPieces, readHeapMap, type SavedHeap } from './heap-pieces.ts';
import { sumOfMap, sumOfPiece } from './piece-sum.ts';
import { heapStandIn, lendHeap, startPlacing } from './place-heap.ts';

const ANY_HEAP = fc.constantFrom<SavedHeap[]>('base', 'science');
const BLOCK = 16_384;

/** A heap of whole blocks, zeros or not, and a last one that may be shorter. */
const ANY_BYTES = fc
  .record({
    blocks: fc.array(fc.nat({ max: 2 }), { maxLength: 24 }),
    rest: fc.uint8Array({ minLength: 1, maxLength: 300 }),
  })
  .map(({ blocks, rest }) => {
    const bytes = new Uint8Array(blocks.length * BLOCK + rest.length);
    // One byte makes a block worth keeping, wherever it lies.
    for (const [at, kind] of blocks.entries()) if (kind > 0) bytes[at * BLOCK + (kind === 1 ? 0 : BLOCK - 1)] = at + 1;
    bytes.set(rest, blocks.length * BLOCK);
    return bytes;
  });

/** A heap as it is delivered: its files, and what the build noted of each. */
function made(heap: SavedHeap, bytes: Uint8Array) {
  const { map, pieces } = cutHeap(heap, bytes);
  const names = heapPieces(heap);
  const facts = names.map((_, at) => ({
    rawBytes: pieces[at]?.length ?? Number.NaN,
    sum: sumOfPiece(pieces[at] ?? new Uint8Array()),
  }));
  const checked = (at: number, piece: Uint8Array | undefined) =>
    checkPiece(names[at] ?? '', piece, { facts: facts[at], runs: map.pieces[at] ?? [] });
  return { map, pieces, names, checked };
}

const ANY_DAMAGE = fc.constantFrom<((piece: Uint8Array) => Uint8Array | undefined)[]>(
  () => undefined,
  (piece) => piece.subarray(1),
  (piece) => new Uint8Array([...piece, 0]),
);

test('a heap has a name for each piece, in order', () => {
  expect(heapPieces('base')).toEqual(['base.heap.0', 'base.heap.1', 'base.heap.2']);
  expect(heapPieces('science')).toEqual([0, 1, 2, 3, 4, 5].map((at) => `science.heap.${String(at)}`));
});

/** A map as it is delivered, with what the build noted of it. */
function readAgain(heap: SavedHeap, map: unknown) {
  const json = new TextEncoder().encode(JSON.stringify(map));
  return readHeapMap(heap, json, { rawBytes: json.length, sum: sumOfMap(json) });
}

test('what was cut is whole again in memory that was written to before', () => {
  fc.assert(
    fc.property(ANY_HEAP, ANY_BYTES, fc.nat(), (heap, bytes, anyHeader) => {
      fc.pre(bytes.length >= 8);
      const headerBytes = 8 + (anyHeader % Math.min(bytes.length - 7, 500));
      new Uint32Array(bytes.buffer, 0, 2)[1] = headerBytes;
      const { map, pieces, checked } = made(heap, bytes);
      expect(readAgain(heap, map)).toEqual({ ok: true, value: map });
      const memory = new Uint8Array(bytes.length - headerBytes + 8).fill(0xee);
      const placing = startPlacing(memory, map);
      for (const [at, piece] of pieces.entries()) {
        expect(checked(at, piece)).toEqual({ ok: true, value: piece });
        placing.put(at, piece);
      }
      // As Pyodide does with what it is given.
      const API = { restoreSnapshot: (run: Uint8Array) => memory.set(run.subarray(headerBytes)) };
      lendHeap({ API }, placing.firstRun());
      API.restoreSnapshot(heapStandIn(map));
      expect(heapStandIn(map).length).toBe(bytes.length);
      expect(memory).toEqual(new Uint8Array([...bytes.subarray(headerBytes), ...new Uint8Array(8).fill(0xee)]));
    }),
    { numRuns: 50 },
  );
});

test('blocks of zeros are in no piece, and the others are in pieces of one size but for the last', () => {
  const bytes = new Uint8Array(40 * BLOCK);
  for (const at of [3, 4, 5, 20, 30, 39]) bytes[at * BLOCK] = 1;
  const { map, pieces } = made('base', bytes);
  expect(map.pieces).toEqual([
    [
      { at: 0, length: BLOCK },
      { at: 3 * BLOCK, length: 2 * BLOCK },
    ],
    [
      { at: 5 * BLOCK, length: BLOCK },
      { at: 20 * BLOCK, length: BLOCK },
      { at: 30 * BLOCK, length: BLOCK },
    ],
    [{ at: 39 * BLOCK, length: BLOCK }],
  ]);
  expect(pieces.map(({ length }) => length / BLOCK)).toEqual([3, 3, 1]);
});

test('a piece that is missing, shorter or longer is named', () => {
  fc.assert(
    fc.property(ANY_HEAP, ANY_BYTES, fc.nat(), ANY_DAMAGE, (heap, whole, anyPiece, damage) => {
      const { pieces, names, checked } = made(heap, whole);
      const at = anyPiece % names.length;
      const piece = pieces[at] ?? new Uint8Array();
      const damaged = damage(piece);
      fc.pre(damaged?.length !== piece.length);
      const found = checked(at, damaged);
      expect(found).toMatchObject({ ok: false, error: { code: 'python/heap-mismatch' } });
      expect(found.ok ? '' : found.error.detail).toContain(names[at]);
    }),
    { numRuns: 50 },
  );
});

test('a piece of other bytes is named, wherever a sector was changed', () => {
  const SECTOR = 512;
  // Two sectors: one of them lies whole in the change, with at least one word that is looked at.
  fc.assert(
    fc.property(ANY_HEAP, fc.nat(), fc.nat(), (heap, anyPiece, anyPlace) => {
      const { pieces, names, checked } = made(heap, new Uint8Array(12 * BLOCK).fill(1));
      const at = anyPiece % names.length;
      const piece = pieces[at]?.slice() ?? new Uint8Array();
      const from = anyPlace % (piece.length - 2 * SECTOR);
      const found = checked(at, piece.fill(2, from, from + 2 * SECTOR));
      expect(found).toMatchObject({ ok: false, error: { code: 'python/heap-mismatch' } });
      expect(found.ok ? '' : found.error.detail).toContain(`${names[at] ?? ''} has other bytes`);
    }),
    { numRuns: 50 },
  );
});

test('the sum is the same wherever the bytes lie, and sees their last ones', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 2_000 }), fc.integer({ min: 0, max: 3 }), (bytes, offset) => {
      const moved = new Uint8Array(offset + bytes.length);
      moved.set(bytes, offset);
      expect(sumOfPiece(moved.subarray(offset))).toBe(sumOfPiece(bytes));
    }),
  );
  expect(sumOfPiece(new Uint8Array([1, 2, 3, 4, 5]))).not.toBe(sumOfPiece(new Uint8Array([1, 2, 3, 4, 6])));
});

test('a piece that no list knows, or no sum, does not fit', () => {
  const piece = new Uint8Array(10);
  const runs = [{ at: 0, length: 10 }];
  expect(checkPiece('x', piece, { facts: { rawBytes: 10, sum: sumOfPiece(piece) }, runs }).ok).toBe(true);
  expect(checkPiece('x', piece, { facts: undefined, runs }).ok).toBe(false);
  expect(checkPiece('x', piece, { facts: { rawBytes: 10 }, runs }).ok).toBe(false);
  expect(checkPiece('x', piece, { facts: { rawBytes: 10, sum: sumOfPiece(piece) }, runs: [] }).ok).toBe(false);
});

test.each<[string, (map: HeapMap) => unknown]>([
  ['lacks a piece', ({ bytes, pieces }) => ({ bytes, pieces: pieces.slice(1) })],
  ['begins later', ({ bytes, pieces }) => ({ bytes, pieces: [[{ at: 1, length: 1 }], ...pieces.slice(1)] })],
  ['goes over the end', ({ pieces }) => ({ bytes: 2 * BLOCK, pieces })],
  ['has runs over each other', ({ bytes, pieces }) => ({ bytes, pieces: pieces.toReversed() })],
  ['has a run without a length', ({ bytes, pieces }) => ({ bytes, pieces: [[{ at: 0 }], ...pieces.slice(1)] })],
])('a map that %s does not fit', (_how, spoil) => {
  const { map } = made('base', new Uint8Array(6 * BLOCK).fill(1));
  expect(readAgain('base', map).ok).toBe(true);
  expect(readAgain('base', spoil(map))).toMatchObject({ ok: false, error: { code: 'python/heap-mismatch' } });
});

test('a map is the one that the build made, to the last digit', () => {
  const { map } = made('science', new Uint8Array(20 * BLOCK).fill(1));
  const json = new TextEncoder().encode(JSON.stringify(map));
  const facts = { rawBytes: json.length, sum: sumOfMap(json) };
  expect(readHeapMap('science', json, facts).ok).toBe(true);
  expect(readHeapMap('science', undefined, facts).ok).toBe(false);
  expect(readHeapMap('science', json, undefined).ok).toBe(false);
  expect(readHeapMap('science', json.subarray(1), facts).ok).toBe(false);
  for (const at of json.keys()) {
    const other = json.slice();
    other[at] = 0x30 + ((other[at] ?? 0) % 10) + 1;
    fc.pre(other[at] !== json[at]);
    expect(readHeapMap('science', other, facts)).toMatchObject({ ok: false, error: { code: 'python/heap-mismatch' } });
  }
});
