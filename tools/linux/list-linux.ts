import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listVendored } from '../engines/vendor-engines.ts';
import { readLinuxPins } from './pins.ts';
import { HERE } from './places.ts';

/**
 * Lists in public/vendored.json what the Linux images are made of, from the pins alone. The images' own hashes are in their
 * manifest: a saved state has other bytes each time.
 */
export async function listLinux(): Promise<void> {
  const { machine, small, full } = await readLinuxPins();
  const kernel = JSON.parse(await readFile(join(HERE, 'kernel.lock.json'), 'utf8')) as { readonly sha256: string };
  const packages = new Map([...machine, ...small, ...full].map((one) => [one.name, one]));
  const rows = [...packages.values()].map(({ name, version, source, sourceVersion, sha256 }) => ({
    package: name,
    version,
    licence: 'see LICENCES.txt',
    source: `Debian ${source} ${sourceVersion}`,
    sha256,
  }));
  await listVendored(
    new Map([['linux/', [{ part: 'kernel', made: 'tools/linux/kernel.ts', sha256: kernel.sha256 }, ...rows]]]),
  );
}
