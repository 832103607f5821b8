import { expect, it } from 'vitest';
import { hostInMemory } from '../../../../tests/support/host-in-memory.ts';
import type { SessionId } from '../../../contracts/ids.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import type { Artifact } from '../../../contracts/run.ts';
import { sendFile } from '../../send-file.ts';
import { readArtifact } from './artifact-bytes.ts';

it('reads a file that is larger than a piece, as it is now', async () => {
  const ending = new AbortController();
  const door = hostInMemory(ending.signal).fromOwnPage();
  const sessionId = 'c' as SessionId;
  const bytes = new Uint8Array(LIMITS.filePieceBytes.standard + 5);
  for (let at = 0; at < bytes.length; at += 4_099) bytes[at] = at % 251;
  expect(await sendFile(door, { sessionId, name: 'big.bin', file: new Blob([bytes]) })).toMatchObject({ ok: true });
  const artifact: Artifact = {
    id: 'a',
    kind: 'file',
    name: 'big.bin',
    path: '/mnt/data/big.bin',
    mime: 'application/octet-stream',
    bytes: bytes.length,
  };
  const whole = await readArtifact(door, sessionId, artifact);
  expect(whole.ok && Buffer.compare(whole.value, bytes)).toBe(0);
  // It has become shorter since its run.
  const longer = await readArtifact(door, sessionId, { ...artifact, bytes: bytes.length + 100 });
  expect(longer.ok && longer.value.length).toBe(bytes.length);
  expect(await readArtifact(door, sessionId, { ...artifact, path: '/mnt/data/gone' })).toMatchObject({
    error: { code: 'files/not-found' },
  });
  ending.abort();
});
