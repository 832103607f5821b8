import { expect, test } from 'vitest';
import { APPEND, BOTH, EXCLUSIVE, READ, TRUNCATE, WRITE } from '../../../tests/support/share/guest-client.ts';
import { MessageWriter } from '../../../tests/support/share/message-writer.ts';
import { mounted } from '../../../tests/support/share/mounted.ts';
import { contentOf } from '../../../tests/support/workspace/tree-content.ts';

const DECODER = new TextDecoder();

test('a version is agreed on: never larger messages than ours, never another protocol', async () => {
  const { guest } = await mounted();
  expect(await guest.version(10_000_000)).toEqual({ messageBytes: 262_144, version: '9P2000.L' });
  expect(await guest.version(65_536, '9P2000.u')).toEqual({ messageBytes: 65_536, version: 'unknown' });
  await expect(guest.version(100)).rejects.toThrow('EINVAL');
});

test('a new version ends all numbers of the one before', async () => {
  const { guest } = await mounted();
  await guest.version();
  await expect(guest.statOf(guest.root)).rejects.toThrow('EBADF');
});

test('the root is a folder of its owner', async () => {
  const { guest } = await mounted();
  expect(await guest.stat('')).toMatchObject({ kind: 'folder', type: 0o4, mode: 0o755, uid: 0, gid: 0, links: 1 });
});

test('a walk goes as far as there are names, and takes its number only if it arrives', async () => {
  const { guest } = await mounted();
  await guest.mkdir('a');
  await guest.mkdir('a/b');
  expect(await guest.walkTo(guest.root, 90, ['a', 'b'])).toHaveLength(2);
  expect(await guest.walkTo(guest.root, 91, ['a', 'x', 'y'])).toHaveLength(1);
  await expect(guest.statOf(91)).rejects.toThrow('EBADF');
  await expect(guest.walkTo(guest.root, 91, ['x'])).rejects.toThrow('ENOENT');
  await guest.put('f', '');
  await expect(guest.walk('f/x')).rejects.toThrow('ENOENT');
  const [up] = await guest.walkTo(90, 92, ['..']);
  expect(up?.inode).toBe((await guest.stat('a')).inode);
  expect(await guest.walkTo(guest.root, 93, ['..', '..'])).toHaveLength(2);
});

test('names that are none are refused, and none leaves the root', async () => {
  const { guest, files, share } = await mounted();
  for (const name of ['', '.', 'a/b', 'a\0b', '/etc'])
    await expect(guest.walkTo(guest.root, 90, [name]), JSON.stringify(name)).rejects.toThrow('EINVAL');
  const create = (name: string) => guest.send(72, new MessageWriter().u32(guest.root).text(name).u32(0o755).u32(0));
  for (const name of ['', '.', '..', 'a/b', '../x', 'a\0b']) await expect(create(name)).rejects.toThrow('EINVAL');
  await expect(create('n'.repeat(256))).rejects.toThrow('ENAMETOOLONG');
  // the store writes each of these signs in five bytes
  await expect(create('%'.repeat(60))).rejects.toThrow('ENAMETOOLONG');
  const bytes = new Uint8Array([0xff, 0x61]);
  const notText = new MessageWriter().u32(guest.root).raw(bytes).u32(0o755).u32(0);
  await expect(guest.send(72, notText)).rejects.toThrow('EILSEQ');
  await share.idle();
  expect(await contentOf(files)).toEqual([]);
});

test('no path is longer than the workspace takes, by making or by moving', async () => {
  const { guest, files, share } = await mounted();
  const name = 'n'.repeat(200);
  for (const path of [name, `${name}/${name}`, `${name}/${name}/${name}`]) await guest.mkdir(path);
  await guest.mkdir('deep');
  await guest.rename(name, `deep/${name}`);
  await guest.mkdir(['deep', name, name, name, name].join('/'));
  await expect(guest.mkdir(['deep', name, name, name, name, 'n'.repeat(220)].join('/'))).rejects.toThrow(
    'ENAMETOOLONG',
  );
  await guest.mkdir('long');
  await guest.mkdir(`long/${name}`);
  await guest.mkdir(`long/${name}/${name}`);
  await expect(guest.rename('deep', `long/${name}/${name}/deep`)).rejects.toThrow('ENAMETOOLONG');
  await share.idle();
  expect((await contentOf(files)).every(([path]) => path.length <= 1_024)).toBe(true);
});

