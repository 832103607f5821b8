import { expect, test } from 'vitest';
import { withLastValue } from './last-value.ts';

/** Stands for the compiler: a text is a chunk when it is one of these. */
const among =
  (...chunks: readonly string[]) =>
  (text: string): boolean =>
    chunks.includes(text) || text.includes('(function(...)');
const SHOWN = 'return (function(...) return ... end)(';

test('an expression alone is the value', () => {
  expect(withLastValue('6 * 7', among('return 6 * 7'))).toBe(`${SHOWN}6 * 7\n)`);
});

test('a last line that is a value becomes one; lines stay where they are', () => {
  expect(withLastValue('x = 5\nx * 2', among('x = 5', 'return x * 2'))).toBe(`x = 5\n${SHOWN}x * 2\n)`);
  expect(
    withLastValue('x = 5\n\nf(x) -- said\n', among('x = 5\n', 'return f(x) -- said\n', 'x = 5\n\nf(x) -- said\n')),
  ).toBe(`x = 5\n\n${SHOWN}f(x) -- said\n)`);
});

test('a statement has no value', () => {
  expect(withLastValue('local x = 1', among('local x = 1', 'return local x = 1'))).toBeNull();
  expect(
    withLastValue('for i = 1, 2 do\nprint(i)\nend', among('for i = 1, 2 do\nprint(i)\nend', 'return print(i)\nend')),
  ).toBeNull();
});

test('a line that goes on with the one before it stays with it', () => {
  const code = 'local x = f\n(g)';
  expect(withLastValue(code, among(code, 'local x = f', 'return (g)'))).toBeNull();
});
