import { fail, ok, type Result } from '../../../base/index.ts';
import { appError, type AppError } from '../../../contracts/errors.ts';
import { sumOfMap, sumOfPiece } from './piece-sum.ts';

/**
 * Into how many files a saved heap is cut: one request reads the package at 0.3 GB/s, four together at three times that, and a
 * worker puts one in its place while the next is on its way.
 */
const PIECES = { base: 3, science: 6 } as const;
/** A run of zeros is left out in whole blocks of this many bytes: a quarter of the science heap, a third of the base one. */
const BLOCK_BYTES = 16_384;

export type SavedHeap = keyof typeof PIECES;

/** Where bytes of a heap lie in it, in bytes. What no run holds is zero. */
export interface HeapRun {
  readonly at: number;
  readonly length: number;
}

/** How a heap was cut: the size of all of it, and what runs each of its files holds, one after another. */
export interface HeapMap {
  readonly bytes: number;
  readonly pieces: readonly (readonly HeapRun[])[];
}

/** What a build noted of a file of a heap. */
export interface PieceFacts {
  readonly rawBytes: number;
  /** By `sumOfPiece`, of its map by `sumOfMap`; other files have none. */
  readonly sum?: number;
}

/** Names of the files that hold a heap, in order. */
export function heapPieces(heap: SavedHeap): readonly string[] {
  return Array.from({ length: PIECES[heap] }, (_, at) => `${heap}.heap.${at}`);
}

/** Name of the file that holds the map of a heap. */
export const heapMapName = (heap: SavedHeap): string => `${heap}.pieces.json`;

/** Cuts a heap into its files, of about one size each, without its blocks of zeros; the first block is kept, whatever it holds. */
export function cutHeap(heap: SavedHeap, bytes: Uint8Array): { map: HeapMap; pieces: readonly Uint8Array[] } {
  const kept: HeapRun[] = [];
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    const block = bytes.subarray(at, at + BLOCK_BYTES);
    if (at === 0 || block.some((byte) => byte !== 0)) kept.push({ at, length: block.length });
  }
  const most = Math.ceil(kept.length / PIECES[heap]);
  const runs = heapPieces(heap).map((_, piece) => joined(kept.slice(piece * most, (piece + 1) * most)));
  return { map: { bytes: bytes.length, pieces: runs }, pieces: runs.map((own) => bytesOf(bytes, own)) };
}

/** Blocks that follow each other, as one run. */
function joined(blocks: readonly HeapRun[]): HeapRun[] {
  const runs: { at: number; length: number }[] = [];
  for (const { at, length } of blocks) {
    const last = runs.at(-1);
    if (last && last.at + last.length === at) last.length += length;
    else runs.push({ at, length });
  }
  return runs;
}

function bytesOf(heap: Uint8Array, runs: readonly HeapRun[]): Uint8Array {
  const bytes = new Uint8Array(lengthOf(runs));
  let from = 0;
  for (const { at, length } of runs) {
    bytes.set(heap.subarray(at, at + length), from);
    from += length;
  }
  return bytes;
}

const lengthOf = (runs: readonly HeapRun[]): number => runs.reduce((sum, { length }) => sum + length, 0);

/**
 * The map of a heap as it was delivered. `python/heap-mismatch` where it is not the one that the build made, or its runs are not
 * those of a heap in order: the first begins it, and none lies over another or behind its end.
 */
export function readHeapMap(
  heap: SavedHeap,
  json: Uint8Array | undefined,
  facts: PieceFacts | undefined,
): Result<HeapMap, AppError> {
  const mismatch = (detail: string) => fail(appError('python/heap-mismatch', `${heapMapName(heap)} ${detail}`));
  if (!json || !facts) return mismatch('is missing');
  if (json.length !== facts.rawBytes || sumOfMap(json) !== facts.sum)
    return mismatch('has other bytes than it was made with');
  const map = JSON.parse(new TextDecoder().decode(json)) as HeapMap;
  if (map.pieces.length !== PIECES[heap]) return mismatch('is no map of this heap');
  const misplaced = firstMisplaced(map);
  if (misplaced !== undefined) return mismatch(`has a run out of place, at ${String(misplaced.at)}`);
  return map.pieces[0]?.[0]?.at === 0 ? ok(map) : mismatch('does not begin at the beginning');
}

/** The first run that is no run, lies over the one before or behind the end of the heap. */
function firstMisplaced({ bytes, pieces }: HeapMap): HeapRun | undefined {
  let end = 0;
  return pieces.flat().find(({ at, length }) => {
    const fits = at >= end && length > 0 && at + length <= bytes;
    end = at + length;
    return !fits;
  });
}

/** A piece as it was delivered, if it is the one that the build made and the map describes; the error names it otherwise. */
export function checkPiece(
  name: string,
  piece: Uint8Array | undefined,
  { facts, runs }: { readonly facts: PieceFacts | undefined; readonly runs: readonly HeapRun[] },
): Result<Uint8Array, AppError> {
  const mismatch = (detail: string) => fail(appError('python/heap-mismatch', `${name} ${detail}`));
  if (!piece || !facts) return mismatch('is missing');
  for (const expected of [facts.rawBytes, lengthOf(runs)])
    if (piece.length !== expected) return mismatch(`has ${String(piece.length)} bytes, not ${String(expected)}`);
  // An interpreter restored from other bytes can go on for ever.
  return sumOfPiece(piece) === facts.sum ? ok(piece) : mismatch('has other bytes than it was made with');
}
