import { describe, expect, it } from 'vitest';
import { siteMessage } from '../../../../tests/support/envelope-sender.ts';
import { readMessage } from '../../../wire/index.ts';
import { createBranchTexts } from './branch-texts.ts';

const answer = (id: string, text: string) =>
  readMessage(siteMessage({ id, recipient: 'all', contentType: 'text', text }), id, 'conv-1', null);

describe('the texts of other branches', () => {
  it('are bounded by their size together, the oldest dropped first', () => {
    const texts = createBranchTexts(10);
    for (const [id, text] of ['a4aa', 'b4bb', 'c4cc'].entries()) texts.take(answer(String(id), text));
    texts.take(answer('long', 'x'.repeat(11)));
    expect(['0', '1', '2', 'long'].map((id) => texts.find(id)?.text ?? null)).toEqual([null, 'b4bb', 'c4cc', null]);
  });

  it('count a message that comes again once', () => {
    const texts = createBranchTexts(10);
    texts.take(answer('other', 'four'));
    for (let again = 0; again < 5; again += 1) texts.take(answer('same', 'five!'));
    expect(['other', 'same'].map((id) => texts.find(id)?.text)).toEqual(['four', 'five!']);
  });
});
