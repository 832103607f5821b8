import { expect, test, vi } from 'vitest';
import { write } from '../../../tests/support/files-contract.ts';
import { createMemoryOpfs } from '../../../tests/support/memory-opfs.ts';
import { storedName } from '../../contracts/file-paths.ts';
import { OpenTrees } from './open-trees.ts';
import { type OpfsDirectory, writeAll } from './opfs-handles.ts';

type Store = ReturnType<typeof createMemoryOpfs>;

const forever = () => new Promise<void>(() => undefined);
const treesOf = (store: Store, pause = forever) => new OpenTrees({ root: async () => store.root, now: () => 5, pause });
const read = (path: string) => ({ op: 'read', path, position: 0, length: 10_000_000 }) as const;

async function plainFile(directory: OpfsDirectory, name: string, bytes: Uint8Array): Promise<void> {
  const file = await directory.getFileHandle(storedName(name) ?? '', { create: true });
  const access = await file.createSyncAccessHandle();
  writeAll(access, bytes, 0);
  access.close();
}

/** A session as layout version 1 kept it. */
async function formerSession(store: Store, folder: string): Promise<void> {
  const sessions = await store.root.getDirectoryHandle('sessions', { create: true });
  const session = await sessions.getDirectoryHandle(folder, { create: true });
  await plainFile(session, 'a:b?.txt', new TextEncoder().encode('kept'));
  await plainFile(session, 'empty', new Uint8Array(0));
  await plainFile(session, 'large', new Uint8Array(5_000_000).fill(6));
  const inner = await session.getDirectoryHandle(storedName('con') ?? '', { create: true });
  await plainFile(inner, 'é', Uint8Array.of(1, 2));
}

const FORMER_FILES = [
  ['a:b?.txt', 4],
  ['con/é', 2],
  ['empty', 0],
  ['large', 5_000_000],
];

const sizes = async (tree: ReturnType<OpenTrees['of']>) =>
  (await tree.all()).map(({ path, sizeBytes }) => [path, sizeBytes]).sort();

test('a tree of layout version 1 is taken over whole, once, and its folder goes', async () => {
  const store = createMemoryOpfs();
  await formerSession(store, 's');
  const trees = treesOf(store);
  expect(await sizes(trees.of('s'))).toEqual(FORMER_FILES);
  expect(await trees.of('s').perform(read('a:b?.txt'))).toMatchObject({ bytes: new TextEncoder().encode('kept') });
  expect(await trees.of('s').perform(read('large'))).toMatchObject({ bytes: new Uint8Array(5_000_000).fill(6) });
  const sessions = await store.root.getDirectoryHandle('sessions');
  await expect(sessions.getDirectoryHandle('s')).rejects.toMatchObject({ name: 'NotFoundError' });
  await trees.of('s').perform(write('new', 'x'));
  await trees.of('s').sleep();
  expect(await sizes(treesOf(store).of('s'))).toEqual([...FORMER_FILES.slice(0, 4), ['new', 1]]);
});

test('a former folder that cannot be removed keeps nobody from the files, and goes another time', async () => {
  const store = createMemoryOpfs();
  await formerSession(store, 's');
  const sessions = await store.root.getDirectoryHandle('sessions');
  const removeEntry = vi.spyOn(sessions, 'removeEntry');
  removeEntry.mockRejectedValueOnce(new DOMException('locked', 'NoModificationAllowedError'));
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const trees = treesOf(store);
  expect(await sizes(trees.of('s'))).toEqual(FORMER_FILES);
  expect(warned).toHaveBeenCalledTimes(1);
  warned.mockRestore();
  await trees.of('s').perform({ op: 'remove', path: 'large' });
  await trees.of('s').sleep();
  expect(await sizes(treesOf(store).of('s'))).toEqual(FORMER_FILES.slice(0, 3));
  await expect(sessions.getDirectoryHandle('s')).rejects.toMatchObject({ name: 'NotFoundError' });
});

test('whenever the taking over dies, the next one has everything', async () => {
  for (let changes = 0; ; changes += 1) {
    const store = createMemoryOpfs();
    await formerSession(store, 's');
    store.diesAfter(changes, 3);
    const answer = await treesOf(store).of('s').perform({ op: 'stat', path: '' });
    store.revive();
    expect(await sizes(treesOf(store).of('s'))).toEqual(FORMER_FILES);
    if (answer.ok) break;
  }
});

test('a tree of a later layout is left alone', async () => {
  const store = createMemoryOpfs();
  await treesOf(store).of('s').perform(write('a', 'x'));
  store.revive();
  const log = await (await (await store.root.getDirectoryHandle('trees')).getDirectoryHandle('s')).getFileHandle(
    'log-1',
  );
  const access = await log.createSyncAccessHandle();
  access.write(Uint8Array.of(0, 0, 0, 9), { at: 8 });
  const before = access.getSize();
  access.close();
  expect(await treesOf(store).of('s').perform(write('b', 'x'))).toEqual({ ok: false, errno: 'EIO' });
  expect((await log.getFile()).size).toBe(before);
});

test('two sessions have nothing in common', async () => {
  const trees = treesOf(createMemoryOpfs());
  await trees.of('one').perform(write('f', '1'));
  await trees.of('two').perform(write('f', '22'));
  await trees.of('one').perform({ op: 'remove', path: 'f' });
  expect(await sizes(trees.of('two'))).toEqual([['f', 2]]);
  expect(await sizes(trees.of('one'))).toEqual([]);
});

test('few trees lie open, and one that slept has its files', async () => {
  const store = createMemoryOpfs();
  const trees = treesOf(store);
  for (let n = 0; n < 40; n += 1) await trees.of(`s${n}`).perform(write('f', `${n}`));
  // The last to fall asleep does so behind what it has to do; one more turn each waits for that.
  await Promise.all(Array.from({ length: 16 }, (_, n) => trees.of(`s${39 - n}`).perform({ op: 'stat', path: '' })));
  expect(store.openFiles).toBe(16);
  expect(await trees.of('s0').perform(read('f'))).toMatchObject({ bytes: new TextEncoder().encode('0') });
});

test('what was written is on the disk soon after, without anybody asking', async () => {
  const store = createMemoryOpfs();
  const due: (() => void)[] = [];
  const trees = treesOf(store, () => new Promise((resolve) => due.push(resolve)));
  await trees.of('s').perform(write('a', 'x'));
  await trees.of('s').perform(write('b', 'x'));
  expect(due).toHaveLength(1);
  const before = store.flushes();
  due[0]?.();
  await trees.of('other').perform({ op: 'stat', path: '' });
  expect(store.flushes()).toBeGreaterThan(before);
});

test.each([
  ['a private window refuses it', new DOMException('no', 'SecurityError'), 'EIO'],
  ['the browser has none', new TypeError('getDirectory is not a function'), 'EIO'],
  ['its folder is damaged', new DOMException('no', 'UnknownError'), 'EIO'],
  ['the disk is full', new DOMException('no', 'QuotaExceededError'), 'ENOSPC'],
])('a store that is not there is said to be so: %s', async (_title, reason, errno) => {
  const trees = new OpenTrees({ root: () => Promise.reject(reason), now: () => 5, pause: forever });
  expect(await trees.of('s').perform(write('a', 'x'))).toEqual({ ok: false, errno });
  expect(await trees.of('s').perform({ op: 'stat', path: 'a' })).toEqual({ ok: false, errno });
});
