import { expect, test } from 'vitest';
import { FAILURES } from '../contracts/failures.ts';
import type { SessionId } from '../contracts/ids.ts';
import { createDamageNotices } from './damage-notices.ts';

const ONE = 'one' as SessionId;
const OTHER = 'other' as SessionId;

test('a conversation hears of its damage once, and again when it is another', async () => {
  let paths: string[] = [];
  const noticeOf = createDamageNotices({ damaged: async () => paths });
  expect(await noticeOf(ONE)).toBeNull();
  paths = ['a.csv', ''];
  const { title, explanation, suggestions } = FAILURES['files/damaged'];
  expect(await noticeOf(ONE)).toBe([`${title}: a.csv.`, explanation, ...suggestions].join(' '));
  expect(await noticeOf(ONE)).toBeNull();
  expect(await noticeOf(OTHER)).toContain('a.csv');
  paths = [...'bcdefgh'];
  expect(await noticeOf(ONE)).toContain(': b, c, d, e, f and 2 more.');
});

test('damage without a name is said to be so', async () => {
  const noticeOf = createDamageNotices({ damaged: async () => [''] });
  expect(await noticeOf(ONE)).toContain('Nobody knows which.');
});
