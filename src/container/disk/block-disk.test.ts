import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { untakenRejections } from '../../../tests/support/untaken-rejections.ts';
import { BlockDisk } from './block-disk.ts';
import { openPack } from './pack.ts';
import { WINDOW_BYTES, withWindow } from './window.ts';

const PIECE = 8192;
const PIECES = 6;
const WASM = new WebAssembly.Module(
  readFileSync(fileURLToPath(import.meta.resolve('v86')).replace('libv86.mjs', 'v86.wasm')),
);

/** A disk whose third piece is zeroes, packed. */
function packedDisk() {
  const raw = new Uint8Array(PIECE * PIECES).map((_, at) => (Math.floor(at / PIECE) === 2 ? 0 : (at * 31) % 251));
  const packed = Array.from({ length: PIECES }, (_, index) =>
    index === 2 ? new Uint8Array(0) : zstdCompressSync(raw.subarray(index * PIECE, (index + 1) * PIECE)),
  );
  const file = new Uint8Array(packed.flatMap((piece) => [...piece]));
  const layout = { bytes: raw.length, pieceBytes: PIECE, sizes: packed.map((piece) => piece.length) };
  return { raw, source: openPack(layout, (offset, length) => file.subarray(offset, offset + length), WASM) };
}

function read(disk: BlockDisk, offset: number, length: number): Uint8Array {
  let got: Uint8Array | null = null;
  disk.get(offset, length, (bytes) => (got = bytes));
  if (!got) throw new Error('the disk did not answer at once');
  return got;
}

const span = fc.record({ offset: fc.nat({ max: PIECE * PIECES + 5000 }), length: fc.nat({ max: 20_000 }) });

test('reads what was written, else what the pack has, and zeroes beyond its end', () => {
  const { raw, source } = packedDisk();
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), span, fc.nat({ max: 255 })), { maxLength: 12 }), (steps) => {
      const disk = new BlockDisk(source);
      const model = raw.slice();
      for (const [isWrite, { offset, length }, value] of steps) {
        if (isWrite) {
          disk.set(offset, new Uint8Array(length).fill(value), () => undefined);
          model.fill(value, offset, offset + length);
        } else {
          const wanted = new Uint8Array(length);
          wanted.set(model.subarray(offset, offset + length));
          expect(read(disk, offset, length)).toEqual(wanted);
        }
      }
      const other = new BlockDisk(source);
      other.set_state(disk.get_state());
      expect(read(other, 0, model.length)).toEqual(model);
      expect(disk.writtenBytes).toBeLessThanOrEqual(model.length);
    }),
    { numRuns: 60 },
  );
});

test('a disk whose source comes late answers in order once it is there, and has the usual geometry until then', async () => {
  const { raw, source } = packedDisk();
  const here = Promise.withResolvers<void>();
  let isHere = false;
  const late = {
    length: source.length,
    ready: here.promise,
    read: (offset: number, length: number) => {
      if (!isHere) throw new Error('read too early');
      return source.read(offset, length);
    },
  };
  const disk = new BlockDisk(late);
  expect(disk.get_from_cache(0, 512)).toEqual(new Uint8Array(512));
  const answers: unknown[] = [];
  disk.get(0, 100, (bytes) => answers.push(bytes));
  const word = new Uint8Array([7, 7]);
  disk.set(10, word, () => answers.push('written'));
  word.fill(0);
  disk.get(8, 4, (bytes) => answers.push(bytes));
  const settled = disk.settled();
  expect(answers).toEqual([]);
  isHere = true;
  here.resolve();
  await settled;
  expect(answers).toEqual([raw.slice(0, 100), 'written', new Uint8Array([raw[8] ?? 0, raw[9] ?? 0, 7, 7])]);
  expect(read(disk, 10, 2)).toEqual(new Uint8Array([7, 7]));
});

test('what a guest asked of a late disk is forgotten when it is put back to a state', async () => {
  const { source } = packedDisk();
  const here = Promise.withResolvers<void>();
  const disk = new BlockDisk({ length: source.length, ready: here.promise, read: source.read });
  const answers: string[] = [];
  disk.get(0, 100, () => answers.push('read'));
  disk.set(4096, new Uint8Array(4096).fill(7), () => answers.push('written'));
  disk.set_state([new Int32Array(), new Uint8Array()]);
  disk.get(0, 4, () => answers.push('read of this life'));
  here.resolve();
  await disk.settled();
  expect(answers).toEqual(['read of this life']);
  expect(disk.writtenBytes).toBe(0);
});

