import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withMemoryCap } from './memory-cap.ts';
import { NODE_MODULES } from './places.ts';

/** (module (memory (export "m") 1)) */
const SMALL = Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 5, 3, 1, 0, 1, 7, 5, 1, 1, 109, 2, 0]);

test('a module with a cap cannot grow past it', async () => {
  const { instance } = await WebAssembly.instantiate(withMemoryCap(SMALL, 1) as BufferSource);
  const memory = instance.exports['m'] as WebAssembly.Memory;
  memory.grow(15);
  expect(() => memory.grow(1)).toThrow(RangeError);
});

test('a cap replaces the maximum that was there', async () => {
  const { instance } = await WebAssembly.instantiate(withMemoryCap(withMemoryCap(SMALL, 64), 1) as BufferSource);
  const memory = instance.exports['m'] as WebAssembly.Memory;
  expect(() => memory.grow(16)).toThrow(RangeError);
});

test("the engine's module is still valid with it", async () => {
  const engine = new Uint8Array(await readFile(join(NODE_MODULES, 'quickjs-wasi/quickjs.wasm')));
  expect(WebAssembly.validate(withMemoryCap(engine, 1024) as BufferSource)).toBe(true);
});
