import { fail, ok, type Result } from '../../../base/index.ts';
import { appError, type AppError } from '../../../contracts/errors.ts';
import { sumOfPiece } from './piece-sum.ts';

/** Into how many files a saved heap is cut: one request reads the package at 0.3 GB/s, four together at three times that. */
const PIECES = { base: 2, science: 4 } as const;

/** What a build noted of a file of a heap. */
export interface PieceFacts {
  readonly rawBytes: number;
  /** By `sumOfPiece`; other files have none. */
  readonly sum?: number;
}

/** Names of the files that hold a heap, in order. */
export function heapPieces(heap: keyof typeof PIECES): readonly string[] {
  return Array.from({ length: PIECES[heap] }, (_, at) => `${heap}.heap.${at}`);
}

/** A heap in as many views as it has files, of about one size. */
export function cutHeap(heap: keyof typeof PIECES, bytes: Uint8Array): readonly Uint8Array[] {
  const size = Math.ceil(bytes.length / PIECES[heap]);
  return Array.from({ length: PIECES[heap] }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}

/**
 * The files of a heap in order, from those that were delivered; `factsOf` tells what the build noted of each.
 * `python/heap-mismatch` names the first that is missing, of another size or of other bytes: an interpreter restored from such
 * can go on for ever.
 */
export function gatherHeap(
  heap: keyof typeof PIECES,
  files: ReadonlyMap<string, Uint8Array>,
  factsOf: (name: string) => PieceFacts | undefined,
): Result<readonly Uint8Array[], AppError> {
  const pieces: Uint8Array[] = [];
  for (const name of heapPieces(heap)) {
    const piece = files.get(name);
    const facts = factsOf(name);
    if (!piece || !facts) return fail(appError('python/heap-mismatch', `${name} is missing`));
    if (piece.length !== facts.rawBytes) {
      const both = `${String(piece.length)} bytes, not ${String(facts.rawBytes)}`;
      return fail(appError('python/heap-mismatch', `${name} has ${both}`));
    }
    if (sumOfPiece(piece) !== facts.sum)
      return fail(appError('python/heap-mismatch', `${name} has other bytes than it was made with`));
    pieces.push(piece);
  }
  return ok(pieces);
}

/** Puts all pieces but the first into memory, where the first ends: that one lies there from address 0, without its header. */
export function placeRest(memory: Uint8Array, pieces: readonly Uint8Array[], headerBytes: number): void {
  let at = (pieces[0]?.length ?? 0) - headerBytes;
  for (const piece of pieces.slice(1)) {
    memory.set(piece, at);
    at += piece.length;
  }
}
