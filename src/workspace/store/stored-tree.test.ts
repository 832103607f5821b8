import { describe, expect, test, vi } from 'vitest';
import { FILES_CASES, write } from '../../../tests/support/files-contract.ts';
import { createMemoryOpfs } from '../../../tests/support/memory-opfs.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { OpenFiles } from './open-files.ts';
import { StoredTree } from './stored-tree.ts';

type Store = ReturnType<typeof createMemoryOpfs>;

const noPause = async () => undefined;
const full = { ok: false, errno: 'ENOSPC' };

function treeOf(store: Store, mostBytes?: number): StoredTree {
  return new StoredTree({
    directory: async () => store.root,
    open: new OpenFiles(noPause),
    now: () => 1,
    ...(mostBytes === undefined ? {} : { mostBytes }),
  });
}

const read = (path: string, position = 0, length = 1_000_000) => ({ op: 'read', path, position, length }) as const;

describe('the contract of files', () => {
  test.each(FILES_CASES.map((one) => [one.name, one] as const))('%s', async (_case, one) => {
    await one.run(treeOf(createMemoryOpfs()));
  });
});

test('a full disk is ENOSPC, and what was there stays', async () => {
  const store = createMemoryOpfs();
  const tree = treeOf(store);
  await tree.perform(write('a', 'kept'));
  store.quotaBytes = 2;
  expect(await tree.perform(write('b', 'too long'))).toEqual(full);
  expect(await tree.perform(write('a', new Uint8Array(100_000)))).toEqual(full);
  store.quotaBytes = Infinity;
  expect(await tree.perform(read('a'))).toMatchObject({ ok: true, bytes: new TextEncoder().encode('kept') });
  expect(await tree.perform(write('b', 'fits'))).toEqual({ ok: true });
  await tree.sleep();
  expect((await treeOf(store).all()).map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([
    ['a', 4],
    ['b', 4],
  ]);
});

test('another opening of the same store sees everything that was written', async () => {
  const store = createMemoryOpfs();
  const tree = treeOf(store);
  await tree.perform({ op: 'mkdir', path: 'd' });
  await tree.perform(write('d/a:b', 'x'));
  await tree.perform(write('\ud800 half', 'x'));
  await tree.perform(write('large', new Uint8Array(70_000).fill(3)));
  await tree.perform({ op: 'rename', path: 'large', to: 'd/large' });
  await tree.sleep();
  const again = treeOf(store);
  expect(await again.all()).toEqual([
    { path: 'd/a:b', kind: 'file', sizeBytes: 1, modifiedAtMs: 1 },
    { path: 'd/large', kind: 'file', sizeBytes: 70_000, modifiedAtMs: 1 },
    { path: '\ud800 half', kind: 'file', sizeBytes: 1, modifiedAtMs: 1 },
  ]);
  expect(await again.perform(read('d/large', 69_999))).toMatchObject({ bytes: Uint8Array.of(3) });
});

test('keeps few large files open', async () => {
  const store = createMemoryOpfs();
  const tree = treeOf(store);
  for (let n = 0; n < 100; n += 1) await tree.perform(write(`f${n}`, new Uint8Array(66_000)));
  expect(store.openFiles).toBe(LIMITS.filesOpenAtOnce.standard + 1);
  await tree.sleep();
  expect(store.openFiles).toBe(0);
});

test('a tree holds so many files and no more; removing makes room', async () => {
  const tree = treeOf(createMemoryOpfs());
  for (let n = 1; n < LIMITS.fileCount.standard; n += 1) await tree.perform({ op: 'mkdir', path: `d${n}` });
  expect(await tree.perform(write('one more', 'x'))).toEqual(full);
  expect(await tree.perform({ op: 'mkdir', path: 'one more' })).toEqual(full);
  await tree.perform({ op: 'remove', path: 'd1' });
  expect(await tree.perform(write('one more', 'x'))).toEqual({ ok: true });
});

test('all files together hold so much and no more, however it is tried; removing makes room', async () => {
  const tree = treeOf(createMemoryOpfs(), 10);
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
  const tree = treeOf(store);
  await tree.perform(write('a', '123456'));
  await tree.sleep();
  const bounded = treeOf(store, 10);
  expect(await bounded.perform(write('b', '12345'))).toEqual(full);
  expect(await bounded.perform(write('b', '1234'))).toEqual({ ok: true });
});

test('a store that does not open is EIO for every operation, and no empty list', async () => {
  for (const error of [new DOMException('no', 'SecurityError'), new TypeError('getDirectory is not a function')]) {
    const tree = new StoredTree({
      directory: () => Promise.reject(error),
      open: new OpenFiles(noPause),
      now: () => 1,
    });
    expect(await tree.perform({ op: 'stat', path: '' })).toEqual({ ok: false, errno: 'EIO' });
    await expect(tree.all()).rejects.toThrow('EIO');
    expect(await tree.flush()).toEqual({ ok: true });
  }
});

test('a file goes from small to large and back, and keeps its bytes', async () => {
  const store = createMemoryOpfs();
  const tree = treeOf(store);
  const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251);
  await tree.perform(write('f', bytes.subarray(0, 60_000)));
  await tree.perform(write('f', bytes.subarray(60_000), 60_000));
  expect(await tree.perform(read('f'))).toMatchObject({ bytes });
  await tree.perform({ op: 'write', path: 'f', position: 0, bytes: null, truncateTo: 100 });
  expect(await tree.perform(read('f'))).toMatchObject({ bytes: bytes.slice(0, 100) });
  await tree.flush();
  expect(store.names()).toEqual(['log-1']);
});

