import type { Scene } from './scene.ts';

export const table: Scene = {
  name: 'table',
  prompt: 'Show me the temperatures as a table.',
  title: 'Temperatures as a table',
  isShown: true,
  steps: [
    {
      kind: 'call',
      form: 'appended',
      code: `import numpy as np
import pandas as pd

rng = np.random.default_rng(7)
days = pd.date_range("2026-01-01", periods=60, freq="D")
weather = pd.DataFrame({
    "day": days.strftime("%d %b"),
    "low": np.round(rng.normal(-1, 3, 60), 1),
    "high": np.round(rng.normal(6, 3, 60), 1),
    "rain_mm": np.round(rng.gamma(1.2, 2.5, 60), 1),
})
weather
`,
      result: { text: 'day  low  high  rain_mm\n…', delayMs: 700 },
    },
    {
      kind: 'text',
      channel: 'final',
      text: 'Here are the 60 days. The columns can be sorted; `rain_mm` is the interesting one:\n\n- most days stay below 5 mm\n- three days are above 9 mm',
    },
  ],
};

export const input: Scene = {
  name: 'input',
  prompt: 'Write a small quiz that asks for my name.',
  title: 'A small quiz',
  isShown: true,
  steps: [
    {
      kind: 'call',
      form: 'appended',
      code: `name = input("What is your name? ")
guess = int(input(f"Hello {name}! How much is 6 * 7? "))
print("Right!" if guess == 42 else f"Almost: it is 42, not {guess}.")
`,
      result: { text: '', delayMs: 400, exception: 'StdinNotImplementedError' },
    },
    {
      kind: 'text',
      channel: 'final',
      text: 'My own sandbox cannot ask you anything, but where you run it the two questions appear one after the other.',
    },
  ],
};

export const error: Scene = {
  name: 'error',
  prompt: 'Compute the average of an empty list.',
  title: 'Average of an empty list',
  isShown: true,
  steps: [
    {
      kind: 'call',
      form: 'whole',
      code: `def average(values):
    total = sum(values)
    return total / len(values)

print("three values:", average([1, 2, 6]))
print("no values:", average([]))
`,
      result: { text: 'ZeroDivisionError: division by zero', delayMs: 500, exception: 'ZeroDivisionError' },
    },
    {
      kind: 'text',
      channel: 'final',
      text: 'An empty list has no average, so Python divides by zero. Decide what you want instead:\n\n```python\ndef average(values):\n    return sum(values) / len(values) if values else None\n```',
    },
  ],
};

export const endlessLoop: Scene = {
  name: 'endless loop',
  prompt: 'Count up for ever.',
  title: 'Counting for ever',
  isShown: true,
  steps: [
    {
      kind: 'call',
      form: 'appended',
      code: 'count = 0\nprint("counting …")\nwhile True:\n    count += 1\n',
      result: { text: '', delayMs: 3000, exception: 'KeyboardInterrupt' },
    },
    { kind: 'text', channel: 'final', text: 'That loop never ends by itself. Press **Stop** to end it.' },
  ],
};

export const bigOutput: Scene = {
  name: 'big output',
  prompt: 'Print a hundred thousand lines.',
  title: 'A hundred thousand lines',
  isShown: true,
  steps: [
    {
      kind: 'call',
      form: 'appended',
      code: 'for i in range(100_000):\n    print(f"line {i:06d}  " + "·" * (i % 40))\nprint("done")\n',
      result: { text: 'line 000000 …', delayMs: 1500 },
    },
    { kind: 'text', channel: 'final', text: 'All 100,000 lines were printed; the last one says `done`.' },
  ],
};

