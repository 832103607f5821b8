import { beforeAll, expect, test } from 'vitest';
import { createLinuxRunner } from '../../src/runners/linux/index.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode } from '../support/kit/open-node.ts';
import { builtManifest } from '../support/linux/open-image.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

beforeAll(needsLinuxImage);
const HANG_MS = 60_000;

/** The image with a disk of which nothing but its first piece can be read, where v86 looks for a boot sector. */
async function withoutDisk(): Promise<ReturnType<typeof nodeSource>> {
  const own = nodeSource('linux');
  const { disk } = (await builtManifest()).images.full;
  if (!disk) throw new Error('the full image has a disk');
  return {
    ...own,
    load: async (name) => {
      const file = await own.load(name);
      if (name !== disk.pack) return file;
      return new Blob([file.slice(0, disk.sizes[0]), new Uint8Array(file.size - (disk.sizes[0] ?? 0)).fill(0xff)]);
    },
  };
}

async function finished(code: string, stdin: readonly string[]): Promise<readonly [string, string]> {
  const shell = await openInNode(createLinuxRunner({ source: await withoutDisk(), isSmall: () => false }), {});
  const { outcome, stdout } = await shell.run(code, { stdin });
  shell.session.dispose();
  return [outcome.kind, stdout];
}

test.each([
  ['leaves nothing', 'echo 1', [], '1\n'],
  ['leaves something', 'cd /tmp; x=1; f() { echo "f $x"; }; f', [], 'f 1\n'],
  ['asks for input', 'read -r answer; echo "$answer"', ['yes\n'], 'yes\n'],
])(
  'a first program that %s has what it needs in the state, and reads nothing of the disk',
  async (...row) => {
    const [, code, stdin, said] = row;
    expect(await finished(code, stdin)).toEqual(['completed', said]);
  },
  HANG_MS,
);

test(
  'one that does is lost without a disk',
  async () => {
    expect((await finished('sqlite3 --version', []))[0]).not.toBe('completed');
  },
  HANG_MS,
);
