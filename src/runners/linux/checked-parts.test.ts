import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { EngineSource } from '../kit/index.ts';
import { createCheckedParts } from './checked-parts.ts';

const RIGHT = 'the wheels';
const HASH = createHash('sha256').update(RIGHT).digest('hex');

/** A package whose list says that its pack has the right hash. */
function packageWith(pack: string | null): EngineSource & { readonly read: string[] } {
  const read: string[] = [];
  const image = { state: 'small.state.zst', memoryMB: 128, vgaMemoryMB: 2, disk: null, python: null };
  const files: Record<string, string | null> = {
    'manifest.json': JSON.stringify({
      version: 1,
      madeFrom: '',
      v86Version: '0',
      files: [{ name: 'wheels.pack', bytes: RIGHT.length, rawBytes: RIGHT.length, sha256: HASH }],
      images: { full: { ...image, state: 'full.state.zst' }, small: image },
    }),
    'wheels.pack': pack,
    'full.pack': 'a disk',
  };
  return {
    read,
    script: () => Promise.resolve(''),
    async load(name) {
      read.push(name);
      const text = files[name] ?? null;
      if (text === null) throw new Error(`${name} is not in the package`);
      return new Blob([text]);
    },
  };
}

test('a machine gets the pack, which is read once', async () => {
  const source = packageWith(RIGHT);
  const parts = createCheckedParts(source);
  for (let times = 0; times < 2; times += 1)
    expect(new TextDecoder().decode((await parts.load('wheels.pack')) ?? undefined)).toBe(RIGHT);
  expect(source.read.filter((name) => name === 'wheels.pack')).toHaveLength(1);
});

test('and no byte of one that has another hash, or is not there', async () => {
  expect(await createCheckedParts(packageWith('the wheelz')).load('wheels.pack')).toBeNull();
  expect(await createCheckedParts(packageWith(null)).load('wheels.pack')).toBeNull();
});

test('a read that failed is not remembered: who asks next gets what is there by then', async () => {
  const right = packageWith(RIGHT);
  const wrong = [packageWith(null), packageWith('the wheelz')];
  const parts = createCheckedParts({
    ...right,
    load: (name) => ((name === 'wheels.pack' && wrong.shift()) || right).load(name),
  });
  expect([await parts.load('wheels.pack'), await parts.load('wheels.pack')]).toEqual([null, null]);
  expect(new TextDecoder().decode((await parts.load('wheels.pack')) ?? undefined)).toBe(RIGHT);
});

test('and nothing else of the package, whatever it asks for', async () => {
  const source = packageWith(RIGHT);
  for (const name of ['full.pack', 'manifest.json', '../wheels.pack', ''])
    expect(await createCheckedParts(source).load(name)).toBeNull();
  expect(source.read).toEqual([]);
});