test('a file is made, written, read and in the workspace', async () => {
  const { guest, share, textIn } = await mounted();
  const fid = await guest.create('f', { mode: 0o640 });
  expect(await guest.write(fid, 0, 'hello')).toBe(5);
  expect(DECODER.decode(await guest.read(fid, 1, 3))).toBe('ell');
  expect(await guest.read(fid, 5, 10)).toHaveLength(0);
  expect(await guest.read(fid, 1e12, 10)).toHaveLength(0);
  expect(await guest.statOf(fid)).toMatchObject({ kind: 'file', type: 0o10, mode: 0o640, sizeBytes: 5 });
  await guest.clunk(fid);
  await share.idle();
  expect(await textIn('f')).toBe('hello');
});

test('a file that is there is opened by create, unless it must not be', async () => {
  const { guest } = await mounted();
  await guest.put('f', 'text');
  await guest.clunk(await guest.create('f', { flags: BOTH }));
  expect(await guest.textOf('f')).toBe('text');
  await expect(guest.create('f', { flags: BOTH | EXCLUSIVE })).rejects.toThrow('EEXIST');
  await guest.clunk(await guest.create('f', { flags: BOTH | TRUNCATE }));
  expect(await guest.textOf('f')).toBe('');
  await guest.mkdir('d');
  await expect(guest.create('d')).rejects.toThrow('EISDIR');
});

test('a descriptor does what it was opened for, and no more', async () => {
  const { guest } = await mounted();
  await guest.put('f', 'text');
  await guest.mkdir('d');
  const reader = await guest.open('f', READ);
  await expect(guest.write(reader, 0, 'x')).rejects.toThrow('EBADF');
  const writer = await guest.open('f', WRITE);
  await expect(guest.read(writer, 0, 1)).rejects.toThrow('EBADF');
  await expect(guest.open('d', WRITE)).rejects.toThrow('EISDIR');
  await expect(guest.read(await guest.open('d'), 0, 1)).rejects.toThrow('EISDIR');
  const closed = await guest.walk('f');
  await expect(guest.read(closed, 0, 1)).rejects.toThrow('EBADF');
  await guest.clunk(closed);
  await expect(guest.clunk(closed)).rejects.toThrow('EBADF');
});

test('two that append never overwrite one another', async () => {
  const { guest } = await mounted();
  await guest.put('f', 'a');
  const [one, two] = [await guest.open('f', WRITE | APPEND), await guest.open('f', WRITE | APPEND)];
  await guest.write(one, 0, 'b');
  await guest.write(two, 0, 'c');
  await guest.write(one, 0, 'd');
  expect(await guest.textOf('f')).toBe('abcd');
});

test('what lies between two writes is zeros, also after a cut', async () => {
  const { guest, share, textIn } = await mounted();
  const fid = await guest.create('f');
  await guest.write(fid, 3, 'x');
  await guest.setFid(fid, { size: 2 });
  await guest.setFid(fid, { size: 5 });
  expect([...(await guest.bytesOf('f'))]).toEqual([0, 0, 0, 0, 0]);
  await guest.write(fid, 0, 'abcde');
  await guest.setFid(fid, { size: 2 });
  await guest.setFid(fid, { size: 4 });
  expect(await guest.textOf('f')).toBe('ab\0\0');
  await share.idle();
  expect(await textIn('f')).toBe('ab\0\0');
});

test('large files are whole in both directions, and where they are not written they are zeros', async () => {
  const { guest, share, files } = await mounted();
  const bytes = Uint8Array.from({ length: 700_000 }, (_, at) => (at * 7) % 251);
  await guest.put('big', bytes);
  expect(Buffer.compare(await guest.bytesOf('big'), bytes)).toBe(0);
  const fid = await guest.open('big', BOTH);
  await guest.write(fid, 2_000_000, 'end');
  await share.idle();
  const stored = await files.perform({ op: 'read', path: 'big', position: 0, length: 3_000_000 });
  const whole = stored.ok ? (stored.bytes ?? new Uint8Array()) : new Uint8Array();
  expect(whole.length).toBe(2_000_003);
  expect(Buffer.compare(whole, await guest.bytesOf('big'))).toBe(0);
});

