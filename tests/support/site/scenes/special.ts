import type { Scene } from './scene.ts';

const traps = `# é 漢 😀 \u2028 \u2029 \u00a0 \ufeff 𝒳
text = "quote \\" backslash \\\\ tab \\t é漢😀𝒳"
print(text, len(text))
`;

export const hello: Scene = {
  name: 'hello',
  prompt: 'Say hello in Python.',
  title: 'Hello',
  isShown: false,
  steps: [
    {
      kind: 'call',
      form: 'whole',
      code: 'print("hello from Python")\n',
      result: { text: 'hello from Python', delayMs: 300 },
    },
    { kind: 'text', channel: 'final', text: 'Python says hello.' },
  ],
};

export const plain: Scene = {
  name: 'plain',
  prompt: 'Explain list comprehensions.',
  title: 'List comprehensions',
  isShown: false,
  steps: [
    {
      kind: 'text',
      channel: 'final',
      text: 'A list comprehension builds a list in one expression.\n\n```python\nsquares = [n * n for n in range(5)]\nprint(squares)\n```\n\nThe same as a loop:\n\n```python\nsquares = []\nfor n in range(5):\n    squares.append(n * n)\n```\n\nInline, `[f(x) for x in xs]` reads as “f of x for each x”.',
    },
  ],
};

export const longCode: Scene = {
  name: 'long code',
  prompt: 'Show me a long listing.',
  title: 'A long listing',
  isShown: false,
  steps: [
    {
      kind: 'text',
      channel: 'final',
      text: `Here it is:\n\n\`\`\`python\n${Array.from({ length: 150 }, (_, index) => `value_${String(index)} = ${String(index)} * 2`).join('\n')}\n\`\`\``,
    },
  ],
};

export const longCall: Scene = {
  name: 'long call',
  prompt: 'Run two hundred lines.',
  title: 'Two hundred lines',
  isShown: false,
  steps: [
    {
      kind: 'call',
      form: 'appended',
      code: `${Array.from({ length: 199 }, (_, index) => `x${String(index)} = ${String(index)}`).join('\n')}\nprint(x0 + x198)\n`,
      result: { text: '198', delayMs: 500 },
    },
    { kind: 'text', channel: 'final', text: 'The sum of the first and the last is 198.' },
  ],
};

export const hugeCall: Scene = {
  name: 'huge call',
  prompt: 'Run a mebibyte of code.',
  title: 'A mebibyte of code',
  isShown: false,
  steps: [
    {
      kind: 'call',
      form: 'appended',
      code: `text = """${'0123456789abcdef'.repeat(65_000)}"""\nprint(len(text))\n`,
      result: { text: '1040000', delayMs: 500 },
    },
    { kind: 'text', channel: 'final', text: 'It has 1,040,000 characters.' },
  ],
};

export const unicode: Scene = {
  name: 'unicode',
  prompt: 'Print every kind of character.',
  title: 'Every kind of character',
  isShown: false,
  steps: [
    { kind: 'call', form: 'appended', code: traps, result: { text: '', delayMs: 300 } },
    { kind: 'text', channel: 'final', text: 'é 漢 😀 𝒳 arrive whole.' },
  ],
};

export const tenCalls: Scene = {
  name: 'ten calls',
  prompt: 'Do ten small steps.',
  title: 'Ten small steps',
  isShown: false,
  steps: [
    ...Array.from({ length: 10 }, (_, index) => ({
      kind: 'call' as const,
      form: 'whole' as const,
      code: `print("step ${String(index + 1)}")\n`,
      result: { text: `step ${String(index + 1)}`, delayMs: 300 },
    })),
    { kind: 'text', channel: 'final', text: 'Ten steps done.' },
  ],
};

export const unanswered: Scene = {
  name: 'unanswered',
  prompt: 'Run something and tell me nothing.',
  title: 'No answer',
  isShown: false,
  steps: [
    { kind: 'call', form: 'whole', code: 'print("only here")\n', result: null },
    { kind: 'text', channel: 'final', text: 'I could not get a result.' },
  ],
};

export const otherTools: Scene = {
  name: 'other tools',
  prompt: 'Use every tool but Python.',
  title: 'Other tools',
  isShown: false,
  steps: [
    {
      kind: 'tool',
      recipient: 'canmore.create_textdoc',
      body: JSON.stringify({ name: 'script', type: 'code/python', content: 'print("canvas")' }),
      answer: 'Created.',
    },
    {
      kind: 'tool',
      recipient: 'container.exec',
      body: JSON.stringify({ cmd: ['python', '-c', 'print(1)'] }),
      answer: '1',
    },
    {
      kind: 'tool',
      recipient: 'web.run',
      body: JSON.stringify({ search_query: [{ q: 'python' }] }),
      answer: 'Results.',
    },
    { kind: 'tool', recipient: 'image_gen.text2im', body: JSON.stringify({ prompt: 'a lake' }), answer: 'Drawing.' },
    { kind: 'late-image', delayMs: 800 },
    { kind: 'text', channel: 'final', text: 'None of that was Python for you to run.' },
  ],
};

export const seed: Scene = {
  name: 'seed',
  prompt: 'Send a seed frame on the socket.',
  title: 'A seed frame',
  isShown: false,
  steps: [
    {
      kind: 'seed',
      frame: { type: 'tool_call', content: { tool_name: 'python', code: 'print(6 * 7)', tool_version: 'v1.0' } },
    },
    {
      kind: 'text',
      channel: 'final',
      text: 'In chat text the same frame does nothing: {"id":"s9","type":"tool_call","content":{"tool_name":"python","code":"print(1)"}}',
    },
  ],
};

export const secondResult: Scene = {
  name: 'second result',
  prompt: 'Print twice, at two times.',
  title: 'Two results of one call',
  isShown: false,
  steps: [
    {
      kind: 'call',
      form: 'whole',
      code: 'print("first line")\nprint("second line")\n',
      result: { text: 'first line', second: 'second line', delayMs: 200 },
    },
    { kind: 'text', channel: 'final', text: 'Both lines came, one after the other.' },
  ],
};
