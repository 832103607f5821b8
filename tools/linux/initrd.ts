import { chmod, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unpackPackages } from '../vendor/debian/build-root.ts';
import { fetchPinned } from '../vendor/debian/fetch.ts';
import { digestOfSources, keyOf } from '../vendor/digest.ts';
import { buildInside, KIT, toolchainKey } from './build-root.ts';
import { lockedFolder } from './locked.ts';
import { readLinuxPins } from './pins.ts';
import { AGENT, GUEST, HERE } from './places.ts';
import { compileProgram } from './programs.ts';

const ACCOUNTS: Readonly<Record<string, string>> = {
  passwd: 'root:x:0:0:root:/root:/bin/bash\nuser:x:1000:1000:user:/home/user:/bin/bash\n',
  group: 'root:x:0:\ntty:x:5:\nuser:x:1000:\n',
  hostname: 'sandbox\n',
  hosts: '127.0.0.1 localhost sandbox\n',
};

/**
 * The folder with `initrd.gz`: busybox, bash, the agent and `init`. It is all that the small machine has, and starts the
 * full one. Throws VendorError when the bytes are not those that initrd.lock.json records for the recipe.
 */
export async function initrdFolder(say: (line: string) => void): Promise<string> {
  const make = async (draft: string): Promise<void> => {
    const { small } = await readLinuxPins();
    const agent = await compileProgram('agent', AGENT);
    const debs = await fetchPinned(small);
    await buildInside(
      'initrd.sh',
      async (work) => {
        await fillTree(join(work, 'tree'), agent, debs);
      },
      async (work) => {
        await copyFile(join(work, 'out/initrd.gz'), join(draft, 'initrd.gz'));
      },
    );
  };
  return lockedFolder('initrd', { recipe: await initrdRecipe(), file: 'initrd.gz', make }, say);
}

/** Changes when anything does that the initrd is made from; packs nothing. */
export async function initrdRecipe(): Promise<string> {
  const { small } = await readLinuxPins();
  const scripts = ['initrd.sh', 'program.sh'].map((name) => join(KIT, name));
  const sources = await digestOfSources([AGENT, join(GUEST, 'init'), ...scripts, join(HERE, 'initrd.ts')]);
  return keyOf(sources, await toolchainKey(), ...small.map(({ sha256 }) => sha256));
}

async function fillTree(tree: string, agent: string, debs: readonly string[]): Promise<void> {
  const folders = ['bin', 'sbin', 'usr/bin', 'usr/sbin', 'etc', 'proc', 'sys', 'dev', 'tmp', 'run', 'root', 'disk'];
  for (const folder of [...folders, 'mnt/data', 'home/user']) await mkdir(join(tree, folder), { recursive: true });
  await unpackPackages(tree, debs, ['./usr/share/*', './etc/*']);
  await symlink('bash-static', join(tree, 'bin/bash'));
  await symlink('/mnt/data', join(tree, 'workspace'));
  await copyFile(agent, join(tree, 'sbin/agent'));
  await copyFile(join(GUEST, 'init'), join(tree, 'init'));
  await chmod(join(tree, 'init'), 0o755);
  await chmod(join(tree, 'tmp'), 0o1777);
  for (const [name, text] of Object.entries(ACCOUNTS)) await writeFile(join(tree, 'etc', name), text);
}
