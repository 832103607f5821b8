import { expect, test, vi } from 'vitest';
import type { FileAnswer, FileOperation } from '../../contracts/files.ts';
import { type Author, type Change, Journal } from './journal.ts';

const write = (path: string, position: number, text: string, truncateTo: number | null = null): Change => ({
  op: 'write',
  path,
  position,
  bytes: new TextEncoder().encode(text),
  truncateTo,
});

function opened(options: { mostBytes?: number; joinedBytes?: number } = {}) {
  const asked: string[] = [];
  const waiting: ((answer: FileAnswer) => void)[] = [];
  const refused: string[] = [];
  const author = (name = ''): Author => ({
    perform: (operation: FileOperation) => {
      const text =
        operation.op === 'write'
          ? ` ${operation.position} ${new TextDecoder().decode(operation.bytes ?? undefined)}`
          : '';
      asked.push(`${name}${operation.op} ${operation.path}${text}`);
      return new Promise((settle) => waiting.push(settle));
    },
    onRefused: (errno) => refused.push(`${name}${errno}`),
  });
  const journal = new Journal({
    onRefused: ({ op, path }) => refused.push(`${op} ${path}`),
    mostBytes: options.mostBytes ?? 1_000,
    joinedBytes: options.joinedBytes ?? 1_000,
  });
  journal.author = author();
  /** Answers what is under way; true once the next one is. */
  const answer = async (one: FileAnswer = { ok: true }) => {
    waiting.shift()?.(one);
    await journal.settled(0);
    await new Promise(setImmediate);
  };
  return { journal, asked, refused, answer, author };
}

test('changes go one after the other, in order; writes that follow one another as one', async () => {
  const { journal, asked, answer } = opened();
  journal.add({ op: 'mkdir', path: 'd' });
  journal.add({ op: 'write', path: 'f', position: 0, bytes: null, truncateTo: 0 });
  journal.add(write('f', 0, 'ab'));
  journal.add(write('f', 2, 'cd'));
  journal.add(write('f', 9, 'x'));
  journal.add(write('g', 0, 'y'));
  expect(asked).toEqual(['mkdir d']);
  for (let n = 0; n < 4; n += 1) await answer();
  expect(asked).toEqual(['mkdir d', 'write f 0 abcd', 'write f 9 x', 'write g 0 y']);
  expect(journal.isIdle).toBe(true);
});

test('nothing is joined that is under way, or would be too large', async () => {
  const { journal, asked, answer } = opened({ joinedBytes: 4 });
  journal.add(write('f', 0, 'ab'));
  journal.add(write('f', 2, 'cd'));
  journal.add(write('f', 4, 'ef'));
  journal.add(write('f', 6, 'g'));
  for (let n = 0; n < 3; n += 1) await answer();
  expect(asked).toEqual(['write f 0 ab', 'write f 2 cdef', 'write f 6 g']);
});

test('bytes are taken as they were', async () => {
  const { journal, asked, answer } = opened();
  journal.add({ op: 'mkdir', path: 'd' });
  const bytes = new TextEncoder().encode('ab');
  journal.add({ op: 'write', path: 'f', position: 0, bytes, truncateTo: null });
  bytes.fill(0);
  await answer();
  expect(asked.at(-1)).toBe('write f 0 ab');
});

test('many bytes go as they came, and nothing is joined to them', async () => {
  const { journal } = opened({ joinedBytes: 1_000_000 });
  const taken: unknown[] = [];
  journal.author = {
    perform: async (operation, options) => {
      taken.push(operation.op === 'write' ? [operation.position, operation.bytes, options?.handsOver] : operation.op);
      return { ok: true };
    },
    onRefused: () => undefined,
  };
  const many = (position: number): Change & { op: 'write' } => ({
    op: 'write',
    path: 'f',
    position,
    bytes: new Uint8Array(65_536),
    truncateTo: null,
  });
  const [one, other] = [many(0), many(65_536)];
  journal.add({ op: 'mkdir', path: 'd' });
  for (const change of [one, other, write('f', 131_072, 'ab'), write('f', 131_074, 'c')]) journal.add(change);
  await journal.settled();
  expect(taken).toEqual([
    'mkdir',
    [0, expect.anything(), true],
    [65_536, expect.anything(), true],
    [131_072, new TextEncoder().encode('abc'), true],
  ]);
  expect((taken[1] as unknown[])[1]).toBe(one.bytes);
  expect((taken[2] as unknown[])[1]).toBe(other.bytes);
});

