import { fromBase64, toBase64 } from '../base/index.ts';
import { LIMITS } from '../contracts/limits.ts';

/**
 * How a message crosses a port. Chromium's ports carry JSON only and every browser slows down on large pieces, so text
 * longer than a part is cut, and bytes travel beside the text as base64. Small messages are one frame.
 */
export type Frame =
  | { readonly k: 'whole'; readonly json: string }
  | { readonly k: 'open'; readonly id: number; readonly textUtf16: number; readonly sizes: readonly number[] }
  /** `of` is −1 for text, else the index of the bytes that this part belongs to. */
  | { readonly k: 'part'; readonly id: number; readonly of: number; readonly part: string }
  /** The receiver took this many parts of the transfer. */
  | { readonly k: 'taken'; readonly id: number; readonly parts: number };

const BYTES_KEY = '$bytes';

export interface PackedMessage {
  readonly json: string;
  readonly blobs: readonly Uint8Array[];
}

export function packMessage(message: unknown): PackedMessage {
  const blobs: Uint8Array[] = [];
  const json = JSON.stringify(message, (_key, value: unknown) => {
    if (!(value instanceof Uint8Array)) return value;
    blobs.push(value);
    return { [BYTES_KEY]: blobs.length - 1 };
  });
  return { json, blobs };
}

/** Throws SyntaxError on text that is no JSON. */
export function unpackMessage({ json, blobs }: PackedMessage): unknown {
  // A reviver visits every value: only worth it where there are bytes to put back.
  if (blobs.length === 0) return JSON.parse(json);
  return JSON.parse(json, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    const index = (value as Record<string, unknown>)[BYTES_KEY];
    if (typeof index !== 'number' || Object.keys(value).length !== 1) return value;
    return blobs[index] ?? value;
  });
}

/** Multiple of 3, so that each part but the last is base64 without padding. */
const BYTES_PER_PART = Math.floor(LIMITS.messagePartChars.standard / 4) * 3;

/** The parts of a message in the order in which they are sent. */
export function* partsOf({ json, blobs }: PackedMessage): Generator<{ readonly of: number; readonly part: string }> {
  const step = LIMITS.messagePartChars.standard;
  for (let at = 0; at < json.length; at += step) yield { of: -1, part: json.slice(at, at + step) };
  for (const [of, bytes] of blobs.entries()) {
    for (let at = 0; at < bytes.length; at += BYTES_PER_PART) {
      yield { of, part: toBase64(bytes.subarray(at, at + BYTES_PER_PART)) };
    }
  }
}

export type Assembly = ReturnType<typeof createAssembly>;

/**
 * Puts one message together again. Each `add` answers `more`, `whole`, or `bad` for what cannot belong to it. Sizes come
 * from outside: the caller has checked their sum against `messageBytes`.
 */
export function createAssembly(textUtf16: number, sizes: readonly number[]) {
  const texts: string[] = [];
  let seenUtf16 = 0;
  const blobs = sizes.map((size) => ({ bytes: new Uint8Array(size), filled: 0 }));

  const addText = (part: string): boolean => {
    seenUtf16 += part.length;
    texts.push(part);
    return seenUtf16 <= textUtf16;
  };

  const addBytes = (of: number, part: string): boolean => {
    const blob = blobs[of];
    if (blob === undefined) return false;
    try {
      const bytes = fromBase64(part);
      if (blob.filled + bytes.length > blob.bytes.length) return false;
      blob.bytes.set(bytes, blob.filled);
      blob.filled += bytes.length;
      return true;
    } catch {
      // No base64: the answer says so, and the channel counts it.
      return false;
    }
  };

  return {
    add(of: number, part: string): 'more' | 'whole' | 'bad' {
      if (!(of === -1 ? addText(part) : addBytes(of, part))) return 'bad';
      const isWhole = seenUtf16 === textUtf16 && blobs.every((blob) => blob.filled === blob.bytes.length);
      return isWhole ? 'whole' : 'more';
    },
    take(): PackedMessage {
      return { json: texts.join(''), blobs: blobs.map((blob) => blob.bytes) };
    },
  };
}
