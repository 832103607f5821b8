import { expect, it } from 'vitest';
import { readAddress } from './address.ts';

it.each([
  ['/', null, false],
  ['/c/', null, false],
  ['/c/a1', 'a1', false],
  ['/g/g-x/c/a%20b', 'a b', false],
  // A page may put anything there by `history.pushState`.
  ['/c/%E0%A4%A', '%E0%A4%A', false],
  ['/share/s1', null, true],
])('reads %s', (pathname, conversationId, isShared) => {
  expect(readAddress(pathname)).toEqual({ conversationId, isShared });
});
