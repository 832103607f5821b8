import { existsSync } from 'node:fs';
import { chmod, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '../child.ts';
import { VendorError } from '../fatal.ts';
import { CACHE, ROOT } from '../paths.ts';

/**
 * Throws one sentence where packages cannot be unpacked and entered; `what` begins it, `instead` is the way around. It names
 * this command as root's, with the whole path of Node, because sudo has a PATH and an environment of its own; what root made
 * is then given back to the person, whose later builds write there.
 */
export function refuseWithoutRoot(what: string, instead: string): void {
  if (process.getuid?.() === 0 && existsSync('/usr/bin/dpkg-deb')) return;
  const cache = dirname(CACHE);
  const folders = `${cache} ${join(ROOT, 'public')}`;
  // Root has a home of its own, and so another cache.
  const build = `sudo COMPANION_CACHE=${cache} ${[process.execPath, ...process.argv.slice(1)].join(' ')}`;
  const command = `${build} && sudo chown -R "$(id -u):$(id -g)" ${folders}`;
  throw new VendorError(`${what} needs Debian and root: run there ${command}, or ${instead}.`);
}

/**
 * Unpacks packages into a directory that can be entered by chroot, without running their scripts: nothing of them touches
 * this system. `excluded` are patterns of tar.
 */
export async function unpackBuildRoot(
  root: string,
  debs: readonly string[],
  excluded: readonly string[],
): Promise<void> {
  await mkdir(join(root, 'usr'), { recursive: true });
  for (const name of ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32']) {
    await mkdir(join(root, 'usr', name), { recursive: true });
    await symlink(`usr/${name}`, join(root, name));
  }
  await unpackPackages(root, debs, excluded);
  await mkdir(join(root, 'tmp'), { recursive: true });
  await chmod(join(root, 'tmp'), 0o1777);
  await makeDevices(root);
}

/** Unpacks the files of packages over a directory whose `bin` and the like are links already. */
export async function unpackPackages(
  root: string,
  debs: readonly string[],
  excluded: readonly string[] = [],
): Promise<void> {
  const excludes = excluded.map((pattern) => `--exclude='${pattern}'`).join(' ');
  for (const deb of debs) {
    await run('/bin/sh', [
      '-c',
      `dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --keep-directory-symlink ${excludes}`,
      'sh',
      deb,
      root,
    ]);
  }
}

/** The devices that compilers and the scripts of packages open. */
export async function makeDevices(root: string): Promise<void> {
  await mkdir(join(root, 'dev'), { recursive: true });
  for (const [name, minor] of [
    ['null', '3'],
    ['zero', '5'],
    ['random', '8'],
    ['urandom', '9'],
  ] as const) {
    if (!existsSync(join(root, 'dev', name)))
      await run('mknod', ['-m', '666', join(root, 'dev', name), 'c', '1', minor]);
  }
}

/** Runs a program inside the directory with an environment of its own, and gives what it printed. */
export function runInside(root: string, program: string, args: readonly string[]): Promise<string> {
  return run('/usr/sbin/chroot', [root, '/usr/bin/env', '-i', program, ...args]);
}
