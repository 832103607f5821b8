import { expect, test } from 'vitest';
import { fail, ok, type Result } from '../../base/index.ts';
import { type AppError, appError } from '../../contracts/errors.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { createDrawnMarks } from './drawn-marks.ts';
import { createTyping, pasteable, withControl } from './typing.ts';

/** Where messages go that are answered when the test says so. */
function receiver() {
  const got: string[] = [];
  const answers: ((answer: Result<null, AppError>) => void)[] = [];
  const send = (text: string) => {
    got.push(text);
    return new Promise<Result<null, AppError>>((resolve) => answers.push(resolve));
  };
  const answer = async (result: Result<null, AppError> = ok(null)) => {
    answers.shift()?.(result);
    await new Promise<void>((resolve) => void setImmediate(resolve));
  };
  return { got, send, answer };
}

test('what is typed while a message is on its way goes with the next, in order', async () => {
  const { got, send, answer } = receiver();
  const type = createTyping(send);
  for (const key of 'abc') type(key);
  expect(got).toEqual(['a']);
  await answer();
  expect(got).toEqual(['a', 'bc']);
});

test('a large paste goes in pieces, none of it is lost', async () => {
  const { got, send, answer } = receiver();
  const text = 'x'.repeat(LIMITS.terminalInputUtf16.standard * 2 + 5);
  createTyping(send)(text);
  for (let count = 0; count < 3; count += 1) await answer();
  expect(got.map(({ length }) => length)).toEqual([
    LIMITS.terminalInputUtf16.standard,
    LIMITS.terminalInputUtf16.standard,
    5,
  ]);
});

test('of a paste no control character is left but tabs and line breaks', () => {
  const ended = 'echo a\u001b[201~\u0003\u009b201~\u007f\u0000\r\n\tb\nc日👍';
  expect(pasteable(ended)).toBe('echo a[201~201~\r\n\tb\nc日👍');
});

test('what waits for a terminal that is gone is dropped', async () => {
  const { got, send, answer } = receiver();
  const type = createTyping(send);
  type('a');
  type('b');
  await answer(fail(appError('terminal/not-found')));
  type('c');
  expect(got).toEqual(['a', 'c']);
});

test.each([
  ['c', '\u0003'],
  ['C', '\u0003'],
  ['[', '\u001b'],
  ['1', '1'],
  ['é', 'é'],
  ['pasted', 'pasted'],
])('Ctrl and %s', (key, typed) => {
  expect(withControl(key)).toBe(typed);
});

test('only the latest of what was drawn is told, one message at a time', async () => {
  const { got, send, answer } = receiver();
  const drawn = createDrawnMarks((upTo) => send(String(upTo)));
  for (const upTo of [1, 2, 3]) drawn(upTo);
  expect(got).toEqual(['1']);
  await answer();
  expect(got).toEqual(['1', '3']);
  await answer();
  drawn(2);
  expect(got).toEqual(['1', '3']);
});
