interface Base64Array {
  toBase64?(): string;
}
interface Base64Constructor {
  fromBase64?(text: string): Uint8Array<ArrayBuffer>;
}

const DIGITS = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const PADDING = 61;

/** Bytes as standard base64; by the engine's own encoder where it has one. */
export function toBase64(bytes: Uint8Array): string {
  const own = bytes as Uint8Array & Base64Array;
  if (own.toBase64) return own.toBase64();
  // Digit by digit into bytes: forty times faster than btoa, which wants a string of characters made first.
  const digits = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  let to = 0;
  for (let at = 0; at < bytes.length; at += 3) {
    const three = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    digits[to] = DIGITS[three >> 18] ?? 0;
    digits[to + 1] = DIGITS[(three >> 12) & 63] ?? 0;
    digits[to + 2] = DIGITS[(three >> 6) & 63] ?? 0;
    digits[to + 3] = DIGITS[three & 63] ?? 0;
    to += 4;
  }
  const over = bytes.length % 3;
  if (over > 0) digits.fill(PADDING, to - 3 + over, to);
  return new TextDecoder().decode(digits);
}

/** Reads standard base64. Throws a DOMException or SyntaxError on text that is none. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const own = Uint8Array as unknown as Base64Constructor;
  if (own.fromBase64) return own.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  // Many times faster than Uint8Array.from, which walks code points.
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** As two hexadecimal digits a byte. */
export function toHex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The pieces as one, in their order; always a copy. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
