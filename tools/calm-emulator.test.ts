import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ResolvedPublicFile } from 'wxt';
import { type ImageManifest, readImageManifest } from '../src/container/image/index.ts';
import { testFolder } from '../tests/support/test-folder.ts';
import { calmEmulator, calmPackage } from './calm-emulator.ts';
import { sha256 } from './vendor/digest.ts';

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

  const folder = testFolder('calm-emulator');
  const OTHER = { name: 'bios.bin', bytes: 1, rawBytes: 1, sha256: sha256('bios') };

  /** A package whose manifest says this of its v86, as WXT knows its files. */
  async function packageSaying(digest: string): Promise<ResolvedPublicFile[]> {
    const size = { bytes: wasm.length, rawBytes: wasm.length };
    const image = { memoryMB: 128, vgaMemoryMB: 2, disk: null, python: null };
    const manifest: ImageManifest = {
      version: 1,
      madeFrom: 'key',
      v86Version: '0.5',
      files: [OTHER, { name: 'v86.wasm', ...size, sha256: digest }],
      images: { full: { ...image, state: 'full.state.zst' }, small: { ...image, state: 'small.state.zst' } },
    };
    await writeFile(join(folder, 'v86.wasm'), wasm);
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
    return ['icon.png', 'vendor/linux/manifest.json', 'vendor/linux/v86.wasm'].map((relativeDest) => ({
      relativeDest,
      absoluteSrc: join(folder, relativeDest.split('/').at(-1) ?? ''),
    }));
  }

  const bytesOf = (file: ResolvedPublicFile | undefined): Promise<Buffer> | string =>
    file && 'absoluteSrc' in file ? readFile(file.absoluteSrc) : (file?.contents ?? '');

  test('is the one that the manifest beside it says, and all else is as it was', async () => {
    const before = await packageSaying(sha256(wasm));
    const files = [...before];
    await calmPackage(files);
    const shipped = await bytesOf(files[2]);
    const manifest = readImageManifest(String(await bytesOf(files[1])));
    expect(shipped).toEqual(Buffer.from(calmEmulator(wasm)));
    const said = { bytes: shipped.length, rawBytes: shipped.length, sha256: sha256(shipped) };
    expect(manifest?.files).toEqual([OTHER, { name: 'v86.wasm', ...said }]);
    expect(manifest).toMatchObject({ madeFrom: 'key', images: { small: { memoryMB: 128 } } });
    expect(files[0]).toEqual(before[0]);
  });

  test('is not put where the manifest is of another one, or is not there', async () => {
    await expect(calmPackage(await packageSaying(sha256('another')))).rejects.toThrow('make Linux again');
    const [icon, manifest, emulator] = await packageSaying(sha256(wasm));
    const of = (...files: (ResolvedPublicFile | undefined)[]) => files.filter((file) => file !== undefined);
    await expect(calmPackage(of(icon, manifest))).rejects.toThrow('v86.wasm');
    await expect(calmPackage(of(icon, emulator))).rejects.toThrow('manifest.json');
    await expect(calmPackage(of(icon))).resolves.toBeUndefined();
  });
});
