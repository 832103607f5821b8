import { joinBytes } from '../../base/index.ts';
import type { DiskSource } from './block-disk.ts';
import { openPack, type PackLayout } from './pack.ts';

/** A tool pack is one file: these words, the length of its layout, the layout as JSON, and the pieces of a disk. */
const WORDS = new TextEncoder().encode('CCTOOLS1');
const HEAD_BYTES = WORDS.length + 4;

/** What stands before the pieces. */
export function toolPackHead(layout: PackLayout): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(layout));
  return joinBytes([WORDS, new Uint8Array(new Uint32Array([text.length]).buffer), text]);
}

/**
 * The disk of a tool pack whose bytes were compared with the package's list: what it says of itself is believed. `slice` gives bytes of
 * the file, at once; `wasm` is v86.wasm, compiled.
 */
export function openToolPack(
  slice: (offset: number, length: number) => Uint8Array,
  wasm: WebAssembly.Module,
): DiskSource {
  const head = slice(0, HEAD_BYTES).slice();
  if (WORDS.some((byte, at) => head[at] !== byte)) throw new Error('this is no tool pack');
  const textBytes = new DataView(head.buffer).getUint32(WORDS.length, true);
  const layout = JSON.parse(new TextDecoder().decode(slice(HEAD_BYTES, textBytes))) as PackLayout;
  const first = HEAD_BYTES + textBytes;
  return openPack(layout, (offset, length) => slice(first + offset, length), wasm);
}