test('attributes that are set stay: mode, owner, size and time', async () => {
  const { guest } = await mounted();
  await guest.put('f', '12345');
  await guest.set('f', { mode: 0o100750, uid: 1000, gid: 1001 });
  await guest.set('f', { mtimeMs: 1_580_601_600_250 });
  await guest.set('f', { size: 3 });
  await guest.set('f', { mtimeMs: 1_580_601_600_250 });
  expect(await guest.stat('f')).toMatchObject({ mode: 0o750, uid: 1000, gid: 1001, sizeBytes: 3 });
  expect((await guest.stat('f')).modifiedAtMs).toBe(1_580_601_600_250);
  await guest.put('f', 'x');
  expect((await guest.stat('f')).modifiedAtMs).toBe(1_600_000_000_123);
  await guest.mkdir('d');
  await expect(guest.set('d', { size: 1 })).rejects.toThrow('EISDIR');
  await expect(guest.set('f', { size: 2n ** 63n })).rejects.toThrow('EFBIG');
});

test('what a user makes is its own', async () => {
  const { guest } = await mounted({ uid: 1000 });
  await guest.put('f', '');
  await guest.mkdir('d', 0o700);
  expect(await guest.stat('f')).toMatchObject({ uid: 1000, mode: 0o644 });
  expect(await guest.stat('d')).toMatchObject({ uid: 1000, mode: 0o700 });
});

test('a listing has everything once, whatever fits into one answer and whatever goes meanwhile', async () => {
  const { guest } = await mounted();
  for (let n = 0; n < 300; n += 1) await guest.put(`file-${n}`, '');
  await guest.mkdir('sub');
  await guest.symlink('l', 'sub');
  const expected = [...Array.from({ length: 300 }, (_, n) => `file-${n}`), 'l@', 'sub/'].sort();
  expect(await guest.names('', 100)).toEqual(expected);
  expect(await guest.names('', 100_000)).toEqual(expected);
  const fid = await guest.open('');
  await expect(guest.entries(fid, 0, 10)).rejects.toThrow('EINVAL');
  const seen: string[] = [];
  for (let after = 0; ; ) {
    const { entries, next } = await guest.entries(fid, after, 200);
    if (entries.length === 0) break;
    after = next;
    for (const { name, kind } of entries) {
      seen.push(name);
      if (kind === 'file') await guest.unlink(name);
    }
  }
  expect(seen).toHaveLength(304);
  expect(await guest.names('')).toEqual(['l@', 'sub/']);
  await expect(guest.entries(await guest.walk(''), 0, 100)).rejects.toThrow('EBADF');
});

test('files and folders go as POSIX has it', async () => {
  const { guest, share, files } = await mounted();
  await guest.mkdir('d');
  await guest.put('d/f', '');
  await expect(guest.mkdir('d')).rejects.toThrow('EEXIST');
  await expect(guest.rmdir('d')).rejects.toThrow('ENOTEMPTY');
  await expect(guest.unlink('d')).rejects.toThrow('EISDIR');
  await expect(guest.rmdir('d/f')).rejects.toThrow('ENOTDIR');
  await expect(guest.unlink('d/x')).rejects.toThrow('ENOENT');
  await expect(guest.remove('')).rejects.toThrow('EPERM');
  await guest.remove('d/f');
  const inside = await guest.walk('d');
  await guest.rmdir('d');
  await expect(guest.send(72, new MessageWriter().u32(inside).text('x').u32(0o755).u32(0))).rejects.toThrow('ENOENT');
  await share.idle();
  expect(await contentOf(files)).toEqual([]);
});

