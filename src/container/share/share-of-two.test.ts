import { expect, test, vi } from 'vitest';
import { BOTH, GuestClient } from '../../../tests/support/share/guest-client.ts';
import { mounted } from '../../../tests/support/share/mounted.ts';
import { filesInMemory } from '../../../tests/support/workspace/memory-tree.ts';
import type { SessionFiles } from '../../contracts/files.ts';
import { ServedTree } from './index.ts';

const ATTRIBUTES = '.output/linux-attributes.json';

/** Two machines over one tree. */
async function two(files: SessionFiles = filesInMemory()) {
  const one = await mounted({ files });
  return { files, one, other: await mounted({ files, tree: one.tree }) };
}

/** What the next machine finds, once nobody has the tree. */
async function after({ files, one, other }: Awaited<ReturnType<typeof two>>) {
  one.share.dispose();
  other.share.dispose();
  await one.share.idle();
  return (await mounted({ files })).guest;
}

test('what one machine does to content, modes, owners and links, the other sees at once, and the next one has of both', async () => {
  const scene = await two();
  const { one, other } = scene;
  await one.guest.put('run', '#!/bin/sh');
  await one.guest.set('run', { mode: 0o755 });
  await one.guest.mkdir('d');
  await one.guest.symlink('d/l', '../run');
  await other.guest.put('tool', '');
  await other.guest.set('tool', { mode: 0o700, uid: 1000, gid: 1000 });
  await other.guest.rename('d', 'e');
  for (const next of [async () => one.guest, async () => other.guest, () => after(scene)]) {
    const guest = await next();
    expect(await guest.textOf('run')).toBe('#!/bin/sh');
    expect(await guest.stat('run')).toMatchObject({ mode: 0o755 });
    expect(await guest.readlink('e/l')).toBe('../run');
    expect(await guest.stat('tool')).toMatchObject({ mode: 0o700, uid: 1000, gid: 1000 });
  }
});

test('what one takes back or removes is gone for both', async () => {
  const scene = await two();
  const { one, other } = scene;
  await one.guest.put('run', '');
  await one.guest.set('run', { mode: 0o755 });
  await one.guest.symlink('l', 'run');
  await one.share.idle();
  await other.guest.set('run', { mode: 0o644 });
  await other.guest.unlink('l');
  await one.guest.put('l', 'a file');
  for (const guest of [one.guest, other.guest]) {
    expect(await guest.stat('run')).toMatchObject({ mode: 0o644 });
    expect(await guest.textOf('l')).toBe('a file');
  }
  const next = await after(scene);
  expect(await next.names('')).toEqual(['.output/', 'l', 'run']);
  expect(await next.stat('run')).toMatchObject({ mode: 0o644 });
});

test('modes and links go the ways that other programs make their files and folders go', async () => {
  const scene = await two();
  const { one, other, files } = scene;
  for (const name of ['run', 'gone', 'over', 'new']) {
    await one.guest.put(name, name);
    await one.guest.set(name, { mode: 0o755 });
  }
  await other.guest.mkdir('d');
  await other.guest.symlink('d/l', 'x');
  await other.guest.symlink('link', 'x');
  await Promise.all([one.share.idle(), other.share.idle()]);
  await files.perform({ op: 'rename', path: 'd', to: 'e' });
  await files.perform({ op: 'rename', path: 'run', to: 'over' });
  await files.perform({ op: 'remove', path: 'gone' });
  await files.perform({ op: 'remove', path: 'new' });
  await one.put('gone', 'of another');
  await one.put('link', 'a file');
  const next = await after(scene);
  expect(await next.names('')).toEqual(['.output/', 'e/', 'gone', 'link', 'over']);
  expect(await next.readlink('e/l')).toBe('x');
  expect(await next.textOf('over')).toBe('run');
  expect(await next.stat('over')).toMatchObject({ mode: 0o755 });
  expect(await next.stat('gone')).toMatchObject({ mode: 0o644 });
  expect(await next.textOf('link')).toBe('a file');
});

test('what is made where something with a mode of its own was is as anything new', async () => {
  const scene = await two();
  await scene.one.guest.put('run', '');
  await scene.one.guest.set('run', { mode: 0o755 });
  await after(scene);
  const { guest, put, files } = await mounted({ files: scene.files });
  await files.perform({ op: 'remove', path: 'run' });
  await put('run', '');
  expect(await guest.stat('run')).toMatchObject({ mode: 0o644 });
});

