import { expect, it } from 'vitest';
import { findWholeCode } from './whole-code.ts';

const long = Array.from({ length: 60 }, (_, index) => `print(${index})`);
const drawn = long.slice(0, 20).join('\n');

it('finds the block by the lines that the page drew', () => {
  const text = ['Before', '```python', ...long, '```', 'After', '```js', 'print(0)', '```'].join('\n');
  expect(findWholeCode(text, drawn)).toBe(long.join('\n'));
});

it('finds it by lines from its middle, behind another block, with longer or other fences', () => {
  const text = ['```', 'x', '```', '~~~~ py', ...long, '```', '~~~~'].join('\n');
  expect(findWholeCode(text, long.slice(30, 50).join('\n'))).toBe([...long, '```'].join('\n'));
});

it('takes what is there of a block that is still being written', () => {
  expect(findWholeCode(['```python', ...long].join('\n'), drawn)).toBe(long.join('\n'));
});

it('does not guess', () => {
  const twice = ['```', ...long, '```', '```', ...long, '```'].join('\n');
  expect(findWholeCode(twice, drawn)).toBeNull();
  expect(findWholeCode('nothing of it', drawn)).toBeNull();
  expect(findWholeCode(long.join('\n'), drawn)).toBeNull();
});
