import { strToU8, unzipSync, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { write } from '../../../tests/support/files-contract.ts';
import { filesInMemory } from '../../../tests/support/workspace/memory-tree.ts';
import { contentOf } from '../../../tests/support/workspace/tree-content.ts';
import type { SessionFiles } from '../../contracts/files.ts';
import { exportZip } from './export-zip.ts';
import { importZip } from './import-zip.ts';

const bytesOf = async (files: SessionFiles, path: string) => {
  const read = await files.perform({ op: 'read', path, position: 0, length: 64 * 1024 * 1024 });
  return read.ok ? (read.bytes ?? new Uint8Array(0)) : null;
};
const textAt = async (files: SessionFiles, path: string) =>
  new TextDecoder().decode((await bytesOf(files, path)) ?? undefined);
const visible = async (files: SessionFiles) => (await contentOf(files)).filter(([path]) => !path.startsWith('.output'));

test('what goes out comes in the same: bytes, empty folders, odd names', async () => {
  const files = filesInMemory();
  await files.perform({ op: 'mkdir', path: 'd' });
  await files.perform({ op: 'mkdir', path: 'd/empty' });
  await files.perform(write('d/é', 'x'));
  await files.perform(write('d/e\u0301', 'y'));
  await files.perform(write('日本 😀.txt', 'z'));
  await files.perform(write('none', ''));
  await files.perform(
    write(
      'random',
      Uint8Array.from({ length: 3_000_000 }, (_, n) => (n * 2654435761) >>> 24),
    ),
  );
  const packed = await exportZip(files, { path: '' });
  expect(packed).toMatchObject({ ok: true, value: { path: '.output/export.zip', kind: 'file' } });

  const other = filesInMemory();
  await other.perform(write('in.zip', (await bytesOf(files, '.output/export.zip')) ?? ''));
  expect(await importZip(other, { path: 'in.zip', into: '' })).toMatchObject({
    ok: true,
    value: { files: 5, folders: 2 },
  });
  await other.perform({ op: 'remove', path: 'in.zip' });
  expect(await visible(other)).toEqual(await visible(files));
});

test('another reader of zips reads what goes out', async () => {
  const files = filesInMemory();
  await files.perform({ op: 'mkdir', path: 'd' });
  await files.perform(write('d/a', 'one'));
  await files.perform(write('é', 'two'));
  await exportZip(files, { path: '' });
  const read = unzipSync((await bytesOf(files, '.output/export.zip')) ?? new Uint8Array(0));
  expect(
    Object.fromEntries(Object.entries(read).map(([name, bytes]) => [name, new TextDecoder().decode(bytes)])),
  ).toEqual({
    'd/': '',
    'd/a': 'one',
    é: 'two',
  });
  await exportZip(files, { path: 'd' });
  expect(Object.keys(unzipSync((await bytesOf(files, '.output/export.zip')) ?? new Uint8Array(0)))).toEqual(['a']);
  await exportZip(files, { path: 'd/a' });
  expect(Object.keys(unzipSync((await bytesOf(files, '.output/export.zip')) ?? new Uint8Array(0)))).toEqual(['a']);
});

test('a zip of another maker goes into a folder, over files of the same names, and leaves the rest', async () => {
  const files = filesInMemory();
  await files.perform({ op: 'mkdir', path: 'd' });
  await files.perform(write('d/a', 'old'));
  await files.perform(write('d/other', 'stays'));
  await files.perform(write('in.zip', zipSync({ a: strToU8('new'), x: { y: strToU8('deep'), z: {} } })));
  expect(await importZip(files, { path: 'in.zip', into: 'd' })).toEqual({
    ok: true,
    value: { files: 2, folders: 2, bytes: 7 },
  });
  expect(await textAt(files, 'd/a')).toBe('new');
  expect(await textAt(files, 'd/other')).toBe('stays');
  expect(await textAt(files, 'd/x/y')).toBe('deep');
});

test('a damaged zip, and one for which there is no room, change nothing', async () => {
  const files = filesInMemory(600_000);
  const zip = zipSync({
    good: strToU8('good'),
    bad: [Uint8Array.from({ length: 1000 }, (_, n) => n % 256), { level: 0 }],
  });
  const damaged = zip.slice();
  damaged[600] = (damaged[600] ?? 0) ^ 1;
  await files.perform(write('damaged.zip', damaged));
  await files.perform(write('cut.zip', zip.subarray(0, zip.length - 30)));
  await files.perform(write('none.zip', 'hello'));
  await files.perform(write('large.zip', zipSync({ first: strToU8('1'), large: new Uint8Array(700_000) })));
  const before = await contentOf(files);
  for (const path of ['damaged.zip', 'cut.zip', 'none.zip']) {
    expect(await importZip(files, { path, into: '' })).toMatchObject({
      ok: false,
      error: { code: 'files/bad-archive' },
    });
  }
  expect(await importZip(files, { path: 'large.zip', into: '' })).toMatchObject({ error: { code: 'files/no-space' } });
  expect(await importZip(files, { path: 'gone.zip', into: '' })).toMatchObject({ error: { code: 'files/not-found' } });
  expect(await visible(files)).toEqual(before);
});

test('a file where the zip has a folder, or the other way round, is found before anything is moved', async () => {
  const files = filesInMemory();
  await files.perform(write('x', 'a file'));
  await files.perform(write('in.zip', zipSync({ a: strToU8('1'), 'x/': new Uint8Array(0) })));
  const before = await visible(files);
  expect(await importZip(files, { path: 'in.zip', into: '' })).toMatchObject({ error: { code: 'files/bad-path' } });
  expect(await visible(files)).toEqual(before);
});

test('a full disk leaves no half export', async () => {
  const files = filesInMemory(1_000_000);
  await files.perform(
    write(
      'random',
      Uint8Array.from({ length: 700_000 }, (_, n) => (n * 2654435761) >>> 24),
    ),
  );
  const random = crypto.getRandomValues(new Uint8Array(60_000));
  for (let n = 0; n < 4; n += 1) await files.perform(write(`r${n}`, random));
  const packed = await exportZip(files, { path: '' });
  expect(packed).toMatchObject({ ok: false, error: { code: 'files/no-space' } });
  expect((await files.all()).some(({ path }) => path.startsWith('.output/'))).toBe(false);
});
