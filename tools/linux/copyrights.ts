import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../vendor/cache.ts';
import { refuseWithoutRoot, unpackPackages } from '../vendor/debian/build-root.ts';
import { fetchPinned } from '../vendor/debian/fetch.ts';
import { digestOfSources, keyOf } from '../vendor/digest.ts';
import { CACHE } from '../vendor/paths.ts';
import type { GuestPackage } from './pins.ts';
import { HERE } from './places.ts';

/** The folder with the terms of the `wanted` packages, a file each by its name. `shipped` are those that they may link to. */
export async function copyrightFolder(
  wanted: readonly GuestPackage[],
  shipped: readonly GuestPackage[],
): Promise<string> {
  // A package has a copyright of its own, or a link to the folder of another of the same source (Debian Policy, 12.5).
  const unpacked = shipped.filter(({ source }) => wanted.some((one) => one.source === source));
  const names = wanted.map(({ name }) => name).sort();
  const sources = await digestOfSources([join(HERE, 'copyrights.ts')]);
  const key = keyOf(sources, ...names, ...unpacked.map(({ sha256 }) => sha256));
  return cached('linux-copyrights', key, async (draft) => {
    refuseWithoutRoot('Building the Linux images', `copy ${CACHE} from such a machine`);
    const tree = join(draft, 'tree');
    await mkdir(tree);
    await unpackPackages(tree, await fetchPinned(unpacked));
    for (const name of names) await copyFile(join(tree, 'usr/share/doc', name, 'copyright'), join(draft, name));
    await rm(tree, { recursive: true });
  });
}