test('a file that one removes is still there for the other that has it open, until that one goes', async () => {
  const { one, other } = await two();
  await one.guest.put('f', 'text');
  const fid = await other.guest.open('f', BOTH);
  await one.guest.unlink('f');
  await other.guest.write(fid, 4, ' and more');
  expect(new TextDecoder().decode(await other.guest.read(fid, 0, 100))).toBe('text and more');
  other.share.dispose();
  await expect(other.guest.stat('')).rejects.toThrow('EIO');
  expect(await one.guest.names('')).toEqual([]);
});

test('folders that are only read are so for the machine that has them as such', async () => {
  const files = filesInMemory();
  const one = await mounted({ files });
  const other = await mounted({ files, tree: one.tree, readOnly: ['kept'] });
  await one.guest.mkdir('kept');
  await expect(other.guest.put('kept/f', 'x')).rejects.toThrow('EROFS');
  await one.guest.put('kept/f', 'y');
  expect(await other.guest.textOf('kept/f')).toBe('y');
});

test('a tree goes on for a machine that comes while the last one goes', async () => {
  const files = filesInMemory();
  const first = await mounted({ files });
  await first.guest.symlink('l', 'x');
  first.share.dispose();
  const next = await mounted({ files, tree: first.tree });
  expect(await next.guest.readlink('l')).toBe('x');
  await next.guest.symlink('m', 'x');
  await next.put('heard', '');
  expect(await next.guest.names('')).toContain('heard');
  next.share.dispose();
  await next.share.idle();
  expect(await (await mounted({ files })).guest.names('')).toEqual(['.output/', 'heard', 'l@', 'm@']);
});

test('a tree has what a machine did that came and went while the last one went', async () => {
  const inMemory = filesInMemory();
  const slow = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const files: SessionFiles = {
    ...inMemory,
    perform: async (operation) => {
      if (operation.op === 'write' && operation.path.startsWith(ATTRIBUTES)) {
        asked.resolve();
        await slow.promise;
      }
      return inMemory.perform(operation);
    },
  };
  let ends = 0;
  const tree = new ServedTree({ files, onEnded: () => (ends += 1) });
  const first = await mounted({ files, tree });
  await first.guest.symlink('l', 'x');
  first.share.dispose();
  await asked.promise;
  const second = await mounted({ files, tree });
  await second.guest.symlink('m', 'x');
  await second.guest.put('late', 'late');
  second.share.dispose();
  slow.resolve();
  await expect.poll(() => ends).toBe(1);
  const { guest } = await mounted({ files });
  expect(await guest.names('')).toEqual(['.output/', 'l@', 'late', 'm@']);
});

test('each machine changes the tree by its own way, and is told what of its own was refused', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const files = filesInMemory();
  const done: string[] = [];
  const way =
    (name: string): SessionFiles['perform'] =>
    async (operation) => {
      done.push(`${name} ${operation.op} ${operation.path}`);
      return operation.path === 'refused' ? { ok: false, errno: 'ENOSPC' } : files.perform(operation);
    };
  const tree = new ServedTree({ files });
  const one = await new GuestClient(tree.share({ perform: way('one') })).mount();
  const other = await new GuestClient(tree.share({ perform: way('other') })).mount();
  const fid = await one.create('a');
  const otherFid = await other.create('b');
  await other.mkdir('refused');
  await one.mkdir('c');
  await one.sync(fid);
  await expect(other.sync(otherFid)).rejects.toThrow('ENOSPC');
  expect(done).toEqual(['one write a', 'other write b', 'other mkdir refused', 'one mkdir c']);
});

test('a tree of which a part could not be listed has all modes and links once it can', async () => {
  const files = filesInMemory();
  const first = await mounted({ files });
  for (const folder of ['d', 'd/deep', 'e']) await first.guest.mkdir(folder);
  for (const path of ['d/run', 'd/deep/run', 'e/run']) {
    await first.guest.put(path, '');
    await first.guest.set(path, { mode: 0o755 });
  }
  await first.guest.symlink('d/deep/l', 'x');
  first.share.dispose();
  await first.share.idle();
  let isBroken = true;
  const failing: SessionFiles = {
    ...files,
    perform: async (operation) =>
      isBroken && operation.op === 'list' && operation.path === 'd'
        ? { ok: false, errno: 'EIO' }
        : files.perform(operation),
  };
  const tree = new ServedTree({ files: failing });
  await expect(mounted({ files: failing, tree })).rejects.toThrow('EIO');
  isBroken = false;
  const { guest, share } = await mounted({ files: failing, tree });
  await guest.symlink('m', 'x');
  await share.idle();
  for (const next of [guest, (await mounted({ files })).guest]) {
    for (const path of ['d/run', 'd/deep/run', 'e/run']) expect(await next.stat(path)).toMatchObject({ mode: 0o755 });
    expect(await next.readlink('d/deep/l')).toBe('x');
  }
});

