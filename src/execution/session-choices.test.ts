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
  await book.choose(mine, { timeMs: 60_000 });
  await book.choose(mine, { place: { language: 'all', place: 'onDevice' } });
  const again = open(records).book;
  await again.ready;
  for (const each of [book, again]) {
    expect(each.of(mine)).toEqual({
      places: { python: 'remote', all: 'onDevice' },
      timeMs: 60_000,
      memoryMB: null,
      commands: [],
    });
    expect(each.of(other)).toEqual({ places: {}, timeMs: null, memoryMB: null, commands: [] });
  }
  await again.choose(mine, { place: { language: 'python', place: null }, timeMs: null });
  expect(again.of(mine)).toEqual({ places: { all: 'onDevice' }, timeMs: null, memoryMB: null, commands: [] });
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
  await again.choose(mine, { timeMs: 1_000, commands: null });
  expect(again.of(mine)).toEqual({ places: {}, timeMs: 1_000, memoryMB: null, commands: [] });
});

test('a row of an earlier version allows no command', async () => {
  const records = choicesInMemory();
  await records.put({ sessionId: mine, places: {}, timeMs: 5_000, memoryMB: null, atMs: 1 });
  const { book } = open(records);
  await book.ready;
  expect(book.of(mine)).toEqual({ places: {}, timeMs: 5_000, memoryMB: null, commands: [] });
});

test('limits of a conversation go before those asked for, never below what the engine needs', async () => {
  const { book } = open();
  expect(await book.limits(asked(mine, 'lua'))).toEqual({ timeMs: 30_000, memoryMB: 256 });
  await book.choose(mine, { memoryMB: 16, timeMs: 1_000 });
  expect(await book.limits(asked(mine, 'lua'))).toEqual({ timeMs: 1_000, memoryMB: 16 });
  expect(await book.limits(asked(mine, 'python'))).toMatchObject({ memoryMB: LIMITS.pythonMemoryMB.smallest });
  expect(await book.limits(asked(other, 'lua'))).toMatchObject({ memoryMB: 256 });
});
