import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readImage, takeToolPack } from './image.ts';

const WASM = new WebAssembly.Module(
  readFileSync(fileURLToPath(import.meta.resolve('v86')).replace('libv86.mjs', 'v86.wasm')),
);
const PIECE_BYTES = 4096;

/** Like Node, a worker of Firefox that may not be held up: nothing here reads a blob at once. */
function hostOf(pack: Promise<Blob>) {
  const sizes = [0, 1, 2].map((piece) => zstdCompressSync(new Uint8Array(PIECE_BYTES).fill(piece)).length);
  const row = (state: string) => ({ state, memoryMB: 1, vgaMemoryMB: 1 });
  const manifest = {
    v86Version: '1',
    files: ['full.state', 'full.pack', 'small.state'].map((name) => ({ name, rawBytes: 1, sha256: name })),
    images: {
      full: {
        ...row('full.state'),
        disk: { pack: 'full.pack', bytes: 3 * PIECE_BYTES, pieceBytes: PIECE_BYTES, sizes },
      },
      small: { ...row('small.state'), disk: null },
    },
  };
  return {
    files: new Map([
      ['manifest.json', new TextEncoder().encode(JSON.stringify(manifest))],
      ['full.state', new Uint8Array(1)],
    ]),
    blobs: new Map<string, Blob>(),
    blob: () => pack,
    hasSharedMemory: false,
  };
}

test('where a worker may not be held up the disk is read of memory, once something of it is wanted', async () => {
  const pieces = [0, 1, 2].map((piece) => zstdCompressSync(new Uint8Array(PIECE_BYTES).fill(piece)));
  const pack = Promise.resolve(new Blob(pieces.map((piece) => new Uint8Array(piece))));
  const { disk } = readImage(hostOf(pack), WASM);
  let isHere = false;
  void disk?.ready?.then(() => (isHere = true));
  await pack;
  expect(isHere).toBe(false);
  disk?.want?.();
  await disk?.ready;
  expect([...(disk?.read(2 * PIECE_BYTES - 1, 2) ?? [])]).toEqual([1, 2]);
});

test('and so is a tool pack, taken before the machine is made', async () => {
  const host = hostOf(new Promise(() => undefined));
  expect(takeToolPack(host)).toBeNull();
  host.blobs.set('tools.pack', new Blob([new Uint8Array([1, 2, 3])]));
  await takeToolPack(host);
  expect(host.files.get('tools.pack')).toEqual(new Uint8Array([1, 2, 3]));
  // Whole bytes that are no pack: read at once, and told.
  expect(readImage(host, WASM).tools?.problem()).toContain('no tool pack');
});

test('a tool pack that cannot be read is none, and the machine is made', async () => {
  const host = hostOf(new Promise(() => undefined));
  const gone = Object.assign(new Blob(['x']), { arrayBuffer: () => Promise.reject(new Error('the file is gone')) });
  host.blobs.set('tools.pack', gone);
  await takeToolPack(host);
  expect(readImage(host, WASM).tools?.problem()).toContain('no tool pack');
});
