/** Into how many files a saved heap is cut: one request reads the package at 0.3 GB/s, four together at three times that. */
const PIECES = { base: 2, science: 4 } as const;

/** Names of the files that hold a heap, in order. */
export function heapPieces(heap: keyof typeof PIECES): readonly string[] {
  return Array.from({ length: PIECES[heap] }, (_, at) => `${heap}.heap.${at}`);
}

/** A heap in as many views as it has files, of about one size. */
export function cutHeap(heap: keyof typeof PIECES, bytes: Uint8Array): readonly Uint8Array[] {
  const size = Math.ceil(bytes.length / PIECES[heap]);
  return Array.from({ length: PIECES[heap] }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}
