import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { filesBelow } from '../digest.ts';
import { VendorError } from '../fatal.ts';
import type { GatheredPackage } from '../packages/gather.ts';
import type { Tree } from '../packages/tree.ts';
import { HERE } from '../paths.ts';
import { NUMPY_MODULE, withWideIntegers } from './numpy-module.ts';
import { NUMPY_EDITS, PANDAS_EDITS, PANDAS_NAMES, type PythonEdit } from './python-edits.ts';

/** Python that numpy gets beside its own. */
const ADDED = join(HERE, 'integers/python');
const NARROW = '.astype(np.intp, copy=False)';
const IMPORTS_NUMPY = /^( *)import numpy as np$/gm;
const INIT = 'numpy/__init__.py';

/**
 * The packages with whole numbers of 64 bits wherever numpy and pandas choose, as on 64-bit Linux (decision 0190). Throws
 * VendorError where a package is not of the version that the edits were made for.
 */
export async function withDefaultIntegers(packages: readonly GatheredPackage[]): Promise<GatheredPackage[]> {
  return Promise.all(
    packages.map(async (one) => {
      if (one.spec.name === 'numpy') return { ...one, tree: await wideNumpy(one.tree) };
      return one.spec.name === 'pandas' ? { ...one, tree: widePandas(one.tree) } : one;
    }),
  );
}

/**
 * A package whose compiled modules read indices of 32 bits: its Python makes them so, by numpy's functions and by the methods
 * that give indices.
 */
export function withNarrowIndices(tree: Tree): Tree {
  const narrow: Tree = new Map();
  for (const [path, contents] of tree) {
    narrow.set(path, path.endsWith('.py') ? changed(contents, narrowed) : contents);
  }
  return narrow;
}

function narrowed(text: string): string {
  if (text.search(IMPORTS_NUMPY) < 0) return text;
  const sorted = text.split(/(?<=\.argsort\()/).map((part, at) => (at === 0 ? part : afterCall(part)));
  return sorted
    .join('')
    .replaceAll('.nonzero()[0]', `.nonzero()[0]${NARROW}`)
    .replace(IMPORTS_NUMPY, '$1import numpy._c_integers as np');
}

/** `rest` begins within the brackets of a call; what the call gives is made narrow. */
function afterCall(rest: string): string {
  let open = 1;
  let at = 0;
  for (; at < rest.length && open > 0; at += 1) open += { '(': 1, ')': -1 }[rest[at] ?? ''] ?? 0;
  return open > 0 ? rest : rest.slice(0, at) + NARROW + rest.slice(at);
}

function widePandas(tree: Tree): Tree {
  const narrow = withNarrowIndices(tree);
  for (const [path, contents] of narrow) {
    if (!path.endsWith('.py')) continue;
    narrow.set(
      path,
      changed(contents, (text) => PANDAS_NAMES.reduce((found, [name, other]) => found.replace(name, other), text)),
    );
  }
  return edited(narrow, PANDAS_EDITS);
}

async function wideNumpy(tree: Tree): Promise<Tree> {
  const wide = edited(tree, NUMPY_EDITS);
  wide.set(NUMPY_MODULE, withWideIntegers(part(tree, NUMPY_MODULE)));
  // Before anything else of numpy that is compiled imports it.
  wide.set(
    INIT,
    changed(part(tree, INIT), (text) => text.replace('\n    from . import _core\n', LENDS)),
  );
  for (const file of await filesBelow(ADDED)) {
    wide.set(relative(ADDED, file).replaceAll('\\', '/'), new Uint8Array(await readFile(file)));
  }
  return wide;
}

const LENDS = '\n    from . import _core\n    from . import _c_integers\n    _c_integers.lend()\n';

function edited(tree: Tree, edits: readonly PythonEdit[]): Tree {
  const result: Tree = new Map(tree);
  for (const { file, was, becomes } of edits) {
    result.set(
      file,
      changed(part(result, file), (text) => {
        const [before = '', after, more] = text.split(was);
        if (after === undefined || more !== undefined) throw new VendorError(`${file} does not have once: ${was}`);
        return before + becomes + after;
      }),
    );
  }
  return result;
}

function part(tree: Tree, path: string): Uint8Array {
  const contents = tree.get(path);
  if (!contents) throw new VendorError(`no ${path} to edit`);
  return contents;
}

function changed(contents: Uint8Array, change: (text: string) => string): Uint8Array {
  return new TextEncoder().encode(change(new TextDecoder().decode(contents)));
}
