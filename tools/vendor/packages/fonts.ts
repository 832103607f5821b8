import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../cache.ts';
import { runScript } from '../child.ts';
import { keyOf, sha256 } from '../digest.ts';
import { buildImage } from './image.ts';
import { encodeTree, type Tree } from './tree.ts';
import { HERE, PYODIDE, SITE_PACKAGES } from '../paths.ts';

/** Where our matplotlib looks for the list before it scans a hundred font files. */
const PLACE = 'matplotlib/mpl-data/fontlist.json';

/** matplotlib's list of fonts, made once by matplotlib itself out of the compiled packages. */
export async function fontList(trees: readonly Tree[]): Promise<Tree> {
  const script = join(HERE, 'packages/fonts-child.ts');
  const parts = trees.filter((tree) =>
    [...tree.keys()].some((path) => /^(matplotlib|numpy|PIL|\/usr\/share\/fonts)\//.test(path)),
  );
  const key = keyOf(sha256(await readFile(script)), ...parts.map((tree) => sha256(encodeTree(tree))));
  const folder = await cached('fonts', key, async (draft) => {
    const { index, image } = buildImage(trees, SITE_PACKAGES);
    await writeFile(join(draft, 'index'), JSON.stringify(index));
    await writeFile(join(draft, 'image'), image);
    await runScript(script, [PYODIDE, join(draft, 'index'), join(draft, 'image'), join(draft, 'fontlist.json')]);
  });
  return new Map([[PLACE, new Uint8Array(await readFile(join(folder, 'fontlist.json')))]]);
}
