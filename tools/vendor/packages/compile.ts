import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../cache.ts';
import { runScript } from '../child.ts';
import { keyOf, sha256 } from '../digest.ts';
import { HERE, PYODIDE, SITE_PACKAGES } from '../paths.ts';
import type { PackageSpec } from './spec.ts';
import { decodeTree, encodeTree, type Tree } from './tree.ts';

const SCRIPT = join(HERE, 'packages/compile-child.ts');

/**
 * Python sources of each tree become `.pyc` beside which no source lies. Without them every start would compile all
 * imports again: the interpreter's files live in memory only. Compiled trees are cached one by one.
 */
export async function compileTrees(
  trees: readonly Tree[],
  compilerKey: string,
  specs: readonly Pick<PackageSpec, 'docstrings'>[] = [],
): Promise<Tree[]> {
  const modes = trees.map((_, position) => specs[position]?.docstrings ?? 'kept');
  const keys = trees.map((tree, position) => keyOf(compilerKey, modes[position] ?? '', sha256(encodeTree(tree))));
  const folders: string[] = new Array<string>(trees.length).fill('');
  const order = trees.map((_, position) => position).sort((a, b) => (trees[b]?.size ?? 0) - (trees[a]?.size ?? 0));
  const turns = order.values();
  await Promise.all(
    [0, 1].map(async () => {
      for (const position of turns) {
        const [tree, key] = [trees[position], keys[position]];
        if (tree && key !== undefined) folders[position] = await cached('compiled', key, (draft) => compileInto(tree, modes[position] ?? '', draft));
      }
    }),
  );
  return Promise.all(folders.map(async (folder) => decodeTree(await readFile(join(folder, 'tree')))));
}

async function compileInto(tree: Tree, docstrings: string, draft: string): Promise<void> {
  await mkdir(draft, { recursive: true });
  await writeFile(join(draft, 'source'), encodeTree(tree));
  await runScript(SCRIPT, [PYODIDE, SITE_PACKAGES, join(draft, 'source'), join(draft, 'tree'), docstrings]);
}

/** Key of everything that the compiled bytes depend on besides the sources. */
export async function compilerKey(): Promise<string> {
  return keyOf(sha256(await readFile(SCRIPT)), sha256(await readFile(join(PYODIDE, 'pyodide.asm.wasm'))));
}
