import { describe, expect, it } from 'vitest';
import { createMessageTexts } from './message-texts.ts';

const answer = (messageId: string, text: string, status = 'finished_successfully') => ({
  messageId,
  role: 'assistant' as const,
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
    expect(texts.textOf('a')).toEqual({ text: 'Look: here', isFinished: false });
    texts.take(answer('a', 'Look: here.'));
    expect(texts.textOf('a')).toEqual(whole('Look: here.'));
    expect(texts.textOf('q')).toBeNull();
  });

  it('are asked for where they were told of long ago, or before', () => {
    const texts = createMessageTexts((id) => (id === 'first' || id === 'before' ? whole(`old ${id}`) : null));
    texts.take(answer('first', 'new'));
    expect(texts.textOf('first')).toEqual(whole('new'));
    for (let at = 0; at < 300; at += 1) texts.take(answer(`later ${String(at)}`, 'x'));
    expect(['first', 'before', 'never'].map((id) => texts.textOf(id))).toEqual([
      whole('old first'),
      whole('old before'),
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
