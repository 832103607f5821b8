import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unpackPackages } from '../vendor/debian/build-root.ts';
import { fetchPinned } from '../vendor/debian/fetch.ts';
import { keyOf, sha256 } from '../vendor/digest.ts';
import { VendorError } from '../vendor/fatal.ts';
import { buildInside, KIT, toolchainKey } from './build-root.ts';
import { lockedFolder } from './locked.ts';
import { pinnedPackage, readLinuxPins } from './pins.ts';

/**
 * The folder with `bzImage`, the `config` it was made with and the source's `copyright`: minutes the first time. Throws
 * VendorError when the bytes are not those that kernel.lock.json records for the recipe.
 */
export async function kernelFolder(say: (line: string) => void): Promise<string> {
  const make = async (draft: string): Promise<void> => {
    say('linux: compiling the kernel, some minutes');
    await compileKernel(draft);
  };
  return lockedFolder('kernel', { recipe: await kernelRecipe(), file: 'bzImage', make }, say);
}

/** Compiles the kernel anew, compares it with the cached one, and says so; throws VendorError when they differ. */
export async function compareKernels(say: (line: string) => void): Promise<string> {
  const folder = await kernelFolder(say);
  const second = `${folder}.second`;
  try {
    await rm(second, { recursive: true, force: true });
    say('linux: compiling the kernel once more');
    await compileKernel(second);
    const [one, other] = [await readFile(join(folder, 'bzImage')), await readFile(join(second, 'bzImage'))];
    if (!one.equals(other)) throw new VendorError('Two builds of the kernel differ.');
    return `linux: both kernels have the same ${String(one.length)} bytes, SHA-256 ${sha256(one)}`;
  } finally {
    await rm(second, { recursive: true, force: true });
  }
}

async function compileKernel(folder: string): Promise<void> {
  const source = pinnedPackage((await readLinuxPins()).machine, 'linux-source-6.1');
  const debs = await fetchPinned([source]);
  await buildInside(
    'kernel.sh',
    async (work) => {
      await unpackPackages(work, debs);
      await copyFile(join(work, 'usr/src/linux-source-6.1.tar.xz'), join(work, 'source.tar.xz'));
    },
    async (work) => {
      await mkdir(folder, { recursive: true });
      await copyFile(join(work, 'usr/share/doc/linux-source-6.1/copyright'), join(folder, 'copyright'));
      for (const name of ['bzImage', 'config']) await copyFile(join(work, 'out', name), join(folder, name));
    },
  );
}

/** Changes when anything does that the kernel is made from; compiles nothing. */
export async function kernelRecipe(): Promise<string> {
  const source = pinnedPackage((await readLinuxPins()).machine, 'linux-source-6.1');
  const recipe = await Promise.all(['kernel.sh', 'kernel.config'].map((name) => readFile(join(KIT, name), 'utf8')));
  return keyOf(source.sha256, await toolchainKey(), ...recipe);
}
