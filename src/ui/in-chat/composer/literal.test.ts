import { expect, test } from 'vitest';
import { hasMarkdown } from './literal.ts';

test.each([
  '-5 degrees',
  'a\n--',
  'a\n=',
  'a\n  - b',
  '    four blanks make code',
  'a\n\n \tand so does a tab',
  '3) three',
  'see www.example.org',
  'snake_case',
  'a\n+ b',
  '1.\ntwo',
])('is read as more than its letters: %j', (text) => {
  expect(hasMarkdown(text)).toBe(true);
});

test.each(['plain words', 'a - b + c = d', 'in 2026. Then', '3.14', '+5 and 7', '   three blanks', 'a, (b); c: "d"'])(
  'is read as its letters alone: %j',
  (text) => {
    expect(hasMarkdown(text)).toBe(false);
  },
);
