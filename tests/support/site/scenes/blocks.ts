import type { Scene } from './scene.ts';

/** A block of the scene `blocks 2026`, and what a reader must make of it. */
export interface AwkwardBlock {
  /** What is awkward about it; stands before it in the answer. */
  readonly about: string;
  /** The block as it is written in the message, with its fence and whatever it stands in. */
  readonly markdown: string;
  readonly code: string;
  /** The first word after the fence; empty where there is none. */
  readonly word: string;
  /** What the code prints where it runs; null for what is no program. */
  readonly prints: string | null;
}

const lines = (...parts: readonly string[]): string => parts.join('\n');

const fenced = (about: string, info: string, code: string, prints: string | null): AwkwardBlock => ({
  about,
  markdown: `\`\`\`${info}\n${code}\n\`\`\``,
  code,
  word: info.split(' ')[0] ?? '',
  prints,
});

const within = (prefix: string, block: AwkwardBlock): AwkwardBlock => ({
  ...block,
  markdown: block.markdown.replaceAll('\n', `\n${prefix}`),
});

const inItem = (block: AwkwardBlock): AwkwardBlock => {
  const moved = within('   ', block);
  return { ...moved, markdown: `1. In an item:\n\n   ${moved.markdown}\n2. The next item.` };
};

const inQuote = (block: AwkwardBlock): AwkwardBlock => {
  const moved = within('> ', block);
  return { ...moved, markdown: `> Somebody wrote:\n>\n> ${moved.markdown}` };
};

const longFence = (about: string, word: string, code: string, prints: string | null): AwkwardBlock => ({
  about,
  markdown: `\`\`\`\`${word}\n${code}\n\`\`\`\``,
  code,
  word,
  prints,
});

const tildes = (about: string, word: string, code: string, prints: string): AwkwardBlock => ({
  about,
  markdown: `~~~${word}\n${code}\n~~~`,
  code,
  word,
  prints,
});

const addUp = lines('total = 0', 'for n in range(4):', '    total += n');
const sumLines = 200;
const longSum = lines(
  'total = 0',
  ...Array.from({ length: sumLines - 2 }, (_, index) => `total += ${String(index)}`),
  'print("long", total)',
);

/** What composers that read Markdown would change. */
const signs = '- 1\n* a_b*c* and `d`';

/** In the order of the answer. */
export const awkwardBlocks: readonly AwkwardBlock[] = [
  fenced('Python:', 'python', 'print("the same text")', 'the same text\n'),
  fenced('The same text in Lua:', 'lua', 'print("the same text")', 'the same text\n'),
  fenced('After the loop:', 'python', lines(addUp, 'print("sum", total)'), 'sum 6\n'),
  fenced('In the loop:', 'python', lines(addUp, '    print("sum", total)'), 'sum 0\nsum 1\nsum 3\nsum 6\n'),
  longFence(
    'A fence in a program:',
    'python',
    lines('text = """', '```', 'inner', '```', '"""', 'print("inner", len(text.splitlines()))'),
    'inner 4\n',
  ),
  longFence('A fence in a document:', 'markdown', lines('# How to', '', '```python', 'print(1)', '```'), null),
  tildes('Between tildes:', 'python', 'print("tildes")', 'tildes\n'),
  inItem(fenced('In a list:', 'python', lines('for n in range(2):', '    print("item", n)'), 'item 0\nitem 1\n')),
  inQuote(fenced('In a quotation:', 'python', lines('if True:', '', '    print("quoted")'), 'quoted\n')),
  fenced('What that prints:', '', lines('item 0', 'item 1', 'quoted'), null),
  fenced('Some data:', 'json', '{"apples": 3, "pears": [1, 2]}', null),
  fenced('What changed:', 'diff', lines('--- a/sum.py', '+++ b/sum.py', '-print(5)', '+print(6)'), null),
  fenced('In words:', 'text', 'three apples, two pears', null),
  fenced('A question to a database:', 'sql', 'SELECT name FROM fruit WHERE size > 2;', null),
  fenced(
    'With types:',
    'typescript',
    lines('const apples: number = 3;', 'console.log("typed", apples * 2);'),
    'typed 6\n',
  ),
  fenced('In the shell:', 'bash', lines('echo "shell $((20 + 22))"'), 'shell 42\n'),
  fenced('With a file name:', 'python title="sum.py"', 'print("named", 2 + 3)', 'named 5\n'),
  fenced('A long one:', 'python', longSum, 'long 19503\n'),
  fenced('With signs of Markdown:', 'python', `print(${JSON.stringify(signs)})`, `${signs}\n`),
];

const textOf = (blocks: readonly AwkwardBlock[]): string =>
  blocks.map(({ about, markdown }) => `${about}\n\n${markdown}`).join('\n\n');

/** The whole answer, for conversations that are read from the history. */
export const awkwardAnswer = textOf(awkwardBlocks);

export const awkward: Scene = {
  name: 'blocks 2026',
  prompt: 'Show me every kind of code block.',
  title: 'Every kind of block',
  isShown: false,
  steps: [{ kind: 'text', channel: 'final', text: awkwardAnswer }],
};

/** The new page draws the first block itself, and the blocks after it are no longer the n-th of their fences. */
export const diagram: Scene = {
  name: 'diagram',
  prompt: 'Draw it, then compute it.',
  title: 'A drawing and a program',
  isShown: false,
  steps: [
    {
      kind: 'text',
      channel: 'final',
      text: lines(
        'How it flows:',
        '',
        '```mermaid',
        'graph TD',
        '  A[apples] --> B[pears]',
        '```',
        '',
        'And what it gives:',
        '',
        '```python',
        'print("after the drawing")',
        '```',
      ),
    },
  ],
};

/** A document that the page shows on a surface of its own, and a program beside it. */
export const writing: Scene = {
  name: 'writing',
  prompt: 'Write a short report and the program for it.',
  title: 'A report and a program',
  isShown: false,
  steps: [
    {
      kind: 'text',
      channel: 'final',
      text: lines(
        'Here is the report:',
        '',
        ':::writing{variant="document" id="48213" title="Report on fruit"}',
        '# Report on fruit',
        '',
        'We have three apples.',
        ':::',
        '',
        'And the program:',
        '',
        '```python',
        'print("beside the report")',
        '```',
      ),
    },
  ],
};

/** An answer that ends before its fence does. Its first half, where a turn may pause, ends in the fence as well. */
export const openFence: Scene = {
  name: 'open fence',
  prompt: 'Begin a program and do not end it.',
  title: 'A program without an end',
  isShown: false,
  steps: [
    {
      kind: 'text',
      channel: 'final',
      text: lines(
        'Whole:',
        '',
        '```python',
        'print("whole")',
        '```',
        '',
        'Begun:',
        '',
        '```python',
        ...Array.from({ length: 12 }, (_, index) => `print("line ${String(index)}")`),
        'print("cut of',
      ),
    },
  ],
};
