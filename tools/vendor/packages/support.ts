import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { filesBelow } from '../digest.ts';
import { RUNNER } from '../paths.ts';
import type { Tree } from './tree.ts';

/** The runner's own Python, written beside it; empty while it does not exist. */
export async function supportTree(): Promise<Tree> {
  const root = join(RUNNER, 'support');
  const tree: Tree = new Map();
  for (const file of await filesBelow(root)) {
    const path = relative(root, file).replaceAll('\\', '/');
    if (path.endsWith('.py') && !/(^|\/)(tests?\/|test_)/.test(path))
      tree.set(path, new Uint8Array(await readFile(file)));
  }
  return tree;
}
