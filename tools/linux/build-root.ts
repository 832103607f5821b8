import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../vendor/cache.ts';
import { keyOf } from '../vendor/digest.ts';
import { refuseWithoutRoot, runInside, unpackBuildRoot } from '../vendor/debian/build-root.ts';
import { fetchPinned } from '../vendor/debian/fetch.ts';
import { CACHE } from '../vendor/paths.ts';
import { HERE } from './places.ts';
import { readLinuxPins } from './pins.ts';

const NOT_UNPACKED = ['./usr/share/doc/*', './usr/share/man/*', './usr/share/locale/*', './usr/share/info/*'];

/** Scripts that run inside the build root. */
export const KIT = join(HERE, 'kit');

/** Says which compilers everything is made with. */
export async function toolchainKey(): Promise<string> {
  return keyOf(...(await readLinuxPins()).toolchain.map(({ sha256 }) => sha256), ...NOT_UNPACKED, 'awk');
}

/**
 * Runs a script of the kit inside the build root. `fill` puts what it needs into its folder, `take` gets the folder with
 * the script's results in `out`. Throws VendorError without Debian or root.
 */
export async function buildInside(
  script: string,
  fill: (work: string) => Promise<void>,
  take: (work: string) => Promise<void>,
): Promise<void> {
  const root = await buildRoot();
  const name = `work-${String(process.pid)}-${script.replace('.sh', '')}`;
  const work = join(root, name);
  await rm(work, { recursive: true, force: true });
  try {
    await mkdir(join(work, 'out'), { recursive: true });
    await cp(KIT, join(work, 'kit'), { recursive: true });
    await fill(work);
    await runInside(root, '/bin/bash', [`/${name}/kit/${script}`, `/${name}`]);
    await take(work);
  } finally {
    if (process.env['COMPANION_KEEP_BUILD'] === undefined) await rm(work, { recursive: true, force: true });
  }
}

/** The directory with the pinned compilers, unpacked once. */
async function buildRoot(): Promise<string> {
  refuseWithoutRoot('Building the Linux images', `copy ${CACHE} from such a machine`);
  const { toolchain } = await readLinuxPins();
  return cached('linux-build-root', await toolchainKey(), async (draft) => {
    await unpackBuildRoot(draft, await fetchPinned(toolchain), NOT_UNPACKED);
    // Otherwise the work of a script that was not run.
    await symlink('gawk', join(draft, 'usr/bin/awk'));
  });
}
