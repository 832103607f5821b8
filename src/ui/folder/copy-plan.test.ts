import { expect, test } from 'vitest';
import { fileOfSize } from '../../../tests/support/local-folder.ts';
import type { CopiedFile } from '../../contracts/copied-folders.ts';
import type { FileStat } from '../../contracts/files.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { freeTarget, planCopy, targetName } from './copy-plan.ts';
import type { Listing } from './local-folder.ts';

const listing = (sizes: Readonly<Record<string, number>>): Listing => ({
  files: Object.entries(sizes).map(([path, size]) => ({ path, file: fileOfSize(path, size) })),
  skipped: [],
  leftOut: [],
});
const plan = (
  target: string,
  of: Listing,
  there: readonly FileStat[],
  before: readonly CopiedFile[] = [],
  replacesChanged = false,
) => planCopy({ target, listing: of, there, before, replacesChanged });
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

test('a name that another folder has is counted on', () => {
  expect(freeTarget('src', new Set(['other']))).toBe('src');
  expect(freeTarget('src', new Set(['src', 'src-2']))).toBe('src-3');
  const long = 'x'.repeat(255);
  expect(freeTarget(long, new Set([long, 'folder-2']))).toBe('folder-3');
});

test('names that cannot be here and files that are too large are left out, each with its reason', () => {
  const long = 'ä'.repeat(200);
  const planned = plan('p', listing({ a: 1, [long]: 1, big: LIMITS.fileBytes.standard + 1, 'b/c': 2 }), []);
  expect(planned.files.map(({ path }) => path)).toEqual(['a', 'b/c']);
  expect(planned.bytes).toBe(3);
  expect(planned.leftOut).toEqual([
    { path: long, why: 'name' },
    { path: 'big', why: 'too-large' },
  ]);
});

test('the path with the folder itself has to fit, not that in the folder alone', () => {
  const path = Array(5).fill('d'.repeat(203)).join('/');
  expect(plan('p', listing({ [path]: 1 }), []).leftOut).toEqual([]);
  expect(plan('project', listing({ [path]: 1 }), []).leftOut).toEqual([{ path, why: 'name' }]);
});

test('counts what it would replace, which makes room', () => {
  const there = [stat('p/a', LIMITS.sessionBytes.standard - 10), stat('a', 10), stat('q/b', 0)];
  const planned = plan('p', listing({ a: 5, b: 5 }), there);
  expect(planned).toMatchObject({ replaced: { size: 1 }, tooMuch: null });
  const more = plan('q', listing({ a: 5, b: 5 }), there);
  expect(more).toMatchObject({ replaced: { size: 1 }, tooMuch: { what: 'bytes', room: 0 } });
});

test('says that there is no room for so many files and folders, of which the root is one', () => {
  const there = Array.from({ length: LIMITS.fileCount.standard - 4 }, (_, at) => stat(`f${at}`, 0));
  const tooMany = { what: 'count', room: 3 };
  expect(plan('p', listing({ a: 0, b: 0 }), there).tooMuch).toBeNull();
  expect(plan('p', listing({ a: 0, b: 0, c: 0 }), there).tooMuch).toEqual(tooMany);
  expect(plan('p', listing({ 'd/e/a': 0 }), there).tooMuch).toEqual(tooMany);
  // What is there already takes no more room.
  const has = [...there.slice(4), stat('p/d/a', 0), stat('p/d/x', 0)];
  expect(plan('p', listing({ 'd/a': 0, 'd/b': 0, 'd/c': 0, 'd/e': 0 }), has).tooMuch).toBeNull();
  expect(plan('p', listing({ 'd/a': 0, 'd/b': 0, 'd/c': 0, 'e/e': 0 }), has).tooMuch).toEqual(tooMany);
});

test('after a copying only what changed in the folder is copied; what the conversation changed is left to it', () => {
  const before: CopiedFile[] = ['same', 'edited', 'ours', 'both', 'removed', 'gone', '.git/HEAD', 'locked'].map(
    (path) => ({
      path,
      device: { sizeBytes: 1, modifiedAtMs: 5 },
      here: { sizeBytes: 1, modifiedAtMs: 1 },
    }),
  );
  const there = [
    ...['same', 'edited', 'gone', '.git/HEAD', 'locked'].map((path) => stat(`p/${path}`, 1)),
    ...['ours', 'both'].map((path) => stat(`p/${path}`, 9)),
  ];
  const file = (path: string, size: number, lastModified: number) => ({
    path,
    file: new File(['x'.repeat(size)], path, { lastModified }),
  });
  const found: Listing = {
    files: [
      file('same', 1, 5),
      file('edited', 1, 6),
      file('ours', 1, 5),
      file('both', 2, 5),
      file('removed', 1, 5),
      file('new', 1, 5),
    ],
    skipped: ['.git'],
    leftOut: [{ path: 'locked', why: 'unread' }],
  };
  const some = plan('p', found, there, before);
  expect(some.files.map(({ path }) => path)).toEqual(['edited', 'new']);
  expect(some).toMatchObject({
    same: 1,
    changedHere: ['ours', 'both', 'removed'],
    gone: ['gone'],
    replaced: { size: 1 },
  });
  const all = plan('p', found, there, before, true);
  expect(all.files.map(({ path }) => path)).toEqual(['edited', 'ours', 'both', 'removed', 'new']);
  expect(all).toMatchObject({ changedHere: ['ours', 'both', 'removed'], replaced: { size: 3 } });
});
