import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { unpackLarge } from './zstd.ts';

const WASM = new WebAssembly.Module(
  readFileSync(fileURLToPath(import.meta.resolve('v86')).replace('libv86.mjs', 'v86.wasm')),
);
/** More than is read at once, and no whole number of such pieces. */
const PLAIN = new Uint8Array(2_500_000).map((_, at) => (at >> 7) ^ (at * 31));

test('a large frame comes out as it went in', () => {
  const plain = unpackLarge(WASM, zstdCompressSync(PLAIN), PLAIN.length);
  expect(Buffer.compare(plain, PLAIN)).toBe(0);
});

test('bytes that are no frame, or the half of one, are refused', () => {
  const packed = zstdCompressSync(PLAIN);
  expect(() => unpackLarge(WASM, PLAIN.subarray(0, 1000), 10)).toThrow(WebAssembly.RuntimeError);
  expect(() => unpackLarge(WASM, packed.subarray(0, packed.length / 2), PLAIN.length)).toThrow(
    WebAssembly.RuntimeError,
  );
});