export const files: Scene = {
  name: 'files',
  prompt: 'Write the report as CSV, Markdown and JSON.',
  title: 'A report in three formats',
  isShown: true,
  steps: [
    {
      kind: 'call',
      form: 'appended',
      code: `import json
from pathlib import Path

out = Path("/mnt/data/report")
out.mkdir(parents=True, exist_ok=True)
rows = [("North", 15018), ("South", 14721), ("West", 11259)]
(out / "report.csv").write_text("region,revenue\\n" + "".join(f"{r},{v}\\n" for r, v in rows))
(out / "report.md").write_text("# Revenue\\n\\n" + "".join(f"- {r}: {v:,} EUR\\n" for r, v in rows))
(out / "report.json").write_text(json.dumps(dict(rows), indent=2))
for path in sorted(out.iterdir()):
    print(path.name, path.stat().st_size, "bytes")
`,
      result: { text: 'report.csv 50 bytes\nreport.json 55 bytes\nreport.md 70 bytes', delayMs: 600 },
    },
    {
      kind: 'text',
      channel: 'final',
      text: 'Done. The three files are in `/mnt/data/report`: [report.csv](sandbox:/mnt/data/report/report.csv), [report.md](sandbox:/mnt/data/report/report.md) and [report.json](sandbox:/mnt/data/report/report.json).',
    },
  ],
};

export const twoCalls: Scene = {
  name: 'two calls at once',
  prompt: 'Compare two ways to add up a million numbers.',
  title: 'Two ways to add up',
  isShown: true,
  steps: [
    { kind: 'text', channel: 'commentary', text: 'I’ll try both at the same time.' },
    {
      kind: 'call',
      form: 'whole',
      code: 'print("first:", sum(range(1_000_001)))\n',
      result: { text: 'first: 500000500000', delayMs: 500 },
      resultAfterNext: true,
    },
    {
      kind: 'call',
      form: 'appended',
      code: 'n = 1_000_000\nprint("second:", n * (n + 1) // 2)\n',
      result: { text: 'second: 500000500000', delayMs: 300 },
    },
    { kind: 'text', channel: 'final', text: 'Both give **500000500000**; Gauss’s formula needs no loop.' },
  ],
};

export const thinking: Scene = {
  name: 'thinking',
  prompt: 'Which number below 10,000 has the longest Collatz sequence?',
  title: 'Longest Collatz sequence',
  isShown: true,
  steps: [
    {
      kind: 'thoughts',
      summary: 'Setting up the search',
      text: 'I can simply try every start below the limit and remember the longest sequence.',
    },
    {
      kind: 'call',
      thinkingMarks: ['status'],
      form: 'whole',
      code: 'def steps(n):\n    count = 0\n    while n != 1:\n        n = n // 2 if n % 2 == 0 else 3 * n + 1\n        count += 1\n    return count\n\nsteps(27)\n',
      result: { text: '111', delayMs: 500 },
    },
    {
      kind: 'call',
      thinkingMarks: ['channel'],
      form: 'whole',
      code: 'best = max(range(1, 10_000), key=steps)\nbest, steps(best)\n',
      result: { text: '(6171, 261)', delayMs: 700 },
    },
    {
      kind: 'call',
      thinkingMarks: ['channel', 'status'],
      form: 'whole',
      code: 'print([n for n in range(1, 10_000) if steps(n) == steps(best)])\n',
      result: { text: '[6171]', delayMs: 600 },
    },
    { kind: 'thoughts', summary: 'Checking the result', text: 'It is unique, so the answer is safe.' },
    {
      kind: 'text',
      channel: 'final',
      text: 'It is **6171**: its sequence takes 261 steps, and no other start below 10,000 needs as many.',
    },
  ],
};

export const drifted: Scene = {
  name: 'drifted',
  prompt: 'Answer in a shape nobody has seen before.',
  title: 'An unknown shape',
  isShown: true,
  shape: 'drifted',
  steps: [
    {
      kind: 'call',
      form: 'appended',
      code: 'print("nobody can read this call")\n',
      result: { text: 'nobody can read this call', delayMs: 400 },
    },
    {
      kind: 'text',
      channel: 'final',
      text: 'This answer came in frames that only this page understands. An extension should notice that and say so.',
    },
  ],
};
