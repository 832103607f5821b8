import { expect, it } from 'vitest';
import { LIMITS } from '../../../contracts/limits.ts';
import { parseFromWorker } from '../start-worker.ts';
import { fitDisplay } from './fit-display.ts';

const most = LIMITS.displayBytes.standard;
const isTaken = (data: Readonly<Record<string, string>>): boolean =>
  parseFromWorker({ kind: 'event', run: 1, event: { kind: 'display', data, table: null, artifact: null } }) !== null;

it('leaves an output as it is where the host takes it', () => {
  const data = { 'text/plain': 'a', 'image/png': 'x'.repeat(most - 1) };
  expect(isTaken(data)).toBe(true);
  expect(fitDisplay(data)).toEqual({ data, notices: [] });
});

it.each([
  [
    'one that is too long',
    { 'image/png': 'x'.repeat(most + 1), 'text/plain': '<Image>' },
    ['text/plain'],
    /32 MB at most/,
  ],
  ['the longer of two', { 'image/png': 'x'.repeat(most), 'image/svg+xml': 'y'.repeat(9) }, ['image/svg+xml'], /png/],
  ['what has no media type', { png: 'x', 'text/plain': 'a' }, ['text/plain'], /"png" is no media type/],
])('leaves out %s, and says so', (_what, data: Record<string, string>, left, sentence) => {
  expect(isTaken(data)).toBe(false);
  const fitted = fitDisplay(data);
  expect(isTaken(fitted.data)).toBe(true);
  expect(Object.keys(fitted.data)).toEqual(left);
  expect(fitted.notices).toEqual([expect.stringMatching(sentence)]);
});
