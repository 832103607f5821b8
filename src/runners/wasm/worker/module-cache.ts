import flru from 'flru';

const MODULES_KEPT = 16;
/** Larger ones are compiled each time: their bytes would be kept as well. */
const BYTES_MOST = 16 * 1024 * 1024;

interface Entry<T> {
  readonly bytes: Uint8Array;
  readonly value: T;
}

/** What was made of some bytes, found again by the bytes themselves: a hash finds the place, a comparison proves it. */
export interface ContentCache<T> {
  get(bytes: Uint8Array): T | undefined;
  set(bytes: Uint8Array, value: T): void;
}

export function createContentCache<T>(): ContentCache<T> {
  const kept = flru<Entry<T>>(MODULES_KEPT);
  return {
    get(bytes) {
      const entry = kept.get(placeOf(bytes));
      return entry && isEqual(entry.bytes, bytes) ? entry.value : undefined;
    },
    set(bytes, value) {
      if (bytes.length <= BYTES_MOST) kept.set(placeOf(bytes), { bytes, value });
    },
  };
}

/** FNV-1a over at most some thousands of the bytes; no secret hangs on it. */
function placeOf(bytes: Uint8Array): string {
  const step = Math.max(1, Math.floor(bytes.length / 4_096));
  let hash = 0x811c9dc5;
  for (let at = 0; at < bytes.length; at += step) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return `${bytes.length}-${hash >>> 0}`;
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
