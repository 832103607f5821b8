import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../vendor/cache.ts';
import { unpackPackages } from '../vendor/debian/build-root.ts';
import { fetchPinned } from '../vendor/debian/fetch.ts';
import { pinnedPackage, readLinuxPins } from './pins.ts';

/** The folder with `bios.bin` and `vgabios.bin`, SeaBIOS as Debian builds it: v86 brings none. */
export async function biosFolder(): Promise<string> {
  const seabios = pinnedPackage((await readLinuxPins()).machine, 'seabios');
  return cached('linux-bios', seabios.sha256.slice(0, 32), async (draft) => {
    await unpackPackages(draft, await fetchPinned([seabios]));
    await copyFile(join(draft, 'usr/share/seabios/bios.bin'), join(draft, 'bios.bin'));
    await copyFile(join(draft, 'usr/share/seabios/vgabios-stdvga.bin'), join(draft, 'vgabios.bin'));
    await copyFile(join(draft, 'usr/share/doc/seabios/copyright'), join(draft, 'copyright'));
    await rm(join(draft, 'usr'), { recursive: true });
  });
}
