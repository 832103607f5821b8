/** The page takes pastes up to about 10,000 characters as text; this is well below, as measured for the site's editor. */
export const PIECE_UTF16 = 4_000;

/** Cuts text into pieces of at most `most` UTF-16 units that split neither a surrogate pair nor a CR LF. */
export function splitPieces(text: string, most = PIECE_UTF16): readonly string[] {
  const pieces: string[] = [];
  let at = 0;
  while (at < text.length) {
    let end = Math.min(at + most, text.length);
    if (end < text.length && end - at > 1) {
      const before = text.charCodeAt(end - 1);
      const isHigh = before >= 0xd800 && before <= 0xdbff;
      const isCrLf = before === 13 && text.charCodeAt(end) === 10;
      if (isHigh || isCrLf) end -= 1;
    }
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}
