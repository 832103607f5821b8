import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, test } from 'vitest';
import { calmEmulator } from './calm-emulator.ts';

describe('v86 of the package', () => {
  let wasm: Buffer;
  beforeAll(async () => {
    wasm = await readFile(createRequire(import.meta.url).resolve('v86/build/v86.wasm'));
  });

  test('is changed in its threshold alone, and is still a module', async () => {
    const calm = calmEmulator(wasm);
    const changed = [...calm.keys()].filter((at) => calm[at] !== wasm[at]);
    expect(calm.length).toBe(wasm.length);
    expect(changed.length).toBeGreaterThan(0);
    expect((changed.at(-1) ?? 0) - (changed[0] ?? 0)).toBeLessThan(3);
    await expect(WebAssembly.compile(calm)).resolves.toBeInstanceOf(WebAssembly.Module);
  });

  test('is refused where the threshold is not, or more than once', () => {
    expect(() => calmEmulator(calmEmulator(wasm))).toThrow('JIT_THRESHOLD');
    expect(() => calmEmulator(Buffer.concat([wasm, wasm]))).toThrow('JIT_THRESHOLD');
  });
});
