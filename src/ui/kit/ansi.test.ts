import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAnsiReader } from './ansi.ts';

const read = (chunks: readonly string[]) => {
  const reader = createAnsiReader();
  return chunks.flatMap((chunk) => [...reader.read(chunk)]);
};

describe('createAnsiReader', () => {
  it('names colours and decorations by classes', () => {
    const [plain, red] = read(['a\u001b[1;31mb\u001b[0m']);
    expect(plain).toMatchObject({ text: 'a', classes: [] });
    expect(red?.classes).toEqual(expect.arrayContaining(['ansi-bold', 'ansi-red-fg']));
  });

  it('carries a colour over to the next chunk', () => {
    const pieces = read(['\u001b[32mgreen', ' still']);
    expect(pieces.at(-1)).toMatchObject({ text: ' still', classes: ['ansi-green-fg'] });
  });

  it('gives colours beyond the sixteen as CSS', () => {
    expect(read(['\u001b[38;2;1;2;3mx'])[0]).toMatchObject({ color: '#010203', classes: [] });
  });

  it('drops what moves a cursor and keeps the text', () => {
    expect(
      read(['a\u001b[2Kb\u001b[1Ac'])
        .map(({ text }) => text)
        .join(''),
    ).toBe('abc');
  });

  it('loses nothing after an escape that belongs to no sequence', () => {
    expect(
      read(['a\u001b[\n some text\u001b'])
        .map(({ text }) => text)
        .join(''),
    ).toBe('a[\n some text');
  });

  it('reads the same text however it is cut', () => {
    const whole = 'a\u001b[31mred\u001b[0m b\u001b[2K \u001b[1;4mbold\u001b[0m end';
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: whole.length - 1 }), { maxLength: 8 }), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
        const chunks = at.slice(1).map((end, index) => whole.slice(at[index], end));
        expect(
          read(chunks)
            .map(({ text }) => text)
            .join(''),
        ).toBe('ared b bold end');
      }),
    );
  });
});

describe('the palette', () => {
  it.each([
    ['\u001b[91mx', { classes: ['ansi-bright-red-fg'] }],
    ['\u001b[44mx', { classes: ['ansi-blue-bg'] }],
    ['\u001b[103mx', { classes: ['ansi-bright-yellow-bg'] }],
    ['\u001b[38;5;9mx', { classes: ['ansi-bright-red-fg'] }],
    ['\u001b[38;5;196mx', { color: '#ff0000' }],
    ['\u001b[48;5;244mx', { background: '#808080' }],
    ['\u001b[38;5;16mx', { color: '#000000' }],
    ['\u001b[38;5;60mx', { color: '#5f5f87' }],
    ['\u001b[38;5;231mx', { color: '#ffffff' }],
    ['\u001b[38;5;232mx', { color: '#080808' }],
    ['\u001b[38;5;255mx', { color: '#eeeeee' }],
    ['\u001b[38;2;300;0;7mx', { color: '#ff0007' }],
    ['\u001b[31;39mx', { classes: [], color: null }],
    ['\u001b[1;22;4;24mx', { classes: [] }],
    ['\u001b[38;5;999mx', { classes: [], color: null }],
    ['\u001b[31m\u001b[mx', { classes: [] }],
  ])('reads %j', (text, expected) => {
    expect(read([text])[0]).toMatchObject(expected);
  });
});
