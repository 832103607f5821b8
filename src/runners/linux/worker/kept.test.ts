import { expect, test } from 'vitest';
import { changedOf, linesOfNew } from './kept.ts';

const ofNew = linesOfNew({ HOME: '/root', PATH: '/bin' });
const changed = (text: string): string => {
  const decoder = new TextDecoder();
  const { variables, functions } = changedOf(new TextEncoder().encode(text), ofNew);
  return [...variables, ...functions].map((bytes) => decoder.decode(bytes)).join('');
};

test.each([
  ['what a new bash has too', 'declare -x HOME="/root"\ndeclare -- PS4="+ "\n', ''],
  ['what bash fills itself', 'declare -i RANDOM="7"\ndeclare -ir UID="0"\ndeclare -a FUNCNAME\n', ''],
  [
    'what was changed',
    'declare -x HOME="/tmp"\ndeclare -r PS4="+ "\n',
    'declare -x HOME="/tmp"\ndeclare -r PS4="+ "\n',
  ],
  ['what was declared and has no value', 'declare -A map\ndeclare -i n\n', 'declare -A map\ndeclare -i n\n'],
  ['a name that begins like one of bash', 'declare -- UID_OF="1"\n', 'declare -- UID_OF="1"\n'],
  ['what has no end', 'declare -- own="1"', 'declare -- own="1"'],
])('%s', (_what, kept, expected) => {
  expect(changed(kept)).toBe(expected);
});

test('functions are given whole, whatever they hold', () => {
  const functions = 'f () \n{ \n    cat <<E\ndeclare -x HOME="/root"\nE\n}\n';
  expect(changed(`declare -x PATH="/bin"\n${functions}`)).toBe(functions);
});

test('our own functions, which every bash has of itself, are not given back', () => {
  const ours = (name: string) =>
    `companion_${name} () \n{ \n    { \n        :\n    } > x\n}\ndeclare -fr companion_${name}\n`;
  const theirs = ['a () \n{ \n    echo "}"\n}\n', 'declared () \n{ \n    cat <<X\ndeclare -fr mine\nX\n\n}\n'];
  const kept = `declare -- own="1"\n${theirs[0]}${ours('end')}${ours('keep')}${ours('wait')}${theirs[1]}`;
  expect(changed(kept)).toBe(`declare -- own="1"\n${theirs.join('')}`);
  expect(changedOf(new TextEncoder().encode(ours('end') + ours('keep')), ofNew).functions).toEqual([]);
});
