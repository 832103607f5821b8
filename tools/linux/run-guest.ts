import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { cached } from '../vendor/cache.ts';
import { run } from '../vendor/child.ts';
import { runInside, unpackPackages } from '../vendor/debian/build-root.ts';
import { fetchPinned } from '../vendor/debian/fetch.ts';
import { KIT } from './build-root.ts';
import { readLinuxPins } from './pins.ts';

/** Shells and `env` say so of a program that the kernel cannot start (POSIX, "2.8.2"). */
const NOT_STARTED = 126;

/**
 * Runs a script of the guest's own tree with the guest's own programs, which are of i386. Kernels of amd64 run them as they
 * are; where one does not (some virtual machines, `ia32_emulation=off`), an emulator is registered for as long as the script
 * runs (decision 0116). Throws VendorError where neither can be.
 */
export async function runGuestScript(root: string, script: string, say: (line: string) => void): Promise<void> {
  if (runsGuest(root)) {
    await runInside(root, '/bin/sh', [script]);
    return;
  }
  say('linux: this kernel runs no programs of i386; the guest is installed by an emulator, some minutes longer');
  await run('unshare', ['--mount', '/bin/sh', join(KIT, 'with-emulator.sh'), await emulator(), root, script]);
}

function runsGuest(root: string): boolean {
  const { status, error } = spawnSync('/usr/sbin/chroot', [root, '/bin/true']);
  if (error !== undefined) throw error;
  return status !== NOT_STARTED;
}

/** The emulator of i386 out of Debian's package of all; a single static program. */
async function emulator(): Promise<string> {
  const pins = (await readLinuxPins()).emulator;
  const folder = await cached('linux-emulator', pins.map(({ sha256 }) => sha256).join('-'), async (draft) => {
    await unpackPackages(draft, await fetchPinned(pins), ['./usr/share/*', './usr/bin/qemu-[!i]*']);
  });
  return join(folder, 'usr/bin/qemu-i386-static');
}
