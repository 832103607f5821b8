import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../vendor/cache.ts';
import { unpackPackages } from '../vendor/debian/build-root.ts';
import { fetchPinned } from '../vendor/debian/fetch.ts';
import { keyOf } from '../vendor/digest.ts';
import { buildInside, KIT, toolchainKey } from './build-root.ts';
import { pinnedPackage, readLinuxPins } from './pins.ts';

/** Where the library of mathematics lies in the guest. */
export const LIBM_PLACE = 'usr/lib/i386-linux-gnu/libm.so.6';

/**
 * The place of the guest's `libm.so.6`, which v86 gives the same bits as x86-64 (decision 0193): minutes the first time. Throws
 * VendorError without Debian or root.
 */
export async function libmFile(say: (line: string) => void): Promise<string> {
  const source = pinnedPackage((await readLinuxPins()).machine, 'glibc-source');
  const key = keyOf(await libmRecipe(), await toolchainKey());
  const folder = await cached('linux-libm', key, async (draft) => {
    say('linux: compiling the library of mathematics, some minutes');
    const debs = await fetchPinned([source]);
    await buildInside(
      'libm.sh',
      async (work) => {
        await unpackPackages(work, debs);
        await copyFile(join(work, 'usr/src/glibc/glibc-2.36.tar.xz'), join(work, 'source.tar.xz'));
      },
      async (work) => {
        await copyFile(join(work, 'out/libm.so.6'), join(draft, 'libm.so.6'));
      },
    );
  });
  return join(folder, 'libm.so.6');
}

/** What it is made from, but for the compilers. */
export async function libmRecipe(): Promise<string> {
  const source = pinnedPackage((await readLinuxPins()).machine, 'glibc-source');
  return keyOf(source.sha256, await readFile(join(KIT, 'libm.sh'), 'utf8'));
}
