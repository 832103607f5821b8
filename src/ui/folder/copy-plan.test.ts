import { expect, test } from 'vitest';
import { fileOfSize } from '../../../tests/support/local-folder.ts';
import type { FileStat } from '../../contracts/files.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { planCopy, targetName } from './copy-plan.ts';
import type { Listing } from './local-folder.ts';

const listing = (sizes: Readonly<Record<string, number>>): Listing => ({
  files: Object.entries(sizes).map(([path, size]) => ({ path, file: fileOfSize(path, size) })),
  skipped: [],
  leftOut: [],
});
const stat = (path: string, sizeBytes: number): FileStat => ({ path, kind: 'file', sizeBytes, modifiedAtMs: 1 });

test.each([
  ['project', 'project'],
  ['.hidden', '.hidden'],
  ['a:b', 'a:b'],
  ['.output', 'folder'],
  ['', 'folder'],
  ['.', 'folder'],
  ['..', 'folder'],
  ['a/b', 'folder'],
  ['x'.repeat(300), 'folder'],
])('a folder %j is %j in /mnt/data', (name, target) => expect(targetName(name)).toBe(target));

test('names that cannot be here and files that are too large are left out, each with its reason', () => {
  const long = 'ä'.repeat(200);
  const plan = planCopy('p', listing({ a: 1, [long]: 1, big: LIMITS.fileBytes.standard + 1, 'b/c': 2 }), []);
  expect(plan.files.map(({ path }) => path)).toEqual(['a', 'b/c']);
  expect(plan.bytes).toBe(3);
  expect(plan.leftOut).toEqual([
    { path: long, why: 'name' },
    { path: 'big', why: 'too-large' },
  ]);
});

test('the path with the folder itself has to fit, not that in the folder alone', () => {
  const path = Array(5).fill('d'.repeat(203)).join('/');
  expect(planCopy('p', listing({ [path]: 1 }), []).leftOut).toEqual([]);
  expect(planCopy('project', listing({ [path]: 1 }), []).leftOut).toEqual([{ path, why: 'name' }]);
});

test('counts what it would replace, which makes room', () => {
  const there = [stat('p/a', LIMITS.sessionBytes.standard - 10), stat('a', 10), stat('q/b', 0)];
  const plan = planCopy('p', listing({ a: 5, b: 5 }), there);
  expect(plan).toMatchObject({ replaced: 1, tooMuch: null });
  const more = planCopy('q', listing({ a: 5, b: 5 }), there);
  expect(more).toMatchObject({ replaced: 1, tooMuch: { what: 'bytes', room: 0 } });
});

test('says that there is no room for so many files', () => {
  const there = Array.from({ length: LIMITS.fileCount.standard - 1 }, (_, at) => stat(`f${at}`, 0));
  expect(planCopy('p', listing({ a: 0 }), there).tooMuch).toBeNull();
  expect(planCopy('p', listing({ a: 0, b: 0 }), there).tooMuch).toEqual({ what: 'count', room: 1 });
});
