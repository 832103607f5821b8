import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { zstdCompressSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { fromBase64 } from '../../../base/index.ts';
import type { NetworkAnswer } from '../../../contracts/network.ts';
import type { WheelList } from '../wheels-file.ts';
import { Wheels } from './wheels.ts';

let wasm: WebAssembly.Module;
beforeAll(async () => {
  wasm = await WebAssembly.compile(await readFile(createRequire(import.meta.url).resolve('v86/build/v86.wasm')));
});

const lengthOf = (bytes: Uint8Array): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return length;
};

/** As `wheels-file.ts` describes it, with one wheel. */
function packOf(contents: string): Uint8Array {
  const file = 'six-1-py3-none-any.whl';
  const row = { name: 'six', version: '1', file, sha256: 'x', requiresPython: null, at: 0, bytes: contents.length };
  const list = Buffer.from(JSON.stringify({ wheels: [row], compiled: [] } satisfies WheelList));
  const plain = Buffer.concat([lengthOf(list), list, Buffer.from(contents)]);
  return Buffer.concat([lengthOf(plain), zstdCompressSync(plain)]);
}

const textOf = (answer: NetworkAnswer): string =>
  'error' in answer ? answer.error : new TextDecoder().decode(fromBase64(answer.body));

test('a pack that cannot be read answers every question, and is read anew at the next', async () => {
  const reads = [
    () => Promise.resolve(null),
    () => Promise.reject(new Error('the host is gone')),
    () => Promise.resolve(new Uint8Array(3)),
    () => Promise.resolve(packOf('the wheel')),
  ];
  const wheels = new Wheels({ load: () => reads.shift()?.() ?? Promise.reject(new Error('read again')), wasm });
  const unread = 'The packages of this device could not be read.';
  expect(textOf(await wheels.answer('bundled:six'))).toBe(unread);
  expect(await wheels.hasInstead('https://pypi.org/simple/six/')).toBe(false);
  expect(textOf(await wheels.answer('bundled:six'))).toBe(unread);
  expect(textOf(await wheels.answer('bundled:six-1-py3-none-any.whl'))).toBe('the wheel');
  expect(await wheels.hasInstead('https://pypi.org/simple/six/')).toBe(true);
});
