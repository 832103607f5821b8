import { listVendored } from '../engines/vendor-engines.ts';
import { readLock } from './locked.ts';
import { readLinuxPins } from './pins.ts';

/**
 * Lists in public/vendored.json what the Linux images are made of, from pins and locks alone. The images' own hashes are in their
 * manifest: a saved state has other bytes each time.
 */
export async function listLinux(): Promise<void> {
  const { machine, small, full } = await readLinuxPins();
  const [kernel, initrd] = await Promise.all([readLock('kernel'), readLock('initrd')]);
  const packages = new Map([...machine, ...small, ...full].map((one) => [one.name, one]));
  const rows = [...packages.values()].map(({ name, version, source, sourceVersion, sha256 }) => ({
    package: name,
    version,
    licence: 'see LICENCES.txt',
    source: `Debian ${source} ${sourceVersion}`,
    sha256,
  }));
  const parts = [
    { part: 'kernel', made: 'tools/linux/kernel.ts', sha256: kernel.sha256 },
    { part: 'initrd', made: 'tools/linux/initrd.ts', sha256: initrd.sha256 },
  ];
  await listVendored(new Map([['linux/', [...parts, ...rows]]]));
}
