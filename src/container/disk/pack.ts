import flru from 'flru';
import type { DiskSource } from './block-disk.ts';
import { zstdOf } from './zstd.ts';

/** A disk in pieces of one length, each a frame of Zstandard, one after the other in one file. */
export interface PackLayout {
  /** Of the disk. */
  readonly bytes: number;
  readonly pieceBytes: number;
  /** Packed length of each piece; 0: a piece of zeroes, of which nothing is in the file. */
  readonly sizes: readonly number[];
}

/** Of 512 KiB: what a shell session touches again and again. Up to twice as many are kept. */
const PIECES_IN_MEMORY = 24;

/** Reads a pack by pieces as they are wanted. `slice` gives bytes of the file, at once; `wasm` is v86.wasm, compiled. */
export function openPack(
  layout: PackLayout,
  slice: (offset: number, length: number) => Uint8Array,
  wasm: WebAssembly.Module,
): DiskSource {
  const unpack = zstdOf(wasm);
  const { bytes: length, pieceBytes, sizes } = layout;
  const offsets: number[] = [];
  let at = 0;
  for (const size of sizes) {
    offsets.push(at);
    at += size;
  }
  const recent = flru<Uint8Array>(PIECES_IN_MEMORY);

  const piece = (index: number): Uint8Array | null => {
    const size = sizes[index] ?? 0;
    if (size === 0) return null;
    let bytes = recent.get(`${index}`);
    if (!bytes) {
      bytes = unpack(slice(offsets[index] ?? 0, size), Math.min(pieceBytes, length - index * pieceBytes));
      recent.set(`${index}`, bytes);
    }
    return bytes;
  };

  return {
    length,
    read: (offset, wanted) => {
      const out = new Uint8Array(wanted);
      for (let from = offset; from < offset + wanted; ) {
        const index = Math.floor(from / pieceBytes);
        const to = Math.min(offset + wanted, (index + 1) * pieceBytes);
        const found = piece(index);
        if (found) out.set(found.subarray(from - index * pieceBytes, to - index * pieceBytes), from - offset);
        from = to;
      }
      return out;
    },
  };
}
