import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cached } from '../vendor/cache.ts';
import { run } from '../vendor/child.ts';
import { digestOfSources, keyOf } from '../vendor/digest.ts';
import { ROOT } from '../vendor/paths.ts';
import type { DiskLayout } from './disk.ts';
import { HERE } from './places.ts';
import type { StateJob } from './save-state.ts';

/** Memory of each machine. The full one's is what Python needs beside a working session. */
export const MEMORY_MB = { small: 128, full: 256 } as const;
export const VGA_MEMORY_MB = 2;

/** What of our own and of v86 decides what a state looks like. */
export const SHAPERS = [
  'src/container/machine/emulator.ts',
  'src/container/disk',
  'src/container/saved/layout.ts',
  'src/container/saved/memory-last.ts',
  'src/runners/linux/worker/prompt.ts',
  'src/runners/linux/worker/waiting-bash.ts',
  'src/runners/linux/worker/way-out.ts',
  'tools/linux/save-state.ts',
  'tools/linux/zstd-packed.ts',
];

export const V86 = join(ROOT, 'node_modules/v86');

/**
 * The state, packed by Zstandard, of an image, made by booting it out of the folders of bzImage, initrd.gz and the BIOS: its bytes differ
 * each time, for it holds a clock and chances.
 */
export async function stateFile(
  image: 'small' | 'full',
  parts: Readonly<Record<'kernel' | 'initrd' | 'bios', string>>,
  disk: { readonly folder: string; readonly layout: DiskLayout } | null,
): Promise<string> {
  const shapers = await digestOfSources(SHAPERS.map((path) => join(ROOT, path)));
  const emulator = await readFile(join(V86, 'package.json'), 'utf8');
  // Folders of the cache are named by what they were made from.
  const inputs = [...Object.values(parts), ...(disk ? [disk.folder] : [])].map((folder) => basename(folder));
  const key = keyOf(shapers, emulator, String(MEMORY_MB[image]), ...inputs);
  const folder = await cached(`linux-state-${image}`, key, async (draft) => {
    const job: StateJob = {
      memoryMB: MEMORY_MB[image],
      vgaMemoryMB: VGA_MEMORY_MB,
      wasm: join(V86, 'build/v86.wasm'),
      bios: join(parts.bios, 'bios.bin'),
      vgaBios: join(parts.bios, 'vgabios.bin'),
      kernel: join(parts.kernel, 'bzImage'),
      initrd: join(parts.initrd, 'initrd.gz'),
      disk: disk && { pack: join(disk.folder, 'full.pack'), layout: disk.layout },
      target: join(draft, `${image}.state.zst`),
    };
    await run(process.execPath, ['--no-warnings', join(HERE, 'save-state.ts'), JSON.stringify(job)]);
  });
  return join(folder, `${image}.state.zst`);
}
