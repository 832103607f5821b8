import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutHeap, gatherHeap, heapPieces, placeRest } from './heap-pieces.ts';
import { sumOfPiece } from './piece-sum.ts';

const ANY_HEAP = fc.constantFrom('base' as const, 'science' as const);
const ANY_BYTES = fc.uint8Array({ maxLength: 300 });

type AnyHeap = Parameters<typeof cutHeap>[0];

/** A heap as it is delivered: its files, and what the build noted of each. */
function made(heap: AnyHeap, bytes: Uint8Array) {
  const pieces = cutHeap(heap, bytes);
  const files = new Map(heapPieces(heap).map((name, at) => [name, pieces[at] ?? new Uint8Array()]));
  const facts = new Map([...files].map(([name, piece]) => [name, { rawBytes: piece.length, sum: sumOfPiece(piece) }]));
  return { pieces, files, factsOf: (name: string) => facts.get(name) };
}

test('a heap has two or four pieces, with a name for each, in order', () => {
  expect(heapPieces('base')).toEqual(['base.heap.0', 'base.heap.1']);
  expect(heapPieces('science')).toEqual([0, 1, 2, 3].map((at) => `science.heap.${String(at)}`));
});

test('what was cut is whole again in memory, where the first piece lies without its header', () => {
  fc.assert(
    fc.property(ANY_HEAP, ANY_BYTES, fc.nat(), (heap, bytes, anyHeader) => {
      const { pieces, files, factsOf } = made(heap, bytes);
      expect(pieces.length).toBe(heapPieces(heap).length);
      const [first = new Uint8Array()] = pieces;
      const headerBytes = anyHeader % (first.length + 1);
      const gathered = gatherHeap(heap, files, factsOf);
      if (!gathered.ok) throw new Error(gathered.error.detail);
      const memory = new Uint8Array(bytes.length - headerBytes + 8).fill(0xee);
      memory.set(first.subarray(headerBytes));
      placeRest(memory, gathered.value, headerBytes);
      expect(memory).toEqual(new Uint8Array([...bytes.subarray(headerBytes), ...new Uint8Array(8).fill(0xee)]));
    }),
  );
});

test('the pieces are views of the heap, of one size as far as there are bytes', () => {
  fc.assert(
    fc.property(ANY_HEAP, ANY_BYTES, (heap, bytes) => {
      const { pieces } = made(heap, bytes);
      for (const piece of pieces) expect(piece.buffer).toBe(bytes.buffer);
      const sizes = pieces.map(({ length }) => length);
      expect(Math.max(...sizes)).toBe(Math.ceil(bytes.length / sizes.length));
      expect(sizes).toEqual(sizes.toSorted((left, right) => right - left));
    }),
  );
});

test('a piece that is missing, shorter or longer is named', () => {
  const anyDamage = fc.constantFrom('missing' as const, 'shorter' as const, 'longer' as const);
  const bytes = fc.uint8Array({ minLength: 8, maxLength: 300 });
  fc.assert(
    fc.property(ANY_HEAP, bytes, fc.nat(), anyDamage, (heap, whole, anyPiece, damage) => {
      const { files, factsOf } = made(heap, whole);
      const name = heapPieces(heap)[anyPiece % files.size] ?? '';
      const piece = files.get(name) ?? new Uint8Array();
      fc.pre(damage !== 'shorter' || piece.length > 0);
      if (damage === 'missing') files.delete(name);
      else files.set(name, damage === 'shorter' ? piece.subarray(1) : new Uint8Array([...piece, 0]));
      const gathered = gatherHeap(heap, files, factsOf);
      expect(gathered).toMatchObject({ ok: false, error: { code: 'python/heap-mismatch' } });
      expect(gathered.ok ? '' : gathered.error.detail).toContain(name);
    }),
  );
});

test('a piece of other bytes is named, wherever a sector was changed', () => {
  const SECTOR = 512;
  // Two sectors: one of them lies whole in the change, with at least one word that is looked at.
  fc.assert(
    fc.property(ANY_HEAP, fc.nat(), fc.nat(), (heap, anyPiece, anyPlace) => {
      const { files, factsOf } = made(heap, new Uint8Array(40_000).fill(1));
      const name = heapPieces(heap)[anyPiece % files.size] ?? '';
      const piece = files.get(name)?.slice() ?? new Uint8Array();
      const at = anyPlace % (piece.length - 2 * SECTOR);
      files.set(name, piece.fill(2, at, at + 2 * SECTOR));
      const gathered = gatherHeap(heap, files, factsOf);
      expect(gathered).toMatchObject({ ok: false, error: { code: 'python/heap-mismatch' } });
      expect(gathered.ok ? '' : gathered.error.detail).toContain(`${name} has other bytes`);
    }),
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

test('pieces that add up, but were cut at another place, do not fit', () => {
  const { files, factsOf } = made('base', new Uint8Array(10));
  const moved = new Map([...files.keys()].map((name, at) => [name, new Uint8Array(at === 0 ? 4 : 6)]));
  expect(gatherHeap('base', files, factsOf).ok).toBe(true);
  expect(gatherHeap('base', moved, factsOf).ok).toBe(false);
});

test('a file that no list knows, or no sum, does not fit', () => {
  const { files } = made('base', new Uint8Array(10));
  expect(gatherHeap('base', files, () => undefined).ok).toBe(false);
  expect(gatherHeap('base', files, () => ({ rawBytes: 5 })).ok).toBe(false);
});
