import { expect, it } from 'vitest';
import { saidNames, withAnyOf, withNames } from './said-names.ts';

const CALLS = [
  { name: 'print', at: 1 },
  { name: 'os.remove', at: 2 },
  { name: null, at: 3 },
  { name: 'print', at: 4 },
  { name: 'os.stat', at: 5 },
];

it('names are told once each, in the order of the code, and what is computed has none', () => {
  expect([...saidNames(CALLS)]).toEqual(['print', 'os.remove', 'os.stat']);
});

it('members whose name fits come in the order of the list', () => {
  expect(withNames(CALLS, (name) => name !== 'os.remove').map(({ at }) => at)).toEqual([1, 4, 5]);
  expect(withNames(CALLS, (name) => name === 'eval')).toEqual([]);
});

it('names that are known are looked for by themselves', () => {
  expect(withAnyOf(CALLS, new Set(['os.stat', 'eval', 'print'])).map(({ at }) => at)).toEqual([1, 4, 5]);
  expect(withAnyOf(CALLS, new Set(['eval']))).toEqual([]);
});

it('each name is looked at once, however often the code says it', () => {
  const asked: string[] = [];
  withNames(CALLS, (name) => asked.push(name) < 0);
  expect(asked).toEqual(['print', 'os.remove', 'os.stat']);
});
