import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, it } from 'vitest';
import { type Fence, readFences } from './fences.ts';

type Node = ReturnType<typeof fromMarkdown>['children'][number];

type Read = Pick<Fence, 'code' | 'word' | 'start'>;

/** The blocks of code as the parser of the site's own family reads them. */
function codeOf(text: string): Read[] {
  const found: Read[] = [];
  const visit = (node: Node): void => {
    if (node.type === 'code') {
      const word = /^\{?\.?([^\s{}:,]*)/u.exec(node.lang ?? '')?.[1] ?? '';
      found.push({ code: node.value.trimEnd(), word: word.toLowerCase(), start: node.position?.start.offset ?? -1 });
    }
    if ('children' in node) for (const child of node.children as Node[]) visit(child);
  };
  for (const child of fromMarkdown(text).children) visit(child);
  return found;
}

const read = (text: string): Read[] =>
  readFences(text).map(({ code, word, start }) => ({ code: code.trimEnd(), word, start }));

/** What stands in answers, in any order: raw HTML and definitions of links apart, which the page draws otherwise anyway. */
const piece = fc.constantFrom(
  '```',
  '````',
  '~~~',
  '~~~~',
  '```python',
  '``` js title="x"',
  '~~~ {.lua}',
  '```py:app.py',
  '```a`b',
  'words',
  'two words',
  '# heading',
  '- item',
  '-',
  '* item',
  '+ ```sh',
  '1. first',
  '2) second',
  '10. tenth',
  '> quote',
  '>',
  '> ```',
  '> > deep',
  '- - nested',
  '---',
  '--',
  '===',
  '***',
  '| a | b |',
  'print(1)  ',
  '\ttab',
  '-\titem',
  '>\ttab',
  '1.  wide',
  '-      code in an item',
  // Blanks to JavaScript, and none to Markdown.
  '```\u00A0',
  '~~~\f',
  '\u00A0```',
  '\u00A0',
  '\u3000\u3000\u3000\u3000words',
  '-\u00A0words',
  '-  \v',
);
const indent = fc.constantFrom('', '', '', ' ', '  ', '   ', '    ', '     ', '\t', '  \t', '> ', '>', '>     ', '- ');
const line = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom('', '   ', '\t') },
  { weight: 4, arbitrary: fc.tuple(indent, piece).map(([blank, words]) => blank + words) },
);
const end = fc.constantFrom('', '\n');

const runs = { numRuns: 3_000, seed: Number(process.env['SEED'] ?? 1) };

describe('the blocks of code of a text', () => {
  it('that are fenced are those of a whole parser of Markdown, at their places', () => {
    // What an indented line interrupts is its own (it takes `10.` behind one for text).
    const isFenced = (text: string) => (block: Read) => /[`~]/u.test(text[block.start] ?? '');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), end, (lines, last) => {
        const text = lines.join('\n') + last;
        const wanted = codeOf(text);
        fc.pre(wanted.every(isFenced(text)));
        expect(read(text)).toEqual(wanted);
      }),
      runs,
    );
  });

  it('that are indented are those of a whole parser, where no quote or list is', () => {
    const plain = fc.constantFrom(
      '',
      '    ',
      '    code',
      '     more',
      '\tcode',
      '  \tcode',
      'words',
      '```',
      '```\f',
      '\u00A0',
      '    \u00A0',
      '# heading',
      '==',
      '--',
    );
    fc.assert(
      fc.property(fc.array(plain, { maxLength: 12 }), end, (lines, last) => {
        const text = lines.join('\n') + last;
        expect(read(text)).toEqual(codeOf(text));
      }),
      runs,
    );
  });

  it.each(['\u00A0', '\f', '\v', '\u2003', '\uFEFF'])('are not closed by a fence that a sign follows: %j', (sign) => {
    expect(readFences(`\`\`\`lua\nx = 1\n\`\`\`${sign}\ny = 2\n\`\`\` \t\nwords`)).toMatchObject([
      { code: `x = 1\n\`\`\`${sign}\ny = 2`, word: 'lua', isClosed: true },
    ]);
  });

  it('are found behind a mark of the byte order', () => {
    expect(readFences('\uFEFF```lua\nx = 1\n```')).toMatchObject([{ code: 'x = 1', word: 'lua', start: 1 }]);
  });
});
