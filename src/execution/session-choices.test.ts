import { expect, test } from 'vitest';
import { choicesInMemory } from '../../tests/support/run-records-in-memory.ts';
import type { SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import { SessionChoiceBook } from './session-choices.ts';

const [mine, other] = ['mine', 'other'] as [SessionId, SessionId];
const open = (records = choicesInMemory()) => ({ records, book: new SessionChoiceBook(records, () => 1) });
const asked = (sessionId: SessionId, language: 'python' | 'lua') =>
  ({ sessionId, language, limits: { timeMs: 30_000, memoryMB: 256 } }) as const;

test('choices are of one conversation, part by part, and outlive the host', async () => {
  const { book, records } = open();
  await book.choose(mine, { place: { language: 'python', place: 'remote' } });
  await book.choose(mine, { limits: { runTimeMs: 60_000 } });
  await book.choose(mine, { place: { language: 'all', place: 'onDevice' } });
  const again = open(records).book;
  await again.ready;
  for (const each of [book, again]) {
    expect(each.of(mine)).toEqual({
      places: { python: 'remote', all: 'onDevice' },
      limits: { runTimeMs: 60_000 },
      commands: [],
    });
    expect(each.of(other)).toEqual({ places: {}, limits: {}, commands: [] });
  }
  await again.choose(mine, { limits: { otherMemoryMB: 64 } });
  await again.choose(mine, { place: { language: 'python', place: null }, limits: { runTimeMs: null } });
  expect(again.of(mine)).toEqual({ places: { all: 'onDevice' }, limits: { otherMemoryMB: 64 }, commands: [] });
});

test('commands are allowed for one conversation, each once, and forgotten together', async () => {
  const { book, records } = open();
  await book.choose(mine, { commands: ['make', 'apt'] });
  await book.choose(mine, { commands: ['make'] });
  const again = open(records).book;
  await again.ready;
  for (const each of [book, again]) expect(each.of(mine).commands).toEqual(['make', 'apt']);
  expect(again.of(other).commands).toEqual([]);
  const most = LIMITS.commandsAllowed.standard;
  await again.choose(mine, { commands: Array.from({ length: most }, (_, at) => `tool${at}`) });
  expect(again.of(mine).commands).toHaveLength(most);
  await again.choose(mine, { limits: { runTimeMs: 1_000 }, commands: null });
  expect(again.of(mine)).toEqual({ places: {}, limits: { runTimeMs: 1_000 }, commands: [] });
});

test('a row of an earlier version allows no command and has no limit of its own', async () => {
  const records = choicesInMemory();
  await records.put({ sessionId: mine, places: {}, atMs: 1 });
  const { book } = open(records);
  await book.ready;
  expect(book.of(mine)).toEqual({ places: {}, limits: {}, commands: [] });
});

test('limits of a conversation go before those asked for, never below what the engine needs', async () => {
  const { book } = open();
  expect(await book.limits(asked(mine, 'lua'))).toEqual({ timeMs: 30_000, memoryMB: 256 });
  await book.choose(mine, { limits: { otherMemoryMB: 16, runTimeMs: 1_000 } });
  expect(await book.limits(asked(mine, 'lua'))).toEqual({ timeMs: 1_000, memoryMB: 16 });
  expect(await book.limits(asked(mine, 'python'))).toEqual({ timeMs: 1_000, memoryMB: 256 });
  await book.choose(mine, { limits: { pythonMemoryMB: 16 } });
  expect(await book.limits(asked(mine, 'python'))).toMatchObject({ memoryMB: LIMITS.pythonMemoryMB.smallest });
  expect(await book.limits(asked(other, 'lua'))).toMatchObject({ memoryMB: 256 });
});
