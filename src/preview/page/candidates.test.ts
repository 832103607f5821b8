import { describe, expect, it } from 'vitest';
import { placeCandidates } from './candidates.ts';

const place = (address: string) => Promise.resolve(address.startsWith('gone') ? null : `blob:null/${address}`);

describe('the candidates of an image', () => {
  it('are placed with what they say of themselves, without those that there are not', async () => {
    expect(await placeCandidates('a.png, b.png 2x,gone.png 3x', place)).toBe('blob:null/a.png, blob:null/b.png 2x');
    expect(await placeCandidates('a.png 100w, b.png?x=1,2 200w', place)).toBe(
      'blob:null/a.png 100w, blob:null/b.png?x=1,2 200w',
    );
  });

  it('stay where they are there already', async () => {
    expect(await placeCandidates('blob:null/a 1x, data:image/png;base64,AAAA 2x', place)).toBeNull();
    expect(await placeCandidates('', place)).toBeNull();
  });

  it('are none where none is there', async () => {
    expect(await placeCandidates('gone.png 2x', place)).toBe('');
  });
});
