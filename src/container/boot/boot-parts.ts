import { joinBytes } from '../../base/index.ts';

/** What a machine boots from that no state fits. */
export interface BootParts {
  readonly kernel: Uint8Array<ArrayBuffer>;
  readonly initrd: Uint8Array<ArrayBuffer>;
}

const BLOCK_BYTES = 64;
const STEP_BYTES = 4;
/** A run of bytes that is the base's is named from this length on: its name takes eight bytes. */
const LEAST_BYTES = 32;
/** Of a copy: where it begins in the base, its length. Of own bytes: this, their length. */
const OWN = 0xffff_ffff;
/** Length of the kernel, of both, count of numbers that follow. */
const HEAD_NUMBERS = 3;

/**
 * What makes kernel and initrd out of a state in which both have run, not compressed: nearly all of them is still in its memory,
 * so that they take a fiftieth of their own size. Parts of both lie at multiples of four bytes.
 */
export function packBootParts(base: Uint8Array, { kernel, initrd }: BootParts): Uint8Array<ArrayBuffer> {
  const target = joinBytes([kernel, initrd]);
  const index = indexOf(base);
  const steps: number[] = [];
  const own: Uint8Array[] = [];
  let done = 0;
  const giveOwn = (until: number): void => {
    if (until === done) return;
    steps.push(OWN, until - done);
    own.push(target.subarray(done, until));
    done = until;
  };
  for (let at = 0; at + BLOCK_BYTES <= target.length; at += STEP_BYTES) {
    const place = index.get(sumOf(target, at));
    if (place === undefined) continue;
    const { start, from, length } = matchAround(base, place, target, at, done);
    if (length < LEAST_BYTES) continue;
    giveOwn(start);
    steps.push(from, length);
    done = start + length;
    at = ((done + STEP_BYTES - 1) & ~(STEP_BYTES - 1)) - STEP_BYTES;
  }
  giveOwn(target.length);
  const head = new Uint32Array([kernel.length, target.length, steps.length, ...steps]);
  return joinBytes([new Uint8Array(head.buffer), ...own]);
}

/** The parts again. Throws where the bytes are no such pack, or one of another base. */
export function unpackBootParts(base: Uint8Array, packed: Uint8Array): BootParts {
  const [kernelBytes = 0, bytes = 0, count = 0] = numbersOf(packed, 0, HEAD_NUMBERS);
  const steps = numbersOf(packed, HEAD_NUMBERS, count);
  const target = new Uint8Array(bytes);
  let own = (HEAD_NUMBERS + count) * 4;
  let at = 0;
  for (let step = 0; step < count; step += 2) {
    const [from = 0, length = 0] = steps.subarray(step, step + 2);
    const piece = from === OWN ? packed.subarray(own, own + length) : base.subarray(from, from + length);
    if (piece.length !== length || at + length > bytes) throw new Error('boot parts of another image');
    if (from === OWN) own += length;
    target.set(piece, at);
    at += length;
  }
  if (at !== bytes) throw new Error('boot parts of another image');
  return { kernel: target.slice(0, kernelBytes), initrd: target.slice(kernelBytes) };
}

function numbersOf(packed: Uint8Array, from: number, count: number): Uint32Array {
  if (packed.length < (from + count) * 4) throw new Error('boot parts are cut off');
  return new Uint32Array(packed.slice(from * 4, (from + count) * 4).buffer);
}

/** Blocks of the base by what is in them; those that are all one byte are everywhere, and not looked for. */
function indexOf(base: Uint8Array): ReadonlyMap<number, number> {
  const index = new Map<number, number>();
  for (let at = 0; at + BLOCK_BYTES <= base.length; at += BLOCK_BYTES) {
    const isFlat = base.subarray(at, at + BLOCK_BYTES).every((byte) => byte === base[at]);
    if (!isFlat) index.set(sumOf(base, at), at);
  }
  return index;
}

/** FNV-1a of a block. */
function sumOf(bytes: Uint8Array, at: number): number {
  let sum = 0x811c_9dc5;
  for (let byte = at; byte < at + BLOCK_BYTES; byte += 1) sum = Math.imul(sum ^ (bytes[byte] ?? 0), 0x0100_0193);
  return sum;
}

/** The longest run around a block that both have; what the sum found is compared before it is believed. */
function matchAround(
  base: Uint8Array,
  place: number,
  target: Uint8Array,
  at: number,
  least: number,
): { readonly start: number; readonly from: number; readonly length: number } {
  let end = 0;
  while (at + end < target.length && place + end < base.length && target[at + end] === base[place + end]) end += 1;
  let before = 0;
  while (at - before > least && place > before && target[at - before - 1] === base[place - before - 1]) before += 1;
  return { start: at - before, from: place - before, length: before + end };
}
