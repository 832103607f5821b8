import { unzipSync, zipSync } from 'fflate';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hostInMemory } from '../../../tests/support/host-in-memory.ts';
import { fail } from '../../base/index.ts';
import { appError } from '../../contracts/errors.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { addZip, takeZip, type ZipDoors, type ZipProgress } from './zip-transfer.ts';

let ending: AbortController;
beforeEach(() => {
  ending = new AbortController();
});
afterEach(() => ending.abort());

const sessionId = 'conversation-1' as SessionId;
const bytesOf = (text: string) => new TextEncoder().encode(text);
const unwatched = { onProgress: () => undefined, signal: new AbortController().signal };

function open() {
  const host = hostInMemory(ending.signal);
  const doors: ZipDoors = { runs: host.fromOwnPage(), engine: host.engineFromOwnPage() };
  /** What the tree holds that a person is not shown. */
  const kept = async () => {
    const listed = await host.trees.get(sessionId)?.all();
    return (listed ?? []).map(({ path }) => path).filter((path) => path.startsWith('.output/'));
  };
  return { ...doors, doors, kept };
}

/** Bytes that no packing makes smaller. */
const random = (length: number) => {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, Math.min(length, at + 65_536)));
  return bytes;
};

test('a zip larger than a piece comes out whole and goes in whole, says how far it is, and stays nowhere', async () => {
  const { doors, runs, kept } = open();
  const large = random(LIMITS.filePieceBytes.standard + 5);
  await runs.addFile({ sessionId, name: 'd/large.bin', bytes: large.subarray(0, 20_000_000) });
  await runs.addFile({ sessionId, name: 'd/large.bin', bytes: large.subarray(20_000_000), position: 20_000_000 });
  await runs.addFile({ sessionId, name: 'é.txt', bytes: bytesOf('two') });
  const said: ZipProgress[] = [];
  const taken = await takeZip(doors, sessionId, { ...unwatched, onProgress: (progress) => said.push(progress) });
  const zip = (taken.ok ? taken.value : null) ?? new Blob();
  const packed = new Uint8Array(await zip.arrayBuffer());
  const read = unzipSync(packed);
  expect(Object.keys(read).sort()).toEqual(['d/', 'd/large.bin', 'é.txt']);
  expect(Buffer.compare(read['d/large.bin'] ?? Buffer.alloc(0), large)).toBe(0);
  expect(said.map(({ phase }) => phase)).toEqual(['packing', 'reading', 'reading']);
  expect(said.at(-1)?.share).toBeGreaterThan(0.9);
  expect(await kept()).toEqual([]);

  await runs.removeFile({ sessionId, path: 'd/large.bin' });
  await runs.addFile({ sessionId, name: 'é.txt', bytes: bytesOf('changed') });
  said.length = 0;
  const added = await addZip(
    doors,
    { sessionId, file: zip },
    { ...unwatched, onProgress: (progress) => said.push(progress) },
  );
  expect(added).toEqual({ ok: true, value: { files: 2, folders: 1, bytes: large.length + 3 } });
  expect(said.map(({ phase }) => phase)).toEqual(['sending', 'sending', 'unpacking']);
  expect(await runs.listFiles({ sessionId })).toMatchObject({
    value: [
      { path: 'd/large.bin', sizeBytes: large.length },
      { path: 'é.txt', sizeBytes: 3 },
    ],
  });
  expect(await kept()).toEqual([]);
});

test('a zip that leads outside changes nothing and stays nowhere; nor does what is no zip', async () => {
  const { doors, runs, kept } = open();
  await runs.addFile({ sessionId, name: 'a', bytes: bytesOf('mine') });
  for (const [bytes, code] of [
    [zipSync({ a: bytesOf('theirs'), '../up': bytesOf('x') }), 'files/unsafe-archive'],
    [bytesOf('text'), 'files/bad-archive'],
  ] as const) {
    const added = await addZip(doors, { sessionId, file: new Blob([bytes]) }, unwatched);
    expect(added).toMatchObject({ ok: false, error: { code } });
    expect(await kept()).toEqual([]);
  }
  expect(await runs.readFile({ sessionId, path: 'a' })).toMatchObject({ value: { bytes: bytesOf('mine') } });
  expect(await runs.listFiles({ sessionId })).toMatchObject({ value: [{ path: 'a' }] });
});

test('files that came in a zip are private files of the conversation', async () => {
  const { doors, runs } = open();
  await addZip(doors, { sessionId, file: new Blob([zipSync({ a: bytesOf('mine') })]) }, unwatched);
  expect(await runs.sessionFacts({ sessionId })).toMatchObject({ ok: true, value: { hasPrivateFiles: true } });
});

test('what cannot be read, or ends early, is said, and the packed zip goes', async () => {
  const { doors, runs, engine, kept } = open();
  await runs.addFile({ sessionId, name: 'a', bytes: bytesOf('mine') });
  const broken = appError('host/unavailable');
  const stat = { path: 'a', kind: 'file', sizeBytes: 0, modifiedAtMs: 1 } as const;
  const answers = [fail(broken), { ok: true, value: { bytes: new Uint8Array(0), stat } }] as const;
  for (const answer of answers) {
    const failing: ZipDoors = { runs, engine: { ...engine, readPiece: async () => answer } };
    const code = answer.ok ? 'files/not-found' : broken.code;
    expect(await takeZip(failing, sessionId, unwatched)).toMatchObject({ ok: false, error: { code } });
    expect(await kept()).toEqual([]);
  }
  const gone = { size: 3, slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('', 'NotFoundError')) }) };
  expect(await addZip(doors, { sessionId, file: gone as unknown as Blob }, unwatched)).toMatchObject({
    error: { code: 'files/not-found' },
  });
});

test('cancelled while it is packed or read, or while it is sent, nothing stays and nothing is changed', async () => {
  const { doors, runs, engine, kept } = open();
  await runs.addFile({ sessionId, name: 'a', bytes: bytesOf('mine') });
  for (const phase of ['packing', 'reading'] as const) {
    const ending = new AbortController();
    let reads = 0;
    const counted: ZipDoors = {
      runs,
      engine: {
        ...engine,
        readPiece: (request) => {
          reads += 1;
          return engine.readPiece(request);
        },
      },
    };
    const onProgress = (progress: ZipProgress) => progress.phase === phase && ending.abort();
    expect(await takeZip(counted, sessionId, { onProgress, signal: ending.signal })).toEqual({ ok: true, value: null });
    expect(reads).toBe(phase === 'packing' ? 0 : 1);
    expect(await kept()).toEqual([]);
  }
  const ending = new AbortController();
  const file = new Blob([zipSync({ a: bytesOf('theirs') })]);
  const onProgress = ({ phase }: ZipProgress) => phase === 'sending' && ending.abort();
  expect(await addZip(doors, { sessionId, file }, { onProgress, signal: ending.signal })).toEqual({
    ok: true,
    value: null,
  });
  expect(await kept()).toEqual([]);
  expect(await runs.readFile({ sessionId, path: 'a' })).toMatchObject({ value: { bytes: bytesOf('mine') } });
});
