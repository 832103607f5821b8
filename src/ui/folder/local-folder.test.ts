import { expect, test } from 'vitest';
import { localFolder, type LocalTree } from '../../../tests/support/local-folder.ts';
import { createMemoryOpfs } from '../../../tests/support/memory-opfs.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { type LocalDirectory, listFolder } from './local-folder.ts';

const { signal } = new AbortController();
const list = async (folder: LocalDirectory, takesAll = false) => {
  const listed = await listFolder(folder, { takesAll, onFound: () => undefined, signal });
  if (!listed.ok || listed.value === null) throw new Error('not listed');
  return listed.value;
};
const paths = (files: readonly { readonly path: string }[]) => files.map(({ path }) => path);

test('finds what lies in a directory handle, with sizes, below folders of any depth', async () => {
  const { root } = createMemoryOpfs();
  const inner = await (await root.getDirectoryHandle('a', { create: true })).getDirectoryHandle('b', { create: true });
  const access = await (await inner.getFileHandle('c.txt', { create: true })).createSyncAccessHandle();
  access.write(new Uint8Array(7), { at: 0 });
  access.close();
  await root.getFileHandle('empty', { create: true });
  const { files } = await list(root as unknown as LocalDirectory);
  expect(files.map(({ path, file }) => [path, file.size])).toEqual([
    ['empty', 0],
    ['a/b/c.txt', 7],
  ]);
});

test('folders that programs made are passed over and named, wherever they are; a file of such a name is none', async () => {
  const tree = { '.git': { HEAD: 'x' }, in: { node_modules: { 'x.js': '1' }, '.git': 'gitdir: elsewhere' }, b: 'b' };
  const some = await list(localFolder('p', tree));
  expect(paths(some.files)).toEqual(['b', 'in/.git']);
  expect(some.skipped).toEqual(['.git', 'in/node_modules']);
  const all = await list(localFolder('p', tree), true);
  expect(paths(all.files)).toEqual(['b', '.git/HEAD', 'in/.git', 'in/node_modules/x.js']);
  expect(all.skipped).toEqual([]);
});

test('what cannot be read is named, and the rest is found', async () => {
  const locked: LocalDirectory = {
    kind: 'directory',
    name: 'locked',
    async *values() {
      throw new DOMException('gone', 'NotFoundError');
    },
  };
  const folder = localFolder('p', { no: null, yes: 'x' });
  const both: LocalDirectory = {
    ...folder,
    async *values() {
      yield* folder.values();
      yield locked;
    },
  };
  const { files, leftOut } = await list(both);
  expect(paths(files)).toEqual(['yes']);
  expect(leftOut).toEqual([
    { path: 'no', why: 'unread' },
    { path: 'locked', why: 'unread' },
  ]);
  expect((await list(locked)).leftOut).toEqual([{ path: '', why: 'unread' }]);
});

test('a folder too deep for any name is named and not gone into', async () => {
  const name = 'd'.repeat(250);
  const deep = localFolder('p', { [name]: { [name]: { [name]: { [name]: { [name]: { 'x.txt': 'x' } } } } }, y: 'y' });
  const { files, leftOut } = await list(deep);
  expect(paths(files)).toEqual(['y']);
  expect(leftOut).toEqual([{ path: Array(5).fill(name).join('/'), why: 'name' }]);
});

test('more files than a conversation takes are not all looked for', async () => {
  let asked = 0;
  const endless: LocalDirectory = {
    kind: 'directory',
    name: 'endless',
    async *values() {
      for (;;) yield { kind: 'file', name: `f${(asked += 1)}`, getFile: async () => new File([], 'f') };
    },
  };
  const answer = await listFolder(endless, { takesAll: false, onFound: () => undefined, signal });
  expect(answer).toMatchObject({ ok: false, error: { code: 'files/no-space' } });
  expect(asked).toBe(LIMITS.fileCount.standard + 1);
});

test('is ended between two entries', async () => {
  const ending = new AbortController();
  const tree: LocalTree = { a: { b: 'b' }, c: { d: 'd' } };
  const found: number[] = [];
  const answer = await listFolder(localFolder('p', tree), {
    takesAll: false,
    onFound(count) {
      found.push(count);
      if (count === 1) ending.abort();
    },
    signal: ending.signal,
  });
  expect(answer).toEqual({ ok: true, value: null });
  expect(found).toEqual([0, 1]);
});
