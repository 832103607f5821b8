import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IMAGE_MANIFEST, readImageManifest, type ImageManifest } from '../../src/container/image/index.ts';
import { digestOfSources, keyOf } from '../vendor/digest.ts';
import { describeFiles } from '../vendor/manifest.ts';
import { ROOT } from '../vendor/paths.ts';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { packBootParts } from '../../src/container/boot/index.ts';
import { WHEELS_FILE } from '../../src/runners/linux/wheels-file.ts';
import { biosFolder } from './bios.ts';
import { DISK_SOURCES, diskFolder, type DiskLayout } from './disk.ts';
import { initrdFolder } from './initrd.ts';
import { kernelFolder } from './kernel.ts';
import { writeLicences } from './licences.ts';
import { AGENT, HERE, OUTPUT } from './places.ts';
import { plainKernel } from './plain-kernel.ts';
import { zstdPacked } from './zstd-packed.ts';
import { MEMORY_MB, SHAPERS, stateFile, V86, VGA_MEMORY_MB } from './states.ts';
import { wheelPack } from './wheels.ts';

/** What of other folders the pack of wheels is made from. */
const WHEEL_SOURCES = [
  'src/contracts/guest-wheels.ts',
  'src/runners/linux/wheels-file.ts',
  ...['packages.json', 'packages.lock.json', 'sources.lock.json', 'packages'].map((name) => `tools/vendor/${name}`),
];

/** Debian 12's. */
const PYTHON = '3.11';

/** Whether public/vendor/linux is there, and made from what the sources say now. */
export async function linuxState(): Promise<'current' | 'old' | 'absent'> {
  const manifest = await readManifest();
  if (manifest === null) return 'absent';
  const sizes = await Promise.all(
    manifest.files.map(async ({ name }) => (await stat(join(OUTPUT, name)).catch(() => null))?.size),
  );
  const isWhole = manifest.files.every(({ bytes }, position) => sizes[position] === bytes);
  return isWhole && manifest.madeFrom === (await inputsKey()) ? 'current' : 'old';
}

/**
 * Makes public/vendor/linux, or leaves it when it was made from the same sources. `say` gets a line a step. Throws
 * VendorError where Debian or root is missing and the parts are not cached.
 */
export async function vendorLinux(say: (line: string) => void): Promise<void> {
  if ((await linuxState()) === 'current') {
    say(`linux: up to date in ${OUTPUT}`);
    return;
  }
  // Before anything is read: what changes while this runs is not in it.
  const madeFrom = await inputsKey();
  // First, because it unpacks the compilers that the others wait for.
  const initrd = await initrdFolder(say);
  const bios = await biosFolder();
  // The kernel takes both processors, the disk mostly waits for files.
  const [kernel, disk] = await Promise.all([kernelFolder(say), diskFolder(say)]);
  const layout = JSON.parse(await readFile(join(disk, 'layout.json'), 'utf8')) as DiskLayout;
  const parts = { kernel, initrd, bios };
  say('linux: saving the states of both machines');
  const states = await Promise.all([
    stateFile('small', parts, null),
    stateFile('full', parts, { folder: disk, layout }),
  ]);

  const draft = `${OUTPUT}.${String(process.pid)}.draft`;
  try {
    await mkdir(draft, { recursive: true });
    const [small, full] = states;
    await copyFile(small, join(draft, 'small.state.zst'));
    await copyFile(full, join(draft, 'full.state.zst'));
    await copyFile(join(disk, 'full.pack'), join(draft, 'full.pack'));
    await writeFile(join(draft, 'boot.zst'), await bootFile(small, kernel, initrd));
    const wheels = await wheelPack(say);
    await writeFile(join(draft, WHEELS_FILE), wheels.bytes);
    for (const name of ['bios.bin', 'vgabios.bin']) await copyFile(join(bios, name), join(draft, name));
    await copyFile(join(V86, 'build/v86.wasm'), join(draft, 'v86.wasm'));
    await copyFile(join(HERE, 'tool-packs.json'), join(draft, 'tool-packs.json'));
    await writeLicences(join(draft, 'LICENCES.txt'), { kernel, bios, disk }, wheels.origins);
    await writeFile(join(draft, IMAGE_MANIFEST), `${JSON.stringify(await describe(draft, layout, madeFrom))}\n`);
    await rm(OUTPUT, { recursive: true, force: true });
    await rename(draft, OUTPUT);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  say(`linux: made in ${OUTPUT}`);
}

/** Kernel and initrd for machines that no state fits, as what they differ by from the small image's memory. */
async function bootFile(small: string, kernel: string, initrd: string): Promise<Uint8Array> {
  const [state, bzImage, packed] = await Promise.all(
    [small, join(kernel, 'bzImage'), join(initrd, 'initrd.gz')].map((path) => readFile(path)),
  );
  if (!state || !bzImage || !packed) throw new Error('the parts of a boot are there');
  const parts = { kernel: plainKernel(bzImage), initrd: new Uint8Array(gunzipSync(packed)) };
  return zstdPacked(packBootParts(new Uint8Array(zstdDecompressSync(state)), parts));
}

async function readManifest(): Promise<ImageManifest | null> {
  const place = join(OUTPUT, IMAGE_MANIFEST);
  return existsSync(place) ? readImageManifest(await readFile(place, 'utf8')) : null;
}

/** Changes when anything does that the folder is made from; reads no large file. */
async function inputsKey(): Promise<string> {
  const own = ['src/container/boot', ...SHAPERS, ...WHEEL_SOURCES].map((path) => join(ROOT, path));
  const sources = [HERE, AGENT, ...own, ...DISK_SOURCES];
  return keyOf(await digestOfSources(sources), await readFile(join(V86, 'package.json'), 'utf8'));
}

async function describe(folder: string, layout: DiskLayout, madeFrom: string): Promise<ImageManifest> {
  const { version } = JSON.parse(await readFile(join(V86, 'package.json'), 'utf8')) as { version: string };
  const image = (name: 'small' | 'full'): { state: string; memoryMB: number; vgaMemoryMB: number } => ({
    state: `${name}.state.zst`,
    memoryMB: MEMORY_MB[name],
    vgaMemoryMB: VGA_MEMORY_MB,
  });
  return {
    version: 1,
    madeFrom,
    v86Version: version,
    files: await describeFiles(folder),
    images: {
      full: { ...image('full'), disk: { pack: 'full.pack', ...layout, sizes: [...layout.sizes] }, python: PYTHON },
      small: { ...image('small'), disk: null, python: null },
    },
  };
}
