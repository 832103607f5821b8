import { describe, expect, test } from 'vitest';
import { FILES_CASES, write } from '../../tests/support/files-contract.ts';
import { createMemoryOpfs } from '../../tests/support/memory-opfs.ts';
import { LIMITS } from '../contracts/limits.ts';
import { OpenFiles } from './open-files.ts';
import { OpfsTree } from './opfs-tree.ts';

function treeOf(store: ReturnType<typeof createMemoryOpfs>) {
  return new OpfsTree({ directory: async () => store.root, open: new OpenFiles(), now: () => 1 });
}

describe.each([
  ['that moves files', true],
  ['that cannot move files', false],
] as const)('a store %s', (_name, canMove) => {
  test.each(FILES_CASES.map((one) => [one.name, one] as const))('%s', async (_case, one) => {
    await one.run(treeOf(createMemoryOpfs({ canMove })));
  });
});

test('a full disk is ENOSPC, and what was there stays', async () => {
  const store = createMemoryOpfs();
  const tree = treeOf(store);
  await tree.perform(write('a', 'kept'));
  store.quotaBytes = 2;
  expect(await tree.perform(write('b', 'too long'))).toEqual({ ok: false, errno: 'ENOSPC' });
  expect(await tree.perform({ op: 'read', path: 'a', position: 0, length: 9 })).toMatchObject({ ok: true });
});

test('another opening of the same store sees everything that was written', async () => {
  const store = createMemoryOpfs();
  const tree = treeOf(store);
  await tree.perform({ op: 'mkdir', path: 'd' });
  await tree.perform(write('d/a:b', 'x'));
  const files = await treeOf(store).all();
  expect(files).toEqual([{ path: 'd/a:b', kind: 'file', sizeBytes: 1, modifiedAtMs: 1 }]);
});

test('keeps few files open', async () => {
  const store = createMemoryOpfs();
  const tree = treeOf(store);
  for (let n = 0; n < 200; n += 1) await tree.perform(write(`f${n}`, 'x'));
  expect(store.openFiles).toBe(LIMITS.filesOpenAtOnce.standard);
});

test('a tree holds so many files and no more; removing makes room', async () => {
  const tree = treeOf(createMemoryOpfs());
  for (let n = 1; n < LIMITS.fileCount.standard; n += 1) await tree.perform({ op: 'mkdir', path: `d${n}` });
  expect(await tree.perform(write('one more', 'x'))).toEqual({ ok: false, errno: 'ENOSPC' });
  await tree.perform({ op: 'remove', path: 'd1' });
  expect(await tree.perform(write('one more', 'x'))).toEqual({ ok: true });
});

test('all files together hold so much and no more, however it is tried; removing makes room', async () => {
  const store = createMemoryOpfs();
  const tree = new OpfsTree({ directory: async () => store.root, open: new OpenFiles(), now: () => 1, mostBytes: 10 });
  const full = { ok: false, errno: 'ENOSPC' };
  expect(await tree.perform(write('a', '123456'))).toEqual({ ok: true });
  expect(await tree.perform(write('b', '12345'))).toEqual(full);
  expect(await tree.perform(write('a', '78901', 6))).toEqual(full);
  expect(await tree.perform({ op: 'write', path: 'b', position: 0, bytes: null, truncateTo: 5 })).toEqual(full);
  expect(await tree.perform(write('b', '1', 4))).toEqual(full);
  expect(await tree.perform(write('b', '1234'))).toEqual({ ok: true });
  expect(await tree.perform(write('a', 'abcdef'))).toEqual({ ok: true });
  expect(await tree.perform({ op: 'rename', path: 'b', to: 'a' })).toEqual({ ok: true });
  expect(await tree.perform(write('c', '1234567'))).toEqual(full);
  expect(await tree.perform(write('c', '123456'))).toEqual({ ok: true });
  await tree.perform({ op: 'remove', path: 'c' });
  expect(await tree.perform(write('d', '123456'))).toEqual({ ok: true });
});

test('what lies there from before counts', async () => {
  const store = createMemoryOpfs();
  await treeOf(store).perform(write('a', '123456'));
  const bounded = new OpfsTree({
    directory: async () => store.root,
    open: new OpenFiles(),
    now: () => 1,
    mostBytes: 10,
  });
  expect(await bounded.perform(write('b', '12345'))).toEqual({ ok: false, errno: 'ENOSPC' });
  expect(await bounded.perform(write('b', '1234'))).toEqual({ ok: true });
});

test('a store that does not open answers every operation', async () => {
  const tree = new OpfsTree({
    directory: () => Promise.reject(new DOMException('no', 'SecurityError')),
    open: new OpenFiles(),
    now: () => 1,
  });
  expect(await tree.perform({ op: 'stat', path: '' })).toEqual({ ok: false, errno: 'EPERM' });
  expect(await tree.all()).toEqual([]);
});