test('few bytes do not hold the memory that they came in', async () => {
  const { journal, answer } = opened();
  const taken: (Uint8Array | null)[] = [];
  journal.add({ op: 'mkdir', path: 'd' });
  journal.author = {
    perform: async (operation) => {
      if (operation.op === 'write') taken.push(operation.bytes);
      return { ok: true };
    },
    onRefused: () => undefined,
  };
  const message = new Uint8Array(200_000);
  for (const position of [0, 9]) {
    journal.add({ op: 'write', path: 'f', position, bytes: message.subarray(7, 8), truncateTo: null });
  }
  await answer();
  await journal.settled();
  expect(taken.map((bytes) => bytes?.buffer.byteLength)).toEqual([1, 1]);
});

test('many bytes count until they are in the tree', async () => {
  const { journal, answer } = opened({ mostBytes: 65_536 });
  journal.add({
    op: 'write',
    path: 'f',
    position: 0,
    bytes: new Uint8Array(90_000).subarray(0, 65_536),
    truncateTo: null,
  });
  const room = journal.room();
  expect(room).not.toBeNull();
  await answer();
  await room;
  expect(journal.room()).toBeNull();
});

test('who waits for a number goes on when that was done or refused', async () => {
  const { journal, answer, refused } = opened();
  const first = journal.add({ op: 'mkdir', path: 'a' });
  journal.add({ op: 'mkdir', path: 'b' });
  const settled: string[] = [];
  void journal.settled(first).then(() => settled.push('first'));
  void journal.settled().then(() => settled.push('all'));
  await answer({ ok: false, errno: 'EEXIST' });
  expect(settled).toEqual(['first']);
  await answer();
  expect(settled).toEqual(['first', 'all']);
  expect(refused).toEqual(['mkdir a', 'EEXIST']);
});

test('there is room again when enough has gone', async () => {
  const { journal, answer } = opened({ mostBytes: 3 });
  journal.add(write('f', 0, 'ab'));
  expect(journal.room()).toBeNull();
  journal.add(write('g', 0, 'cd'));
  const room = vi.fn();
  void journal.room()?.then(room);
  await answer();
  expect(room).toHaveBeenCalledOnce();
  expect(journal.room()).toBeNull();
});

test('its own change is known once, while it is under way; the same of others is not own', async () => {
  const { journal, answer } = opened();
  expect(journal.isOwn({ kind: 'write', path: 'f' })).toBe(false);
  journal.add(write('f', 0, 'ab'));
  journal.add({ op: 'rename', path: 'f', to: 'g' });
  expect(journal.isOwn({ kind: 'write', path: 'g' })).toBe(false);
  expect(journal.isOwn({ kind: 'mkdir', path: 'f' })).toBe(false);
  expect(journal.isOwn({ kind: 'write', path: 'f' })).toBe(true);
  expect(journal.isOwn({ kind: 'write', path: 'f' })).toBe(false);
  await answer();
  expect(journal.isOwn({ kind: 'rename', path: 'f', to: 'x' })).toBe(false);
  expect(journal.isOwn({ kind: 'rename', path: 'f', to: 'g' })).toBe(true);
});

test('a tree that throws is a refusal, and does not hold up the next', async () => {
  const failed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const refused: string[] = [];
  const journal = new Journal({ onRefused: ({ path }) => refused.push(path), mostBytes: 1, joinedBytes: 1 });
  journal.author = {
    perform: ({ path }) => (path === 'a' ? Promise.reject(new Error('broken')) : Promise.resolve({ ok: true })),
    onRefused: (errno) => refused.push(errno),
  };
  journal.add({ op: 'mkdir', path: 'a' });
  journal.add({ op: 'mkdir', path: 'b' });
  await journal.settled();
  expect(refused).toEqual(['a', 'EIO']);
  failed.mockRestore();
});

test('each author brings its own changes to the tree, in the order of all, and hears what was refused of them', async () => {
  const { journal, asked, refused, answer, author } = opened();
  const [one, other] = [author('one: '), author('other: ')];
  journal.author = one;
  journal.add(write('f', 0, 'a'));
  journal.add(write('f', 1, 'b'));
  journal.author = other;
  journal.add(write('f', 2, 'c'));
  journal.author = one;
  journal.add({ op: 'remove', path: 'f' });
  await answer();
  await answer();
  await answer({ ok: false, errno: 'ENOSPC' });
  await answer();
  expect(asked).toEqual(['one: write f 0 a', 'one: write f 1 b', 'other: write f 2 c', 'one: remove f']);
  expect(refused).toEqual(['write f', 'other: ENOSPC']);
});