test('a mode goes with a file that moves over one that is open, however long that takes', async () => {
  const inMemory = filesInMemory();
  const slow = Promise.withResolvers<void>();
  const files: SessionFiles = {
    ...inMemory,
    perform: async (operation) => {
      if (operation.op === 'read' && operation.path === 'bin') await slow.promise;
      return inMemory.perform(operation);
    },
  };
  const first = await mounted({ files: inMemory });
  await first.guest.put('bin', 'old');
  await first.share.idle();
  first.share.dispose();
  const { guest, share, textIn } = await mounted({ files });
  await guest.open('bin');
  await guest.put('new', 'new');
  await guest.set('new', { mode: 0o755 });
  const moved = guest.rename('new', 'bin');
  await expect
    .poll(() => textIn(ATTRIBUTES), { timeout: 10_000 })
    .toBe('{"version":1,"entries":[["new",493,0,0,null]]}');
  slow.resolve();
  await moved;
  await share.idle();
  expect(await textIn(ATTRIBUTES)).toBe('{"version":1,"entries":[["bin",493,0,0,null]]}');
});

test('attributes that a program took away or wrote over are stored anew', async () => {
  const { files, one } = await two();
  await one.guest.symlink('l', 'x');
  await one.share.idle();
  for (const spoil of [
    () => files.perform({ op: 'remove', path: ATTRIBUTES }),
    () => one.put(ATTRIBUTES, 'no json'),
    () => files.perform({ op: 'rename', path: ATTRIBUTES, to: 'elsewhere' }),
    () => files.perform({ op: 'rename', path: '.output', to: 'elsewhere2' }),
    () => one.guest.unlink(ATTRIBUTES),
  ]) {
    const written = one.asked.length;
    await spoil();
    await one.share.idle();
    expect(await one.textIn(ATTRIBUTES)).toContain('"l"');
    expect(one.asked.slice(written).filter(({ op }) => op === 'rename')).toHaveLength(1);
  }
});

test('attributes are on the disk once a sync is answered', async () => {
  const { one } = await two();
  await one.guest.put('run', '');
  const fid = await one.guest.open('run');
  await one.guest.setFid(fid, { mode: 0o755 });
  await one.guest.sync(fid);
  expect(await one.textIn(ATTRIBUTES)).toBe('{"version":1,"entries":[["run",493,0,0,null]]}');
});

test('attributes that the disk did not take are told to who makes sure, leave those before, and are stored once it does', async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const files = filesInMemory();
  let isFull = false;
  const scene = await two({
    ...files,
    perform: async (operation) =>
      isFull && operation.op === 'write' && operation.path.startsWith(ATTRIBUTES)
        ? { ok: false, errno: 'ENOSPC' }
        : files.perform(operation),
  });
  const { guest, share, textIn } = scene.one;
  await guest.symlink('before', 'x');
  await share.idle();
  const before = await textIn(ATTRIBUTES);
  isFull = true;
  await guest.symlink('l', 'x');
  const fid = await guest.create('f');
  await expect(guest.sync(fid)).rejects.toThrow('ENOSPC');
  await share.idle();
  expect(warned).toHaveBeenCalledTimes(1);
  expect(await textIn(ATTRIBUTES)).toBe(before);
  isFull = false;
  await guest.sync(fid);
  expect(await (await after(scene)).readlink('l')).toBe('x');
});

test('attributes that cannot be read now are not taken for none, and those that are lost are', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const files = filesInMemory();
  const first = await mounted({ files });
  await first.guest.symlink('l', 'x');
  await first.share.idle();
  const broken = new Set<string>();
  const failing: SessionFiles = {
    ...files,
    perform: async (operation) =>
      operation.path === ATTRIBUTES && broken.has(operation.op)
        ? { ok: false, errno: 'EIO' }
        : files.perform(operation),
  };
  first.share.dispose();
  broken.add('read').add('stat');
  await expect(mounted({ files: failing })).rejects.toThrow('EIO');
  expect(await first.textIn(ATTRIBUTES)).toContain('"l"');
  broken.delete('stat');
  const next = await mounted({ files: failing });
  await next.guest.symlink('m', 'x');
  await next.share.idle();
  expect(await first.textIn(ATTRIBUTES)).toBe('{"version":1,"entries":[["m",511,0,0,"x"]]}');
});
