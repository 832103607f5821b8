import { expect, test } from 'vitest';
import { filesInMemory } from '../../tests/support/workspace/memory-tree.ts';
import type { OnFilesChange, SessionFiles } from '../contracts/files.ts';
import type { SessionId } from '../contracts/ids.ts';
import { createFileCounts } from './file-counts.ts';

const sessionId = 'c' as SessionId;

function open() {
  const files = filesInMemory();
  const listeners = new Set<OnFilesChange>();
  let listings = 0;
  const damaged: string[] = [];
  const all = () => {
    listings += 1;
    return files.all();
  };
  let seen: Pick<SessionFiles, 'all'> = { all };
  const onChange: SessionFiles['onChange'] = (listener, { signal }) => {
    listeners.add(listener);
    signal.addEventListener('abort', () => listeners.delete(listener));
  };
  const countFiles = createFileCounts({
    filesOf: () => ({ ...files, ...seen, onChange }),
    damaged: async () => damaged,
  });
  const write = async (path: string, text: string) => {
    const [folder, name] = path.split('/');
    if (name !== undefined) await files.perform({ op: 'mkdir', path: folder ?? '' });
    await files.perform({ op: 'write', path, position: 0, bytes: new TextEncoder().encode(text), truncateTo: 0 });
    for (const listener of listeners) listener({ kind: 'write', path });
  };
  return {
    countFiles,
    damaged,
    write,
    listeners,
    listings: () => listings,
    show: (now: Pick<SessionFiles, 'all'> | null) => (seen = now ?? { all }),
  };
}

test('a tree is listed for its count once after each change, and what the runner keeps does not count', async () => {
  const { countFiles, write, listings } = open();
  expect(await countFiles(sessionId)).toEqual({ ok: true, value: { count: 0, bytes: 0, damaged: [] } });
  await write('a', 'one');
  await write('d/b', 'three');
  await write('.output/run-1.txt', 'long');
  for (let turn = 0; turn < 3; turn += 1)
    expect(await countFiles(sessionId)).toEqual({ ok: true, value: { count: 2, bytes: 8, damaged: [] } });
  expect(listings()).toBe(2);
});

test('what changes while a tree is listed is in the next count', async () => {
  const { countFiles, write, show } = open();
  const { promise, resolve } = Promise.withResolvers<[]>();
  show({ all: () => promise });
  const first = countFiles(sessionId);
  show(null);
  await write('a', 'one');
  resolve([]);
  expect(await first).toMatchObject({ value: { count: 0 } });
  expect(await countFiles(sessionId)).toMatchObject({ value: { count: 1 } });
});

test('damaged files are told of with the count', async () => {
  const { countFiles, damaged } = open();
  damaged.push('a');
  expect(await countFiles(sessionId)).toMatchObject({ value: { damaged: ['a'] } });
});

test('a tree that cannot be read is said, and tried again', async () => {
  const { countFiles, show } = open();
  show({ all: () => Promise.reject(new Error('EIO')) });
  expect(await countFiles(sessionId)).toMatchObject({ ok: false, error: { code: 'files/unavailable' } });
  show(null);
  expect(await countFiles(sessionId)).toMatchObject({ ok: true });
});

test('of many conversations only the one asked for last is watched', async () => {
  const { countFiles, listeners } = open();
  for (let n = 0; n < 40; n += 1) await countFiles(String(n) as SessionId);
  expect(listeners.size).toBe(1);
});
