import { expect, test } from 'vitest';
import { createFakeRunsDoor } from '../../../tests/support/fake-runs-door.ts';
import { fileOfSize } from '../../../tests/support/local-folder.ts';
import { fail } from '../../base/index.ts';
import type { RunsDoor } from '../../contracts/doors/runs.ts';
import { appError, type AppErrorCode } from '../../contracts/errors.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { copyIn } from './copy-in.ts';
import { planCopy } from './copy-plan.ts';

const sessionId = 'c' as SessionId;
const planOf = (files: readonly File[]) =>
  planCopy({
    target: 'p',
    listing: { files: files.map((file) => ({ path: file.name, file })), skipped: [], leftOut: [] },
    there: [],
    before: [],
    replacesChanged: false,
  });
const texts = (...names: readonly string[]) => names.map((name) => new File([name], name));
const free = { onProgress: () => undefined, onCopied: () => undefined, signal: new AbortController().signal };

/** A door that refuses one file. */
function refusing(name: string, code: AppErrorCode) {
  const door = createFakeRunsDoor();
  const runs: RunsDoor = {
    ...door,
    addFile: (request) =>
      request.name === `p/${name}` ? Promise.resolve(fail(appError(code, 'why'))) : door.addFile(request),
  };
  return { runs, names: () => [...door.files.keys()].map((path) => path.replace('/mnt/data/', '')).sort() };
}

test('copies every file below the name of the folder, and says how far it is', async () => {
  const runs = createFakeRunsDoor();
  const seen: number[] = [];
  const onProgress = ({ bytes }: { bytes: number }) => seen.push(bytes);
  const copied = await copyIn(runs, { sessionId, plan: planOf(texts('a', 'bb', 'ccc')) }, { ...free, onProgress });
  expect(copied).toMatchObject({ bytes: 6, leftOut: [], stoppedBy: null });
  expect([...runs.files.keys()].sort()).toEqual(['/mnt/data/p/a', '/mnt/data/p/bb', '/mnt/data/p/ccc']);
  expect(seen.at(-1)).toBe(6);
});

test('a file that the conversation refuses, or that cannot be read any more, is named and the rest is copied', async () => {
  const { runs, names } = refusing('b', 'files/bad-path');
  const gone = fileOfSize('gone', 5);
  gone.slice = () => {
    throw new DOMException('gone', 'NotReadableError');
  };
  const copied = await copyIn(runs, { sessionId, plan: planOf([...texts('a', 'b'), gone, ...texts('z')]) }, free);
  expect(copied.leftOut.toSorted((left, right) => (left.path < right.path ? -1 : 1))).toEqual([
    { path: 'b', why: 'refused' },
    { path: 'gone', why: 'unread' },
  ]);
  expect(names()).toEqual(['p/a', 'p/z']);
  expect(copied.stoppedBy).toBeNull();
});

test('a file that cannot be read to its end, or for which there was no room, may have taken an earlier copy with it', async () => {
  const { runs } = refusing('full', 'files/no-space');
  const half = new File([new Uint8Array(LIMITS.filePieceBytes.standard + 1)], 'half');
  half.slice = (from = 0) => {
    if (from > 0) throw new DOMException('gone', 'NotReadableError');
    return new Blob(['x']);
  };
  const unread = await copyIn(runs, { sessionId, plan: planOf([half]) }, free);
  expect(unread.leftOut).toEqual([{ path: 'half', why: 'cut' }]);
  const full = await copyIn(runs, { sessionId, plan: planOf(texts('full')) }, free);
  expect(full).toMatchObject({ leftOut: [{ path: 'full', why: 'cut' }], stoppedBy: { code: 'files/no-space' } });
});

test('where there is no space left it ends, and says how many are there', async () => {
  const { runs } = refusing('b', 'files/no-space');
  const many = texts('a', 'b', ...Array.from({ length: 50 }, (_, at) => `f${at}`));
  const copied = await copyIn(runs, { sessionId, plan: planOf(many) }, free);
  expect(copied.stoppedBy).toMatchObject({ code: 'files/no-space' });
  expect(copied.count).toBeGreaterThan(0);
  expect(copied.count).toBeLessThan(20);
});

test('cancelled: what was copied stays, a file under way does not, and that is said', async () => {
  const door = createFakeRunsDoor();
  const ending = new AbortController();
  const large = new File([new Uint8Array(LIMITS.filePieceBytes.standard + 1)], 'large');
  const removed: string[] = [];
  const runs: RunsDoor = {
    ...door,
    async removeFile(request) {
      removed.push(request.path);
      return door.removeFile(request);
    },
  };
  const onProgress = ({ bytes }: { bytes: number }) => {
    if (bytes > LIMITS.filePieceBytes.standard) ending.abort();
  };
  const plan = planOf([...texts('a'), large, ...texts('b')]);
  const done: string[] = [];
  const onCopied = ({ path }: { path: string }) => done.push(path);
  const copied = await copyIn(runs, { sessionId, plan }, { onProgress, onCopied, signal: ending.signal });
  expect(removed).toEqual(['p/large']);
  expect(copied).toMatchObject({ leftOut: [{ path: 'large', why: 'cut' }], stoppedBy: null });
  expect(done).not.toContain('large');
});
