import { describe, expect, it } from 'vitest';
import { createMessageTexts } from './message-texts.ts';

const CODE = 'Look:\n```python\nprint(1)\n```\n';
const answer = (messageId: string, text: string, status = 'finished_successfully') => ({
  messageId,
  role: 'assistant' as const,
  status,
  text,
});

describe('texts of answers', () => {
  it('are those with code', () => {
    const texts = createMessageTexts();
    texts.take(answer('a', CODE));
    texts.take(answer('b', 'no code'));
    texts.take(answer('c', '~~~\nx\n~~~'));
    texts.take({ ...answer('d', CODE), role: 'user' });
    expect(['a', 'b', 'c', 'd'].map((id) => texts.textOf(id))).toEqual([CODE, null, '~~~\nx\n~~~', null]);
  });

  it('are there as far as they are written, and whole at their end', () => {
    const texts = createMessageTexts();
    texts.take(answer('a', 'Look:', 'in_progress'));
    expect(texts.textOf('a')).toBeNull();
    texts.take(answer('a', 'Look:\n```python\nprint(', 'in_progress'));
    expect(texts.textOf('a')).toBe('Look:\n```python\nprint(');
    texts.take(answer('a', CODE));
    expect(texts.textOf('a')).toBe(CODE);
  });

  it('keep what was stopped in the middle while others are written', () => {
    const texts = createMessageTexts();
    texts.take(answer('stopped', CODE, 'in_progress'));
    for (let at = 0; at < 500; at += 1) texts.take(answer(at % 2 === 0 ? 'b' : 'c', 'x'.repeat(at), 'in_progress'));
    expect(texts.textOf('stopped')).toBe(CODE);
  });

  it('are left as they were where they grow too long, and the oldest go', () => {
    const texts = createMessageTexts();
    texts.take(answer('long', CODE, 'in_progress'));
    texts.take(answer('long', CODE + 'x'.repeat(600 * 1024), 'in_progress'));
    expect(texts.textOf('long')).toBe(CODE);
    texts.take(answer('first', CODE));
    for (let at = 0; at < 300; at += 1) texts.take(answer(`later ${String(at)}`, CODE));
    expect(texts.textOf('first')).toBeNull();
    expect(texts.textOf('later 299')).toBe(CODE);
  });

  it('cost a page that streams no look at what was read before', () => {
    const texts = createMessageTexts();
    let read = 0;
    // The text of a growing message is told by who reads it; a pattern that looks through it would turn it into characters.
    const growing = {
      ...answer('a', '', 'in_progress'),
      text: { length: 10, toString: () => `${String((read += 1))}` },
    };
    for (let at = 0; at < 100; at += 1) texts.take(growing as unknown as ReturnType<typeof answer>);
    expect(read).toBe(0);
    texts.textOf('a');
    expect(read).toBe(1);
  });
});
