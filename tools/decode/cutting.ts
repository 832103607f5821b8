/** How a body is cut: into pieces of a size, at line ends, or by a seeded plan; null leaves it whole. */
export type Cutting = number | 'line-ends' | { readonly seed: number } | null;

const LF = 10;
const CR = 13;
const MOST_RANDOM_BYTES = 23;

/** Yields the pieces of a body. One-byte pieces are each followed by an empty one. */
export function* cutBody(body: Uint8Array, cutting: Cutting): Generator<Uint8Array> {
  if (cutting === null) {
    if (body.length > 0) yield body;
    return;
  }
  let seed = typeof cutting === 'object' ? cutting.seed : 0;
  for (let at = 0; at < body.length; ) {
    let size: number;
    if (typeof cutting === 'number') size = cutting;
    else if (cutting === 'line-ends') size = toLineEnd(body, at);
    else {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      size = 1 + ((seed >>> 16) % MOST_RANDOM_BYTES);
    }
    yield body.subarray(at, at + size);
    if (size === 1) yield new Uint8Array(0);
    at += size;
  }
}

/** Up to and with a CR, up to and without an LF. */
function toLineEnd(body: Uint8Array, start: number): number {
  let at = start;
  while (at < body.length && body[at] !== LF && body[at] !== CR) at += 1;
  return Math.max(1, at - start + (body[at] === CR ? 1 : 0));
}
