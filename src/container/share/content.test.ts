import { expect, test } from 'vitest';
import { Content, ContentCache } from './content.ts';

const BLOCK = 256 * 1024;

function fileOf(sizeBytes: number) {
  const bytes = Uint8Array.from({ length: sizeBytes }, (_, at) => (at * 31 + (at >> 8)) & 0xff);
  const loads: number[] = [];
  const load = async (position: number, length: number) => {
    loads.push(position);
    return bytes.slice(position, position + length);
  };
  return { bytes, loads, load, content: new Content() };
}

async function read(cache: ContentCache, file: ReturnType<typeof fileOf>, position: number, length: number) {
  const into = new Uint8Array(length);
  await cache.read(file.content, position, into, file.load);
  return into;
}

test('a block is loaded once, whatever is read of it', async () => {
  const cache = new ContentCache(8 * BLOCK);
  const file = fileOf(3 * BLOCK);
  for (const [position, length] of [
    [10, 20],
    [BLOCK - 5, 10],
    [0, 2 * BLOCK],
  ] as const) {
    expect(
      Buffer.compare(await read(cache, file, position, length), file.bytes.slice(position, position + length)),
    ).toBe(0);
  }
  expect(file.loads).toEqual([0, BLOCK]);
});

test('beyond the bound those used longest ago go, and are loaded again', async () => {
  const cache = new ContentCache(2 * BLOCK);
  const file = fileOf(4 * BLOCK);
  for (const block of [0, 1, 0, 2, 0, 1]) await read(cache, file, block * BLOCK, 10);
  expect(file.loads).toEqual([0, BLOCK, 2 * BLOCK, BLOCK]);
  expect(file.content.blocks.size).toBe(2);
});

test('what was written is read without loading, where all around it is known', async () => {
  const cache = new ContentCache(8 * BLOCK);
  const file = fileOf(0);
  cache.write(file.content, 0, 0, new Uint8Array(100).fill(1));
  cache.write(file.content, 100, 100, new Uint8Array(BLOCK).fill(2));
  expect([...(await read(cache, file, 98, 4))]).toEqual([1, 1, 2, 2]);
  expect((await read(cache, file, BLOCK + 99, 1))[0]).toBe(2);
  expect(file.loads).toEqual([]);
});

test('a write into a block that is not here is not taken for all of it', async () => {
  const cache = new ContentCache(8 * BLOCK);
  const file = fileOf(1_000);
  const written = new Uint8Array([9, 9]);
  cache.write(file.content, 1_000, 500, written);
  expect(file.content.blocks.size).toBe(0);
  file.bytes.set(written, 500);
  expect([...(await read(cache, file, 499, 4))]).toEqual([file.bytes[499], 9, 9, file.bytes[502]]);
});

test('what was cut off is zeros when the file grows again', async () => {
  const cache = new ContentCache(8 * BLOCK);
  const file = fileOf(BLOCK + 100);
  await read(cache, file, 0, BLOCK + 100);
  cache.cut(file.content, 10);
  expect(file.content.blocks.size).toBe(1);
  expect([...(await read(cache, file, 8, 4))]).toEqual([file.bytes[8], file.bytes[9], 0, 0]);
  cache.write(file.content, 10, 13, new Uint8Array([7]));
  expect([...(await read(cache, file, 9, 5))]).toEqual([file.bytes[9], 0, 0, 0, 7]);
});

test('a kept file is nowhere else, and never goes', async () => {
  const cache = new ContentCache(BLOCK);
  const [kept, other] = [fileOf(3 * BLOCK), fileOf(4 * BLOCK)];
  await cache.keep(kept.content, 3 * BLOCK, kept.load);
  for (let block = 0; block < 4; block += 1) await read(cache, other, block * BLOCK, 10);
  expect(kept.content.blocks.size).toBe(3);
  expect(other.content.blocks.size).toBe(1);
  const loaded = kept.loads.length;
  expect(Buffer.compare(await read(cache, kept, 0, 3 * BLOCK), kept.bytes)).toBe(0);
  expect(kept.loads).toHaveLength(loaded);
  cache.forget(kept.content);
  expect(kept.content.blocks.size).toBe(0);
  for (let block = 0; block < 4; block += 1) await read(cache, other, block * BLOCK, 10);
  expect(other.content.blocks.size).toBe(1);
});
