import crc32 from 'crc-32';
import { joinBytes } from '../../base/index.ts';
import { buffersOf, type Span } from './layout.ts';

const PIECE_BYTES = 4096;
const WORD_BYTES = 4;
/** Head, length of the whole, count of pieces. */
const NUMBERS = 3;
const COPY = 0;
const CHANGED = 1;
const OWN = 2;
/** Pages of memory lie packed, so that a page that came or went moves those behind it: so many places on are looked at. */
const PLACES = 4;
/** A piece counts as another one changed where at least so many of its bytes are the same. */
const SAME_BYTES = PIECE_BYTES / 2;
/**
 * A base uses an eighth of the machine's memory: with all of it in use, and much of the disk written, a state is so many times as
 * long at most.
 */
const MOST_TIMES = 16;

/**
 * What makes `state` out of `base`, not compressed. Pieces of its buffers that are anywhere in the base are named by their place;
 * pieces that changed a little are told by the difference to what stands where they are expected, which is mostly zeroes.
 * Throws where either is no state of v86.
 */
export function makeDelta(base: Uint8Array, state: Uint8Array): Uint8Array<ArrayBuffer> {
  const known = indexOf(base);
  const [ours, theirs] = [comparedOf(state), comparedOf(base)];
  const { head, spans } = buffersOf(state);
  const pieces = piecesOf(spans);
  const kinds = new Uint8Array(pieces.length);
  /** Each counted from where the one before ends: mostly zero. */
  const steps = new Int32Array(pieces.length);
  const bodies: Uint8Array[] = [];
  const elsewhere = (piece: Uint8Array, span: Span): number | null => {
    const found = known.get(crc32.buf(piece));
    return found !== undefined && isSame(ours, span, theirs, found) ? found : null;
  };
  let expected = 0;
  pieces.forEach((span, at) => {
    const piece = state.subarray(span.start, span.start + span.length);
    // Most stand where they are expected. What the sum finds elsewhere is compared before it is believed.
    const same = isSame(ours, span, theirs, expected) ? expected : elsewhere(piece, span);
    const place = same ?? placeOfLike(piece, base, expected);
    kinds[at] = same !== null ? COPY : place === null ? OWN : CHANGED;
    if (place === null) {
      bodies.push(piece);
      return;
    }
    if (same === null) bodies.push(differenceOf(piece, base, place));
    steps[at] = place - expected;
    expected = place + span.length;
  });
  const numbers = new Uint32Array([head.bytes, state.length, pieces.length]);
  return joinBytes([bytesOf(numbers), state.subarray(0, head.bytes), kinds, bytesOf(steps), ...bodies]);
}

/** The state again. Throws where the delta is none, or one of another base that it does not fit. */
export function applyDelta(base: Uint8Array, delta: Uint8Array): Uint8Array<ArrayBuffer> {
  const take = reader(delta);
  const [headBytes = 0, length = 0, count = 0] = new Uint32Array(take(NUMBERS * 4).slice().buffer);
  if (headBytes > Math.min(length, delta.length) || length > MOST_TIMES * (base.length + delta.length))
    throw new Error('no delta');
  const state = new Uint8Array(length);
  state.set(take(headBytes));
  const pieces = piecesOf(buffersOf(state).spans);
  if (pieces.length !== count) throw new Error('a delta of another state');
  const kinds = take(count);
  const steps = new Int32Array(take(count * 4).slice().buffer);
  let expected = 0;
  pieces.forEach(({ start, length: bytes }, at) => {
    const into = state.subarray(start, start + bytes);
    if (kinds[at] === OWN) return into.set(take(bytes));
    const place = expected + (steps[at] ?? 0);
    if (place < 0 || place + bytes > base.length) throw new Error('a delta of another base');
    into.set(base.subarray(place, place + bytes));
    if (kinds[at] === CHANGED) {
      const difference = take(bytes);
      for (let byte = 0; byte < bytes; byte += 1) into[byte] = (into[byte] ?? 0) ^ (difference[byte] ?? 0);
    }
    expected = place + bytes;
  });
  return state;
}

function piecesOf(spans: readonly Span[]): readonly Span[] {
  return spans.flatMap(({ start, length }) =>
    Array.from({ length: Math.ceil(length / PIECE_BYTES) }, (_none, at) => ({
      start: start + at * PIECE_BYTES,
      length: Math.min(PIECE_BYTES, length - at * PIECE_BYTES),
    })),
  );
}

function indexOf(base: Uint8Array): ReadonlyMap<number, number> {
  const index = new Map<number, number>();
  for (const { start, length } of piecesOf(buffersOf(base).spans)) {
    index.set(crc32.buf(base.subarray(start, start + length)), start);
  }
  return index;
}

/** Bytes, and the same by four, to compare them faster. Pieces stand on multiples of 4, places nearly always. */
interface Compared {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
}

function comparedOf(bytes: Uint8Array): Compared {
  const aligned = bytes.byteOffset % WORD_BYTES === 0 ? bytes : bytes.slice();
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, Math.floor(aligned.length / WORD_BYTES));
  return { bytes: aligned, words };
}

function isSame(state: Compared, { start, length }: Span, base: Compared, place: number): boolean {
  if (place + length > base.bytes.length) return false;
  let at = 0;
  if (start % WORD_BYTES === 0 && place % WORD_BYTES === 0) {
    const [from, to, words] = [start / WORD_BYTES, place / WORD_BYTES, Math.floor(length / WORD_BYTES)];
    for (let word = 0; word < words; word += 1) if (state.words[from + word] !== base.words[to + word]) return false;
    at = words * WORD_BYTES;
  }
  for (; at < length; at += 1) if (state.bytes[start + at] !== base.bytes[place + at]) return false;
  return true;
}

/** Where in the base, near the expected place, most of the piece stands; null where it does nowhere. */
function placeOfLike(piece: Uint8Array, base: Uint8Array, expected: number): number | null {
  let best: number | null = null;
  let most = Math.min(SAME_BYTES, piece.length / 2);
  for (let ahead = 0; ahead < PLACES; ahead += 1) {
    const place = expected + ahead * PIECE_BYTES;
    if (place + piece.length > base.length) break;
    let same = 0;
    for (let at = 0; at < piece.length; at += 1) if (piece[at] === base[place + at]) same += 1;
    if (same > most) {
      most = same;
      best = place;
    }
  }
  return best;
}

function differenceOf(piece: Uint8Array, base: Uint8Array, place: number): Uint8Array {
  return piece.map((byte, at) => byte ^ (base[place + at] ?? 0));
}

const bytesOf = (numbers: Uint32Array | Int32Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

function reader(bytes: Uint8Array): (length: number) => Uint8Array {
  let at = 0;
  return (length) => {
    if (at + length > bytes.length) throw new Error('a delta is cut off');
    at += length;
    return bytes.subarray(at - length, at);
  };
}
