import { describe, expect, it } from 'vitest';
import { createMessageTexts } from './message-texts.ts';

const answer = (messageId: string, text: string, status = 'finished_successfully') => ({
  messageId,
  role: 'assistant' as const,
  recipient: 'all',
  status,
  text,
});
const whole = (text: string) => ({ text, isFinished: true });

describe('texts of answers', () => {
  it('are there as far as they are written, and whole at their end', () => {
    const texts = createMessageTexts();
    texts.take(answer('a', 'Look:', 'in_progress'));
    texts.take(answer('a', 'Look: here', 'in_progress'));
    texts.take({ ...answer('q', 'a question'), role: 'user' });
    texts.take({ ...answer('p', 'print(1)'), recipient: 'python' });
    expect(texts.textOf('a')).toEqual({ text: 'Look: here', isFinished: false });
    texts.take(answer('a', 'Look: here.'));
    expect(texts.textOf('a')).toEqual(whole('Look: here.'));
    expect(['q', 'p'].map((id) => texts.textOf(id))).toEqual([null, null]);
  });

  it('are asked for where they were told of long ago, or before', () => {
    const texts = createMessageTexts((id) =>
      id === 'first' || id === 'before' || id === 'call' ? { ...whole(`old ${id}`), isAnswer: id !== 'call' } : null,
    );
    texts.take(answer('first', 'new'));
    expect(texts.textOf('first')).toEqual(whole('new'));
    for (let at = 0; at < 300; at += 1) texts.take(answer(`later ${String(at)}`, 'x'));
    expect(['first', 'before', 'call', 'never'].map((id) => texts.textOf(id))).toEqual([
      expect.objectContaining(whole('old first')),
      expect.objectContaining(whole('old before')),
      null,
      null,
    ]);
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
  });
});
