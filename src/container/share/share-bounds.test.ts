import { expect, test, vi } from 'vitest';
import { BOTH, GuestClient } from '../../../tests/support/share/guest-client.ts';
import { mounted } from '../../../tests/support/share/mounted.ts';
import { filesInMemory } from '../../../tests/support/workspace/memory-tree.ts';
import { contentOf } from '../../../tests/support/workspace/tree-content.ts';
import { ServedTree } from './index.ts';

test('more than the session may have is refused before anything of it is written', async () => {
  const { guest, share, files } = await mounted({ mostBytes: 1_000 });
  const fid = await guest.create('f');
  await guest.write(fid, 0, 'x'.repeat(900));
  await expect(guest.write(fid, 900, 'x'.repeat(101))).rejects.toThrow('ENOSPC');
  await expect(guest.setFid(fid, { size: 1_001 })).rejects.toThrow('ENOSPC');
  await guest.write(fid, 900, 'x'.repeat(100));
  await guest.write(fid, 0, 'y');
  await expect(guest.setFid(fid, { size: 600_000_000 })).rejects.toThrow('EFBIG');
  await share.idle();
  expect((await files.all()).map(({ sizeBytes }) => sizeBytes)).toEqual([1_000]);
});

test('room that others took is known before it is promised', async () => {
  const { guest, put } = await mounted({ mostBytes: 1_000 });
  const fid = await guest.create('f');
  await put('other', 'x'.repeat(800));
  await expect(guest.write(fid, 0, 'x'.repeat(600))).rejects.toThrow('ENOSPC');
  await guest.write(fid, 0, 'x'.repeat(200));
});

test('a guest has no more numbers than the bound', async () => {
  const { guest } = await mounted();
  for (let fid = 10; fid < 8_192 + 9; fid += 1) await guest.walkTo(guest.root, fid, []);
  await expect(guest.walkTo(guest.root, 20_000, [])).rejects.toThrow('ENFILE');
  await guest.clunk(10);
  await guest.walkTo(guest.root, 20_000, []);
});

test('removed files that are open take no more memory than the bound', async () => {
  const { guest } = await mounted();
  const fid = await guest.create('f');
  await guest.unlink('f');
  await expect(guest.setFid(fid, { size: 65 * 1024 * 1024 })).rejects.toThrow('ENOSPC');
  await expect(guest.write(fid, 64 * 1024 * 1024, 'x')).rejects.toThrow('ENOSPC');
});

test('what the disk did not take is told to who makes sure of it, and is not there', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const files = filesInMemory();
  let isFull = false;
  const { guest, share } = await mounted({
    files: {
      ...files,
      perform: async (operation) =>
        isFull && operation.op === 'write' ? { ok: false, errno: 'ENOSPC' } : files.perform(operation),
    },
  });
  await guest.put('f', 'before');
  await share.idle();
  isFull = true;
  const fid = await guest.open('f', BOTH);
  await guest.write(fid, 0, 'after!');
  await expect(guest.sync(fid)).rejects.toThrow('ENOSPC');
  isFull = false;
  await guest.sync(fid);
  expect(await guest.textOf('f')).toBe('before');
});

test('a tree that does not open is an error of the disk, and tried again', async () => {
  const files = filesInMemory();
  let isBroken = true;
  const share = new ServedTree({
    files: {
      ...files,
      perform: async (operation) => (isBroken ? { ok: false, errno: 'EIO' } : files.perform(operation)),
    },
  }).share();
  const guest = new GuestClient(share);
  await expect(guest.mount()).rejects.toThrow('EIO');
  isBroken = false;
  await guest.mount();
  expect(await guest.names('')).toEqual([]);
});

test('requests above the bound are refused, the others answered in order', async () => {
  const { guest } = await mounted();
  const answers = await Promise.allSettled(Array.from({ length: 300 }, () => guest.statOf(guest.root)));
  const refused = answers.filter(({ status }) => status === 'rejected');
  expect(refused).toHaveLength(44);
  expect(answers.slice(0, 256).every(({ status }) => status === 'fulfilled')).toBe(true);
});

test('modes, owners and links are there for the next machine', async () => {
  const { guest, share, files } = await mounted();
  await guest.put('run', '#!/bin/sh');
  await guest.set('run', { mode: 0o755 });
  await guest.mkdir('d');
  await guest.set('d', { uid: 1000, gid: 1000 });
  await guest.symlink('d/l', '../run');
  await guest.put('plain', '');
  await share.idle();
  share.dispose();
  const next = await mounted({ files });
  expect(await next.guest.stat('run')).toMatchObject({ mode: 0o755, uid: 0 });
  expect(await next.guest.stat('d')).toMatchObject({ uid: 1000, gid: 1000, mode: 0o755 });
  expect(await next.guest.readlink('d/l')).toBe('../run');
  expect(await next.guest.stat('plain')).toMatchObject({ mode: 0o644 });
  await next.guest.unlink('d/l');
  await next.guest.rmdir('d');
  await next.guest.unlink('run');
  await next.share.idle();
  expect(await next.textIn('.output/linux-attributes.json')).toBe('ENOENT');
});

test('attributes that some program wrote are used only as far as they are attributes', async () => {
  const files = filesInMemory();
  const { put } = await mounted({ files });
  await files.perform({ op: 'mkdir', path: '.output' });
  for (const text of [
    'no json',
    '{"version":2,"entries":[]}',
    '{"version":1,"entries":[["../x",493,0,0,"/etc"]]}',
    '{"version":1,"entries":[["x",99999,0,0,null]]}',
    '{"version":1,"entries":[["x",511,0,0,"a\\u0000b"]]}',
  ]) {
    await put('.output/linux-attributes.json', text);
    const { guest } = await mounted({ files });
    expect(await guest.names(''), text).toEqual(['.output/']);
  }
  await put('.output/linux-attributes.json', '{"version":1,"entries":[["none/l",511,0,0,"x"],["l",511,0,0,"x"]]}');
  const { guest } = await mounted({ files });
  expect(await guest.names('')).toEqual(['.output/', 'l@']);
});

test('a share that was ended hears of nothing', async () => {
  const listening = new Set<unknown>();
  const files = filesInMemory();
  const share = new ServedTree({
    files: {
      ...files,
      onChange: (listener, { signal }) => {
        listening.add(listener);
        signal.addEventListener('abort', () => listening.delete(listener));
      },
    },
  }).share();
  await new GuestClient(share).mount();
  expect(listening.size).toBe(1);
  share.dispose();
  await expect.poll(() => listening.size).toBe(0);
});

test('a sync is answered once what came before it is in the tree and on the disk, and fails where the disk does not take it', async () => {
  const inMemory = filesInMemory();
  const disk = { takes: true };
  const flushed: unknown[] = [];
  const { guest } = await mounted({
    files: {
      ...inMemory,
      flush: async () => {
        flushed.push(await contentOf(inMemory));
        return disk.takes;
      },
    },
  });
  const fid = await guest.create('f');
  await guest.write(fid, 0, 'kept');
  expect(flushed).toEqual([]);
  await guest.sync(fid);
  expect(flushed).toEqual([await contentOf(inMemory)]);
  expect(await guest.textOf('f')).toBe('kept');
  disk.takes = false;
  await expect(guest.sync(fid)).rejects.toThrow('EIO');
});
