import { expect, test } from 'vitest';
import { filesInMemory } from '../../tests/support/workspace/memory-tree.ts';
import { LIMITS } from '../contracts/limits.ts';
import { addFile, listFiles } from './session-file-calls.ts';

test('a tree without room for one more folder says that it is full, not that something is missing', async () => {
  const files = filesInMemory();
  // The root counts.
  for (let at = 1; at < LIMITS.fileCount.standard; at += 1) await files.perform({ op: 'mkdir', path: `d${String(at)}` });
  const full = { ok: false, error: { code: 'files/no-space' } };
  expect(await addFile(files, 'another/a.txt', new Uint8Array(1))).toMatchObject(full);
  expect(await addFile(files, 'd1/a.txt', new Uint8Array(1))).toMatchObject(full);
  expect(await listFiles(files)).toEqual({ ok: true, value: [] });
});