test('of a disk that does not come nothing is answered, and it is told by who made its source alone', async () => {
  const { source } = packedDisk();
  const answers: string[] = [];
  const untaken = await untakenRejections(async () => {
    const disk = new BlockDisk({ ...source, ready: Promise.reject(new Error('no pack')) });
    disk.get(0, 100, () => answers.push('read'));
    await expect(disk.settled()).rejects.toThrow('no pack');
  });
  expect([answers, untaken]).toEqual([[], []]);
});

test('a disk that comes once it is wanted is wanted by what is asked of it, and waited for by nobody else', async () => {
  const { raw, source } = packedDisk();
  const here = Promise.withResolvers<void>();
  let wanted = 0;
  const want = (): void => {
    wanted += 1;
    here.resolve();
  };
  const disk = new BlockDisk(withWindow({ ...source, ready: here.promise, want }, null));
  await disk.settled();
  expect(disk.get_from_cache(0, 512)).toEqual(new Uint8Array(512));
  expect(wanted).toBe(0);
  const answers: unknown[] = [];
  disk.get(0, 100, (bytes) => answers.push(bytes));
  await disk.settled();
  expect(answers).toEqual([raw.slice(0, 100)]);
  expect(wanted).toBe(1);
});

test('every way that v86 reads by gives the same', () => {
  const { raw, source } = packedDisk();
  const disk = new BlockDisk(source);
  const got: Uint8Array[] = [disk.get_from_cache(0, 512), read(disk, 0, 512)];
  disk.get_and_cache(0, 512, (bytes) => got.push(bytes));
  expect(got).toEqual([raw.subarray(0, 512), raw.subarray(0, 512), raw.subarray(0, 512)].map((each) => each.slice()));
});

test('a state is not changed by what is written after it was taken', () => {
  const disk = new BlockDisk(packedDisk().source);
  disk.set(4096, new Uint8Array(4096).fill(7), () => undefined);
  const state = disk.get_state();
  disk.set(4096, new Uint8Array(4096).fill(9), () => undefined);
  disk.set_state(state);
  expect(read(disk, 4096, 4096)).toEqual(new Uint8Array(4096).fill(7));
});

test('what is in the window is read before the disk behind which it lies is here; the disk itself is waited for', async () => {
  const arrived = Promise.withResolvers<void>();
  const plain = (value: number) => ({
    length: 2 * 4096,
    read: (_: number, length: number) => new Uint8Array(length).fill(value),
  });
  const disk = new BlockDisk(withWindow({ ...plain(1), ready: arrived.promise }, plain(2)));
  expect([...read(disk, 2 * 4096, 2)]).toEqual([2, 2]);
  const seen: number[] = [];
  disk.get(0, 1, ([byte = 0]) => seen.push(byte));
  disk.get(2 * 4096 - 1, 2, (bytes) => seen.push(...bytes));
  expect(seen).toEqual([]);
  arrived.resolve();
  await disk.settled();
  expect(seen).toEqual([1, 1, 2]);
});

test('a guest that writes more than its disk may hold is stopped at the bound; what was written can be written anew', () => {
  const disk = new BlockDisk({ length: 16 * 4096, read: (_offset, length) => new Uint8Array(length) }, 2 * 4096);
  const write = (block: number) => disk.set(block * 4096, new Uint8Array(4096).fill(1), () => undefined);
  write(0);
  write(5);
  write(0);
  expect(() => write(6)).toThrow('more than its disk may hold');
  expect(disk.writtenBytes).toBe(2 * 4096);
});

test('behind a disk its window is read and never written; zeroes stand where no pack is', () => {
  const plain = (length: number, value: number) => ({
    length,
    read: (_: number, wanted: number) => new Uint8Array(wanted).fill(value),
  });
  const [own, seen] = [4 * 4096, 8 * 4096];
  const disk = new BlockDisk(withWindow(plain(own, 1), plain(seen, 2)));
  const without = new BlockDisk(withWindow(plain(own, 1), null));
  expect(disk.byteLength).toBe(own + WINDOW_BYTES);
  expect(without.byteLength).toBe(disk.byteLength);
  const around = [...new Uint8Array(100).fill(1), ...new Uint8Array(100).fill(2)];
  expect([...read(disk, own - 100, 200)]).toEqual(around);
  expect([...read(disk, own + seen - 1, 2)]).toEqual([2, 0]);
  expect([...read(without, own - 1, 2)]).toEqual([1, 0]);
  disk.set(own - 4096, new Uint8Array(3 * 4096).fill(9), () => undefined);
  expect([...read(disk, own - 1, 2)]).toEqual([9, 2]);
  expect(disk.writtenBytes).toBe(4096);
  expect(() => withWindow(plain(own, 1), plain(WINDOW_BYTES + 1, 2))).toThrow('larger than its window');
});
