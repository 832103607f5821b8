const PIECES = [0, 1, 2];
/** Three of these hold the biggest file that starts wait for; the last takes whatever is left. */
const PIECE_BYTES = 25_000_000;

/** Asks for the bytes from `first` to `last`, both counted from 0 and included; without `last` to the end. Rejects past the end. */
export type ReadRange = (range: { readonly first: number; readonly last?: number }) => Promise<Blob>;

/**
 * Reads one file by several requests at once: Chromium gives a single one 0.3 GB/s of the package's files, two to four
 * together 0.8 to 0.9. Reads it whole where ranges are not what was asked for. Rejects when it cannot be read.
 */
export async function readInPieces(read: ReadRange, pieceBytes: number = PIECE_BYTES): Promise<Blob> {
  const isLast = (piece: number): boolean => piece === PIECES.length - 1;
  const settled = await Promise.allSettled(
    PIECES.map((piece) => {
      const first = piece * pieceBytes;
      return read(isLast(piece) ? { first } : { first, last: first + pieceBytes - 1 });
    }),
  );
  const pieces: Blob[] = [];
  for (const [number, piece] of settled.entries()) {
    if (piece.status === 'rejected') break;
    pieces.push(piece.value);
    const { size } = piece.value;
    // A short one is the file's end. A long one is the whole file, asked for in vain in pieces.
    if (size < pieceBytes || isLast(number)) return new Blob(pieces);
    if (size > pieceBytes) return piece.value;
  }
  return read({ first: 0 });
}
