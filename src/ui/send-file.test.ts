import { expect, test } from 'vitest';
import { hostInMemory } from '../../tests/support/host-in-memory.ts';
import type { SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import { sendFile } from './send-file.ts';

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