test('renaming replaces what POSIX lets it replace', async () => {
  const { guest, share, files } = await mounted();
  await guest.put('a', 'A');
  await guest.put('b', 'B');
  await guest.rename('a', 'b');
  expect(await guest.textOf('b')).toBe('A');
  await guest.rename('b', 'b');
  await guest.mkdir('d');
  await guest.mkdir('d/e');
  await expect(guest.rename('d', 'd/e/x')).rejects.toThrow('EINVAL');
  await expect(guest.rename('b', 'd')).rejects.toThrow('EISDIR');
  await expect(guest.rename('d', 'b')).rejects.toThrow('ENOTDIR');
  await guest.mkdir('full');
  await guest.put('full/x', '');
  await expect(guest.rename('d', 'full')).rejects.toThrow('ENOTEMPTY');
  await expect(guest.rename('none', 'x')).rejects.toThrow('ENOENT');
  await guest.mkdir('empty');
  await guest.rename('d', 'empty');
  await guest.renameFid(await guest.walk('b'), 'empty/e/moved');
  await share.idle();
  const paths = (await contentOf(files)).map(([path]) => path);
  expect(paths).toEqual(['empty', 'empty/e', 'empty/e/moved', 'full', 'full/x']);
  expect(await guest.textOf('empty/e/moved')).toBe('A');
});

test('a number follows its file when the folders above it move', async () => {
  const { guest, share, textIn } = await mounted();
  await guest.mkdir('d');
  await guest.put('d/f', 'one');
  const fid = await guest.open('d/f', BOTH);
  const { inode } = await guest.statOf(fid);
  await guest.rename('d', 'moved');
  await guest.write(fid, 3, ' two');
  expect(await guest.stat('moved/f')).toMatchObject({ inode, sizeBytes: 7 });
  await share.idle();
  expect(await textIn('moved/f')).toBe('one two');
});

test('a removed file lives on for who has it open, and is gone for the workspace', async () => {
  const { guest, share, files } = await mounted();
  await guest.put('u', 'keep');
  await guest.put('v', 'other');
  const fid = await guest.open('u', BOTH);
  await guest.unlink('u');
  await guest.write(fid, 4, 'ing');
  expect(DECODER.decode(await guest.read(fid, 0, 100))).toBe('keeping');
  expect(await guest.statOf(fid)).toMatchObject({ sizeBytes: 7 });
  await guest.setFid(fid, { size: 2 });
  await guest.write(fid, 300_000, 'far');
  expect((await guest.read(fid, 299_000, 2_000)).length).toBe(1_003);
  const replaced = await guest.open('v');
  await guest.put('w', 'new');
  await guest.rename('w', 'v');
  expect(DECODER.decode(await guest.read(replaced, 0, 100))).toBe('other');
  await guest.clunk(fid);
  await guest.clunk(replaced);
  await share.idle();
  expect(await contentOf(files)).toMatchObject([['v', expect.stringMatching(/^3:/)]]);
});

test('links are the guest’s own: they lead where it reads them, and the workspace never has one', async () => {
  const { guest, share, files } = await mounted();
  await guest.symlink('l', '/etc/passwd');
  expect(await guest.readlink('l')).toBe('/etc/passwd');
  expect(await guest.stat('l')).toMatchObject({ kind: 'link', type: 0o12, mode: 0o777, sizeBytes: 11 });
  await expect(guest.open('l')).rejects.toThrow('ELOOP');
  await expect(guest.walk('l/x')).rejects.toThrow('ENOENT');
  await expect(guest.symlink('l', 'x')).rejects.toThrow('EEXIST');
  await expect(guest.symlink('m', '')).rejects.toThrow('EINVAL');
  await expect(guest.symlink('m', 'x'.repeat(4_096))).rejects.toThrow('ENAMETOOLONG');
  await guest.mkdir('d');
  await guest.rename('l', 'd/l');
  await expect(guest.rmdir('d')).rejects.toThrow('ENOTEMPTY');
  await guest.put('f', 'x');
  await guest.rename('d/l', 'f');
  expect(await guest.names('')).toEqual(['d/', 'f@']);
  await share.idle();
  expect((await contentOf(files)).map(([path]) => path).filter((path) => !path.startsWith('.output'))).toEqual(['d']);
  await expect(guest.readlink('d')).rejects.toThrow('EINVAL');
});

