import { expect, test, vi } from 'vitest';
import { mounted } from '../../../tests/support/share/mounted.ts';
import { filesInMemory } from '../../../tests/support/workspace/memory-tree.ts';

const ATTRIBUTES = '.output/linux-attributes.json';

/** Two machines over one tree. */
async function two() {
  const files = filesInMemory();
  return { files, one: await mounted({ files }), other: await mounted({ files }) };
}

test('what one machine does to modes, owners and links, the other sees, and the next one has of both', async () => {
  const { files, one, other } = await two();
  await one.guest.put('run', '#!/bin/sh');
  await one.guest.set('run', { mode: 0o755 });
  await one.guest.mkdir('d');
  await one.guest.symlink('d/l', '../run');
  await other.guest.put('tool', '');
  await other.guest.set('tool', { mode: 0o700, uid: 1000, gid: 1000 });
  await Promise.all([one.share.idle(), other.share.idle()]);
  for (const { guest } of [one, other, await mounted({ files })]) {
    expect(await guest.stat('run')).toMatchObject({ mode: 0o755 });
    expect(await guest.readlink('d/l')).toBe('../run');
    expect(await guest.stat('tool')).toMatchObject({ mode: 0o700, uid: 1000, gid: 1000 });
  }
});

test('what one takes back is gone in the other, and what both changed stays as each of them has it', async () => {
  const { one, other } = await two();
  await one.guest.put('run', '');
  await one.guest.set('run', { mode: 0o755 });
  await one.guest.put('both', '');
  await one.guest.symlink('l', 'run');
  await one.guest.symlink('moved', 'run');
  await one.share.idle();
  await other.guest.set('run', { mode: 0o644 });
  await other.guest.unlink('l');
  await other.guest.rename('moved', 'there');
  await other.guest.set('both', { mode: 0o600 });
  await one.guest.set('both', { mode: 0o640 });
  await other.share.idle();
  expect(await one.guest.stat('run')).toMatchObject({ mode: 0o644 });
  expect(await one.guest.names('')).toEqual(['.output/', 'both', 'run', 'there@']);
  expect(await one.guest.stat('both')).toMatchObject({ mode: 0o640 });
  expect(await other.guest.stat('both')).toMatchObject({ mode: 0o600 });
});

test('a file that was made in the place of a link stays', async () => {
  const { one, other, files } = await two();
  await one.guest.symlink('l', 'x');
  await one.share.idle();
  await other.put('l', 'a file');
  await other.guest.put('run', '');
  await other.guest.set('run', { mode: 0o755 });
  await Promise.all([one.share.idle(), other.share.idle()]);
  for (const { guest } of [one, other, await mounted({ files })]) expect(await guest.textOf('l')).toBe('a file');
});

test('a link in a folder that is new comes with its folder', async () => {
  const { files, one, other } = await two();
  await one.guest.mkdir('d');
  await one.guest.symlink('d/l', 'x');
  const fid = await one.guest.create('f');
  await one.guest.sync(fid);
  expect(await other.guest.readlink('d/l')).toBe('x');
  await other.guest.put('run', '');
  await other.guest.set('run', { mode: 0o755 });
  await other.share.idle();
  expect(await (await mounted({ files })).guest.readlink('d/l')).toBe('x');
});

test('attributes that a program took away or wrote over are stored anew, and nobody loses them', async () => {
  const { files, one, other } = await two();
  await one.guest.symlink('l', 'x');
  await one.share.idle();
  for (const spoil of [
    () => files.perform({ op: 'remove', path: ATTRIBUTES }),
    () => other.put(ATTRIBUTES, 'no json'),
  ]) {
    expect(await other.guest.readlink('l')).toBe('x');
    await spoil();
    expect(await one.guest.readlink('l')).toBe('x');
    expect(await other.guest.readlink('l')).toBe('x');
    await Promise.all([one.share.idle(), other.share.idle()]);
    expect(await (await mounted({ files })).guest.readlink('l')).toBe('x');
  }
});

test('attributes are on the disk once a sync is answered', async () => {
  const { files, one } = await two();
  await one.guest.put('run', '');
  const fid = await one.guest.open('run');
  await one.guest.setFid(fid, { mode: 0o755 });
  await one.guest.sync(fid);
  expect(await one.textIn(ATTRIBUTES)).toBe('{"version":1,"entries":[["run",493,0,0,null]]}');
  expect(await (await mounted({ files })).guest.stat('run')).toMatchObject({ mode: 0o755 });
});

test('attributes that the disk did not take are told to who makes sure, and are stored once it does', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const files = filesInMemory();
  let isFull = true;
  const full: typeof files = {
    ...files,
    perform: async (operation) =>
      isFull && operation.op === 'write' && operation.path === ATTRIBUTES
        ? { ok: false, errno: 'ENOSPC' }
        : files.perform(operation),
  };
  const { guest, share } = await mounted({ files: full });
  await guest.symlink('l', 'x');
  const fid = await guest.create('f');
  await expect(guest.sync(fid)).rejects.toThrow('ENOSPC');
  await share.idle();
  expect(await guest.readlink('l')).toBe('x');
  isFull = false;
  await share.idle();
  expect(await (await mounted({ files })).guest.readlink('l')).toBe('x');
});

test('attributes that cannot be read are not taken for none', async () => {
  const files = filesInMemory();
  const first = await mounted({ files });
  await first.guest.symlink('l', 'x');
  await first.share.idle();
  let isBroken = false;
  const broken: typeof files = {
    ...files,
    perform: async (operation) =>
      isBroken && operation.op === 'read' ? { ok: false, errno: 'EIO' } : files.perform(operation),
  };
  const { guest, share } = await mounted({ files: broken });
  await first.guest.symlink('m', 'x');
  await first.share.idle();
  isBroken = true;
  await expect(guest.symlink('n', 'x')).rejects.toThrow('EIO');
  isBroken = false;
  await guest.symlink('n', 'x');
  await share.idle();
  expect(await (await mounted({ files })).guest.names('')).toEqual(['.output/', 'l@', 'm@', 'n@']);
});
