import { expect, test } from 'vitest';
import { standardPython } from '../../tests/support/standard-python.ts';
import { createReading } from './reading/create-reading.ts';
import { suggestFix } from './suggest-fix.ts';

const reading = createReading(standardPython);

test('a fix shows what it takes away and adds, with its surroundings', async () => {
  const code = ['a = 1', 'b = 2', 'c = 3', 'print(a', 'd = 4', 'e = 5', 'f = 6', 'print(f)'].join('\n');
  expect(await suggestFix(reading, 'python', code)).toEqual({
    title: 'Close the bracket',
    code: code.replace('print(a', 'print(a)'),
    language: 'python',
    lines: [
      { kind: 'gap', text: '' },
      { kind: 'same', text: 'b = 2' },
      { kind: 'same', text: 'c = 3' },
      { kind: 'removed', text: 'print(a' },
      { kind: 'added', text: 'print(a)' },
      { kind: 'same', text: 'd = 4' },
      { kind: 'same', text: 'e = 5' },
    ],
  });
});

test('code with the wrong language is said to be of another, and nothing of it changes', async () => {
  const code = 'const x: number = 1;\nconsole.log(x);\n';
  expect(await suggestFix(reading, 'javascript', code)).toEqual({
    title: 'Run it as TypeScript',
    code,
    language: 'typescript',
    lines: [],
  });
});

test('code that can be read, and prose, have none', async () => {
  expect(await suggestFix(reading, 'python', 'print(1)\n')).toBeNull();
  expect(await suggestFix(reading, 'python', 'this is what I think about it')).toBeNull();
  expect(await suggestFix(reading, 'wasm', '(module')).toBeNull();
});

test('many changes are cut, and said to be', async () => {
  const lines = (await suggestFix(reading, 'python', 'print "a"\n'.repeat(200)))?.lines ?? [];
  expect(lines).toHaveLength(121);
  expect(lines.at(-1)).toEqual({ kind: 'gap', text: '' });
});
