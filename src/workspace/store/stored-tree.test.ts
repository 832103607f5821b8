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

test('a large file of which the disk lost the end is named, and is read with zeros there', async () => {
  const store = createMemoryOpfs();
  const tree = treeOf(store);
  await tree.perform(write('f', new Uint8Array(70_000).fill(7)));
  await tree.sleep();
  const access = await (await store.root.getFileHandle('blob-1')).createSyncAccessHandle();
  access.truncate(69_990);
  access.close();
  const expected = new Uint8Array(70_000).fill(7);
  expected.fill(0, 69_990);
  const found = treeOf(store);
  expect(await found.perform(read('f'))).toMatchObject({ bytes: expected });
  expect(await damagedOf(found)).toEqual([['f', 70_000]]);
});

/** Changes a byte of the log, so many bytes behind the place where a text stands in it. */
async function damage(store: Store, text: string, behind = 0): Promise<void> {
  const access = await (await store.root.getFileHandle('log-1')).createSyncAccessHandle();
  const log = new Uint8Array(access.getSize());
  access.read(log, { at: 0 });
  const at = Buffer.from(log).indexOf(text) + behind;
  access.write(Uint8Array.of((log[at] ?? 0) ^ 1), { at });
  access.close();
}

const damagedOf = async (tree: StoredTree) => {
  const answer = await tree.damaged();
  return answer.ok ? answer.entries?.map(({ path, sizeBytes }) => [path, sizeBytes]) : answer.errno;
};

const FIVE = ['a', 'b', 'c', 'd', 'e'];

async function fiveFiles(): Promise<Store> {
  const store = createMemoryOpfs();
  const tree = treeOf(store);
  for (const name of FIVE) await tree.perform(write(name, `bytes of ${name}`));
  await tree.sleep();
  return store;
}

test('a file of which a change was lost is named by every opening until it is written anew', async () => {
  const store = await fiveFiles();
  await damage(store, 'bytes of c');
  const first = treeOf(store);
  expect(await damagedOf(first)).toEqual([['c', 0]]);
  expect((await first.all()).map(({ path }) => path)).toEqual(['a', 'b', 'd', 'e']);
  await first.perform(write('c', 'more', 4));
  await first.sleep();
  const second = treeOf(store);
  expect(await damagedOf(second)).toEqual([['c', 8]]);
  await second.perform(write('c', 'beginning', 0));
  expect(await damagedOf(second)).toEqual([['c', 9]]);
  await second.perform(write('c', 'new', 0, 0));
  expect(await damagedOf(second)).toEqual([]);
  await second.sleep();
  expect(await damagedOf(treeOf(store))).toEqual([]);
});

test('a file of which everything was lost is whole once it is written from its beginning', async () => {
  const store = await fiveFiles();
  await damage(store, 'bytes of c');
  const first = treeOf(store);
  await first.perform(write('c', 'new'));
  expect(await damagedOf(first)).toEqual([]);
  await first.sleep();
  expect(await damagedOf(treeOf(store))).toEqual([]);
});

test('a log of which the end cannot be read names what was in it, keeps its bytes, and the names over openings', async () => {
  const store = await fiveFiles();
  // Two records in a row: nothing tells where the next one begins.
  await damage(store, 'bytes of c');
  await damage(store, 'bytes of d');
  const first = treeOf(store);
  expect(await damagedOf(first)).toEqual([
    ['c', 0],
    ['d', 0],
    ['e', 0],
  ]);
  const kept = store.names().find((name) => name.startsWith('damaged-1-')) ?? '';
  const file = await (await store.root.getFileHandle(kept)).getFile();
  expect(Buffer.from(await file.slice(0, file.size).arrayBuffer()).toString()).toContain('bytes of e');
  await first.sleep();
  const second = treeOf(store);
  await second.perform(write('d', 'new', 0, 0));
  await second.perform({ op: 'rename', path: 'a', to: 'e' });
  expect(await damagedOf(second)).toEqual([['c', 0]]);
  await second.sleep();
  expect(await damagedOf(treeOf(store))).toEqual([['c', 0]]);
});

test('a damaged name goes with its file, and with its folder', async () => {
  const store = createMemoryOpfs();
  const tree = treeOf(store);
  await tree.perform({ op: 'mkdir', path: 'in' });
  await tree.perform(write('in/x', 'bytes of x'));
  await tree.perform(write('in/x', 'later', 10));
  await tree.perform(write('y', 'bytes of y'));
  await tree.sleep();
  await damage(store, 'later');
  const found = treeOf(store);
  await found.perform({ op: 'rename', path: 'in', to: 'out' });
  expect(await damagedOf(found)).toEqual([['out/x', 10]]);
  await found.perform({ op: 'remove', path: 'out/x' });
  expect(await damagedOf(found)).toEqual([]);
});

test('a death in the middle of a write is no damage', async () => {
  const store = await fiveFiles();
  const tree = treeOf(store);
  await tree.all();
  store.diesAfter(0, 20);
  await tree.perform(write('f', 'never answered'));
  store.revive();
  const found = treeOf(store);
  expect(await damagedOf(found)).toEqual([]);
  expect((await found.all()).map(({ path }) => path)).toEqual(FIVE);
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