test('a large file of which the disk lost the end says so, and is read with zeros there', async () => {
  const store = createMemoryOpfs();
  const tree = treeOf(store);
  await tree.perform(write('f', new Uint8Array(70_000).fill(7)));
  await tree.sleep();
  const access = await (await store.root.getFileHandle('blob-1')).createSyncAccessHandle();
  access.truncate(69_990);
  access.close();
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const expected = new Uint8Array(70_000).fill(7);
  expected.fill(0, 69_990);
  expect(await treeOf(store).perform(read('f'))).toMatchObject({ bytes: expected });
  expect(said).toHaveBeenCalledWith(expect.stringContaining('10 bytes'));
  said.mockRestore();
});

test('a full disk does not refuse a small write that it has taken already', async () => {
  const store = createMemoryOpfs();
  const tree = treeOf(store);
  for (let at = 0; at < 64; at += 1) await tree.perform(write('f', 'x'.repeat(100), at * 100));
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  // Room for the piece, not for the file as a whole.
  store.quotaBytes = 1_000;
  expect(await tree.perform(write('f', 'y'.repeat(100), 6_400))).toEqual({ ok: true });
  expect(warned).toHaveBeenCalled();
  warned.mockRestore();
  store.quotaBytes = Infinity;
  const whole = new TextEncoder().encode('x'.repeat(6_400) + 'y'.repeat(100));
  expect(await tree.perform(read('f'))).toMatchObject({ bytes: whole });
  await tree.sleep();
  expect(await treeOf(store).perform(read('f'))).toMatchObject({ bytes: whole });
});

test('a small file that is written in very many pieces stays whole', async () => {
  const store = createMemoryOpfs();
  const tree = treeOf(store);
  for (let n = 0; n < 1_000; n += 1) await tree.perform(write('log', `${n % 10}`, n));
  await tree.sleep();
  expect(await treeOf(store).perform(read('log'))).toMatchObject({
    bytes: new TextEncoder().encode('0123456789'.repeat(100)),
  });
});

test('a log of writes over writes does not grow for ever, and is made anew without loss', async () => {
  const store = createMemoryOpfs();
  const tree = treeOf(store);
  await tree.perform({ op: 'mkdir', path: 'd' });
  await tree.perform(write('d/kept', 'kept'));
  await tree.perform(write('large', new Uint8Array(100_000).fill(9)));
  for (let n = 0; n < 400; n += 1) await tree.perform(write('f', new Uint8Array(60_000).fill(n), 0, 0));
  expect(store.totalBytes()).toBeLessThan(10_000_000);
  await tree.sleep();
  expect(store.names().filter((name) => name.startsWith('log-'))).toHaveLength(1);
  const again = treeOf(store);
  expect(await again.perform(read('f', 59_999))).toMatchObject({ bytes: Uint8Array.of(399 % 256) });
  expect(await again.perform(read('d/kept'))).toMatchObject({ bytes: new TextEncoder().encode('kept') });
  expect(await again.perform(read('large', 99_999))).toMatchObject({ bytes: Uint8Array.of(9) });
});

test('whenever the making of a new log dies, the tree is what it was', async () => {
  for (let changes = 0; ; changes += 1) {
    const store = createMemoryOpfs();
    const tree = treeOf(store);
    await tree.perform({ op: 'mkdir', path: 'd' });
    await tree.perform(write('d/kept', 'kept'));
    for (let n = 0; n < 69; n += 1) await tree.perform(write('f', new Uint8Array(60_000).fill(n), 0, 0));
    store.diesAfter(changes, 5);
    // This one is the last before the log is looked at.
    const answer = await tree.perform(write('f', new Uint8Array(60_000).fill(200), 0, 0));
    await tree.perform(write('f', new Uint8Array(60_000).fill(201), 0, 0));
    const after = await tree.perform({ op: 'mkdir', path: 'after' });
    store.revive();
    const again = treeOf(store);
    expect(await again.perform(read('d/kept'))).toMatchObject({ bytes: new TextEncoder().encode('kept') });
    const found = await again.perform(read('f', 0, 1));
    const value = found.ok ? found.bytes?.[0] : null;
    expect(answer.ok ? [200, 201] : [68]).toContain(value);
    expect((await again.perform({ op: 'stat', path: 'after' })).ok).toBe(after.ok);
    await again.flush();
    expect(store.names().filter((name) => name.startsWith('log-'))).toHaveLength(1);
    if (!after.ok) continue;
    expect(store.names()).toContain('log-2');
    expect(changes).toBeGreaterThan(5);
    break;
  }
});
