import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { cached } from '../cache.ts';
import { runScript } from '../child.ts';
import { keyOf, sha256 } from '../digest.ts';
import { CACHE, HERE, PYODIDE, SITE_PACKAGES } from '../paths.ts';
import type { PackageSpec } from './spec.ts';
import { decodeTree, encodeTree, type Tree } from './tree.ts';

const SCRIPT = join(HERE, 'packages/compile-child.ts');
/** Interpreters that compile side by side; each start costs a second, so every one takes many packages. */
const PARALLEL = 2;

/** One package for the child process. */
export interface CompileJob {
  readonly source: string;
  readonly target: string;
  readonly docstrings: 'kept' | 'dropped';
}

interface Pending {
  readonly tree: Tree;
  readonly key: string;
  readonly docstrings: CompileJob['docstrings'];
}

/**
 * Python sources of each tree become `.pyc` beside which no source lies. Without them every start would compile all
 * imports again: the interpreter's files live in memory only. Compiled trees are cached one by one.
 */
export async function compileTrees(
  trees: readonly Tree[],
  compilerKey: string,
  specs: readonly Pick<PackageSpec, 'docstrings'>[] = [],
): Promise<Tree[]> {
  const all = trees.map((tree, position): Pending => {
    const docstrings = specs[position]?.docstrings ?? 'kept';
    return { tree, docstrings, key: keyOf(compilerKey, docstrings, sha256(encodeTree(tree))) };
  });
  const missing = all.filter(({ key }) => !existsSync(join(CACHE, 'compiled', key)));
  await Promise.all(shares(missing).map(compileShare));
  return Promise.all(all.map(async ({ key }) => decodeTree(await readFile(join(CACHE, 'compiled', key, 'tree')))));
}

/** Divides work so that every share has about as many bytes of source. */
function shares(pending: readonly Pending[]): Pending[][] {
  const weigh = ({ tree }: Pending): number =>
    [...tree].reduce((sum, [path, contents]) => sum + (path.endsWith('.py') ? contents.length : 0), 0);
  const found = Array.from({ length: PARALLEL }, () => ({ bytes: 0, share: [] as Pending[] }));
  for (const one of [...pending].sort((a, b) => weigh(b) - weigh(a))) {
    const lightest = found.reduce((a, b) => (b.bytes < a.bytes ? b : a));
    lightest.share.push(one);
    lightest.bytes += weigh(one);
  }
  return found.map(({ share }) => share).filter((share) => share.length > 0);
}

async function compileShare(share: readonly Pending[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'compile-'));
  try {
    const jobs = share.map(({ docstrings }, position): CompileJob => {
      const place = join(folder, String(position));
      return { source: `${place}.source`, target: `${place}.tree`, docstrings };
    });
    for (const [position, { tree }] of share.entries()) await writeFile(jobs[position]?.source ?? '', encodeTree(tree));
    await writeFile(join(folder, 'jobs.json'), JSON.stringify(jobs));
    await runScript(SCRIPT, [PYODIDE, SITE_PACKAGES, join(folder, 'jobs.json')]);
    for (const [position, { key }] of share.entries()) {
      const compiled = await readFile(jobs[position]?.target ?? '');
      await cached('compiled', key, (draft) => writeFile(join(draft, 'tree'), compiled));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Key of everything that the compiled bytes depend on besides the sources. */
export async function compilerKey(): Promise<string> {
  return keyOf(sha256(await readFile(SCRIPT)), sha256(await readFile(join(PYODIDE, 'pyodide.asm.wasm'))));
}
