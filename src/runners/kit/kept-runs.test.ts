import { expect, test } from 'vitest';
import { MemoryFiles } from '../../../tests/support/kit/memory-files.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { forgetOldRuns } from './kept-runs.ts';

/** A tree with files of the given sizes, the first the oldest. */
function treeOf(sizes: Readonly<Record<string, number>>): MemoryFiles {
  const files = new MemoryFiles();
  for (const [at, [path, bytes]] of Object.entries(sizes).entries()) {
    files.put(path, new Uint8Array(bytes));
    Object.assign(files.entries.get(path) ?? {}, { modifiedAtMs: at });
  }
  return files;
}

const left = async (files: MemoryFiles, last: string | null = null): Promise<readonly string[]> => {
  await forgetOldRuns(files, last);
  return [...files.entries.keys()];
};
const half = LIMITS.keptBytes.standard / 2;

test('the oldest runs go, folder and all, where all together keep too much', async () => {
  const runs = { '.output/00000001-1/a': 1, '.output/00000001-2/a': half, '.output/00000002-1/a': half };
  expect(await left(treeOf(runs))).toEqual([
    '.output',
    '.output/00000001-2',
    '.output/00000001-2/a',
    '.output/00000002-1',
    '.output/00000002-1/a',
  ]);
});

test('the last run keeps all of its own, however much', async () => {
  const files = treeOf({ '.output/00000001-1/a': 1, '.output/00000001-2/a': half, '.output/00000001-2/b': half + 1 });
  expect(await left(files)).toEqual(['.output', '.output/00000001-2', '.output/00000001-2/a', '.output/00000001-2/b']);
});

test('the last run is the one that is named, whatever times a program has set', async () => {
  const files = treeOf({ '.output/00000001-2/a': half, '.output/00000001-1/a': half + 1 });
  expect(await left(files, '.output/00000001-2')).toEqual(['.output', '.output/00000001-2', '.output/00000001-2/a']);
});

test('nothing else is touched', async () => {
  const others = {
    'a.csv': half * 2,
    '.output/run-1.txt': 1,
    '.output/export.zip': half,
    '.output/unpacking/00000001-1/x': 1,
  };
  const files = treeOf(others);
  const before = [...files.entries.keys()];
  expect(await left(files)).toEqual(before);
});
