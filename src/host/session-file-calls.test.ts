import { expect, test } from 'vitest';
import { filesInMemory } from '../../tests/support/workspace/memory-tree.ts';
import { LIMITS } from '../contracts/limits.ts';
import { addFile, listFiles } from './session-file-calls.ts';

test('a tree without room for one more folder says that it is full, not that something is missing', async () => {
  const files = filesInMemory();
  // The root counts.
  for (let at = 1; at < LIMITS.fileCount.standard; at += 1)
    await files.perform({ op: 'mkdir', path: `d${String(at)}` });
  const full = { ok: false, error: { code: 'files/no-space' } };
  expect(await addFile(files, 'another/a.txt', new Uint8Array(1))).toMatchObject(full);
  expect(await addFile(files, 'd1/a.txt', new Uint8Array(1))).toMatchObject(full);
  expect(await listFiles(files)).toEqual({ ok: true, value: [] });
});

test('a file that stops fitting half-way leaves no half', async () => {
  const files = filesInMemory(6_000_000);
  expect(await addFile(files, 'a', new Uint8Array(1_000))).toMatchObject({ ok: true });
  expect(await addFile(files, 'big', new Uint8Array(7_000_000))).toMatchObject({ error: { code: 'files/no-space' } });
  // Neither does one in place of an earlier file: of that nothing was left any more.
  expect(await addFile(files, 'a', new Uint8Array(7_000_000))).toMatchObject({ error: { code: 'files/no-space' } });
  expect(await listFiles(files)).toEqual({ ok: true, value: [] });
});

test('a folder in the place of a file stays, and so does a file for which there is no room at all', async () => {
  const files = filesInMemory(1_000);
  await files.perform({ op: 'mkdir', path: 'd' });
  expect(await addFile(files, 'd', new Uint8Array(1))).toMatchObject({ error: { code: 'files/bad-path' } });
  expect(await files.perform({ op: 'stat', path: 'd' })).toMatchObject({ stat: { kind: 'directory' } });
  await addFile(files, 'a', new Uint8Array(10));
  expect(await addFile(files, 'a', new Uint8Array(2_000))).toMatchObject({ error: { code: 'files/no-space' } });
  expect(await listFiles(files)).toMatchObject({ value: [{ path: 'a', sizeBytes: 10 }] });
});
