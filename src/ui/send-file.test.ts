import { expect, test } from 'vitest';
import { hostInMemory } from '../../tests/support/host-in-memory.ts';
import type { SessionId } from '../contracts/ids.ts';
import { FAILURES } from '../contracts/failures.ts';
import { LIMITS } from '../contracts/limits.ts';
import { learnFailures } from './kit/index.ts';
import { sendFile, sendFiles } from './send-file.ts';

const sessionId = 'c' as SessionId;
const MB = 1024 * 1024;

test('a file larger than a piece arrives whole, over an earlier one', async () => {
  const ending = new AbortController();
  const door = hostInMemory(ending.signal).fromOwnPage();
  const bytes = new Uint8Array(LIMITS.filePieceBytes.standard + 3);
  for (let at = 0; at < bytes.length; at += 4_099) bytes[at] = at % 251;
  await door.addFile({ sessionId, name: 'big.bin', bytes: new Uint8Array([9]) });
  const sent = await sendFile(door, { sessionId, name: 'big.bin', file: new Blob([bytes]) });
  expect(sent).toMatchObject({ ok: true, value: { sizeBytes: bytes.length } });
  const read = await door.readFile({ sessionId, path: 'big.bin' });
  expect(read.ok && Buffer.compare(read.value.bytes, bytes)).toBe(0);
  expect(await sendFile(door, { sessionId, name: 'empty', file: new Blob([]) })).toMatchObject({
    value: { sizeBytes: 0 },
  });
  ending.abort();
});

test('a file that fails half-way leaves nothing; one above the limit is not begun', async () => {
  const ending = new AbortController();
  const host = hostInMemory(ending.signal);
  const door = host.fromOwnPage();
  const readable = (size: number) =>
    ({ size, slice: (from: number) => new Blob([from === 0 ? new Uint8Array(MB) : 'rest']) }) as unknown as Blob;
  expect(await sendFile(door, { sessionId, name: 'x', file: readable(LIMITS.fileBytes.standard + 1) })).toMatchObject({
    error: { code: 'files/too-large' },
  });
  expect(host.trees.size).toBe(0);
  let calls = 0;
  const failing = {
    ...door,
    addFile: (request: Parameters<typeof door.addFile>[0]) =>
      door.addFile((calls += 1) === 1 ? request : { ...request, name: '../x' }),
  };
  const sent = await sendFile(failing, { sessionId, name: 'x', file: readable(LIMITS.filePieceBytes.standard + 4) });
  expect(sent).toMatchObject({ error: { code: 'files/bad-path' } });
  expect(await door.listFiles({ sessionId })).toEqual({ ok: true, value: [] });
  ending.abort();
});

test('of several files those before the one that cannot be read are there, and both are said', async () => {
  const ending = new AbortController();
  const door = hostInMemory(ending.signal).fromOwnPage();
  learnFailures(FAILURES);
  // What the browser gives for a folder that was dropped: it has a name and a size, and cannot be read.
  const unreadable = (name: string, from: number) =>
    ({
      name,
      size: LIMITS.filePieceBytes.standard + 4,
      slice: (at: number) =>
        at < from ? new Blob(['x']) : { arrayBuffer: () => Promise.reject(new DOMException('', 'NotFoundError')) },
    }) as unknown as File;
  const rest = new File(['z'], 'z.csv');
  const words = await sendFiles(door, sessionId, [new File(['a'], 'a.csv'), unreadable('photos', 0), rest]);
  expect(words).toBe(
    'a.csv is now in /mnt/data · photos could not be read: it is a folder, or it was moved or is in use',
  );
  expect(await sendFiles(door, sessionId, [unreadable('half.csv', 1)])).toContain('half.csv could not be read');
  expect(await sendFiles(door, sessionId, [new File(['a'], '..')])).toBe('..: This file name cannot be used');
  const listed = await door.listFiles({ sessionId });
  expect(listed.ok && listed.value.map(({ path }) => path)).toEqual(['a.csv']);
  ending.abort();
});