test('pipes, devices, hard links, attributes by name and authentication are refused in ways that programs know', async () => {
  const { guest } = await mounted();
  await guest.put('f', '');
  await expect(guest.mknod('p', 0o010644)).rejects.toThrow('EPERM');
  await expect(guest.mknod('d', 0o020644)).rejects.toThrow('EPERM');
  await expect(guest.link('h', await guest.walk('f'))).rejects.toThrow('EPERM');
  await expect(guest.send(30, new MessageWriter().u32(1).u32(9).text('user.a'))).rejects.toThrow('EOPNOTSUPP');
  await expect(guest.send(102, new MessageWriter().u32(1))).rejects.toThrow('EOPNOTSUPP');
  await guest.mknod('g', 0o100644);
  expect(await guest.names('')).toEqual(['f', 'g']);
});

test('locks are the kernel’s own matter, and a request to be given up has its answer', async () => {
  const { guest } = await mounted();
  const lock = await guest.send(52, new MessageWriter().u32(1).u8(1).u32(0).u64(0).u64(0).u32(7).text('guest'));
  expect(lock.u8()).toBe(0);
  const test = await guest.send(54, new MessageWriter().u32(1).u8(1).u64(3).u64(4).u32(7).text('guest'));
  expect([test.u8(), test.u64(), test.u64(), test.u32(), test.text()]).toEqual([2, 3, 4, 7, 'guest']);
  expect((await guest.send(108, new MessageWriter().u16(1))).isAtEnd).toBe(true);
});

test('df shows what the workspace has room for', async () => {
  const { guest } = await mounted({ mostBytes: 4_096_000 });
  await guest.put('f', new Uint8Array(8_192));
  await guest.put('g', new Uint8Array(40_960));
  await guest.rename('f', 'g');
  const reply = await guest.send(8, new MessageWriter().u32(guest.root));
  const [type, blockBytes] = [reply.u32(), reply.u32()];
  const [blocks, free, available, nodes, nodesFree] = Array.from({ length: 5 }, () => reply.u64());
  expect({ type, blockBytes, blocks, free, available }).toEqual({
    type: 0x01021997,
    blockBytes: 4_096,
    blocks: 1_000,
    free: 998,
    available: 998,
  });
  expect((nodes ?? 0) - (nodesFree ?? 0)).toBe(2);
});

test('a folder that is only read is not changed, by whichever way; what is beside it is', async () => {
  const { guest, files, share, put, textIn } = await mounted({ readOnly: ['kept/in'] });
  for (const path of ['kept', 'kept/in']) await files.perform({ op: 'mkdir', path });
  await put('kept/in/f', 'A');
  await guest.put('kept/out', 'b');
  const before = await contentOf(files);
  expect(await guest.textOf('kept/in/f')).toBe('A');
  for (const change of [
    () => guest.open('kept/in/f', WRITE),
    () => guest.open('kept/in/f', READ | TRUNCATE),
    () => guest.put('kept/in/f', 'x'),
    () => guest.put('kept/in/new', 'x'),
    () => guest.mkdir('kept/in/folder'),
    () => guest.mknod('kept/in/node', 0o100644),
    () => guest.symlink('kept/in/link', 'f'),
    () => guest.set('kept/in/f', { mode: 0o600 }),
    () => guest.set('kept/in/f', { size: 0 }),
    () => guest.set('kept/in', { mode: 0o700 }),
    () => guest.rename('kept/in/f', 'kept/f'),
    () => guest.rename('kept/out', 'kept/in/out'),
    () => guest.rename('kept/out', 'kept/in/f'),
    () => guest.rename('kept/in', 'gone'),
    () => guest.rename('kept', 'gone'),
    () => guest.unlink('kept/in/f'),
    () => guest.remove('kept/in/f'),
  ])
    await expect(change(), String(change)).rejects.toThrow('EROFS');
  await share.idle();
  expect(await contentOf(files)).toEqual(before);
  await guest.put('kept/in-other', 'c');
  await guest.rename('kept/out', 'kept/out2');
  await share.idle();
  expect([await textIn('kept/in-other'), await textIn('kept/out2')]).toEqual(['c', 'b']);
  // Others may write to it, and the guest sees it.
  await put('kept/in/f', 'from outside');
  expect(await guest.textOf('kept/in/f')).toBe('from outside');
});
