import type { Scene } from './scene.ts';

const long = [
  'total = 0',
  ...Array.from({ length: 70 }, (_, index) => `total += ${index}  # line ${index + 2}`),
  'print("total", total)',
].join('\n');

const fence = (label: string, code: string) => `\`\`\`${label}\n${code}\n\`\`\``;

/** Answers made of code blocks, in the languages that run here, one that does not, and one without a name. */
export const code: Scene = {
  name: 'code',
  prompt: 'Show me the same sum in several languages.',
  title: 'Sums in several languages',
  isShown: true,
  steps: [
    {
      kind: 'text',
      channel: 'final',
      text: [
        'Python:',
        fence('python', 'print(sum(range(10)))'),
        'JavaScript:',
        fence('javascript', 'const numbers = [...Array(10).keys()];\nconsole.log(numbers.reduce((a, b) => a + b));'),
        'Lua:',
        fence('lua', 'local total = 0\nfor n = 0, 9 do total = total + n end\nprint(total)'),
        'A long one:',
        fence('python', long),
        'Go, which does not run here:',
        fence('go', 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println(45) }'),
        'No name, but clearly Python:',
        fence('', 'def double(n):\n    return n * 2\n\nprint(double(21))'),
        'Some data:',
        fence('json', '{"total": 45}'),
      ].join('\n\n'),
    },
  ],
};

/** Answers made of code blocks that one is warned about, told of, or helped with. */
export const risky: Scene = {
  name: 'risky',
  prompt: 'Show me code that does not simply run.',
  title: 'Code to think about first',
  isShown: true,
  steps: [
    {
      kind: 'text',
      channel: 'final',
      text: [
        'Runs text as code:',
        fence('python', 'parts = ["6", "7"]\nprint(eval("*".join(parts)))'),
        'Does so again:',
        fence('python', 'parts = ["5", "7"]\nprint(eval("*".join(parts)))'),
        'Needs what no browser has:',
        fence('python', 'import torch\n\nprint(torch.ones(3))'),
        'Needs the network:',
        fence('python', 'import requests\n\nprint(requests.get("https://api.example.org/").text)'),
        'Works in part:',
        fence('python', 'import threading\n\nwith threading.Lock():\n    print("one at a time")'),
        'Cannot be read:',
        fence('python', 'kept = 42\nprint(kept'),
      ].join('\n\n'),
    },
  ],
};

/** Answers made of blocks for a terminal. */
export const shell: Scene = {
  name: 'shell',
  prompt: 'Show me the same in a shell.',
  title: 'Sums in a shell',
  isShown: true,
  steps: [
    {
      kind: 'text',
      channel: 'final',
      text: [
        'In the shell:',
        fence('bash', 'seq 9 | paste -sd+ | tee sum.txt\necho "$(( $(cat sum.txt) ))"'),
        'With a question:',
        fence('sh', 'printf "Name? "\nread -r name\necho "Hello $name"'),
        'Without an end:',
        fence('bash', 'echo started\nwhile :; do sleep 1; done'),
      ].join('\n\n'),
    },
  ],
};
