import { describe, expect, it } from 'vitest';
import { read, trackedFiles } from './sources.ts';

const PAGE = 'docs/specified-tests.md';
const text = read(PAGE);
const tracked = new Set(trackedFiles());

const pathsIn = (part: string): string[] =>
  [...part.matchAll(/`((?:tests|src|bench)\/[\w./-]+\.(?:ts|json|md))`/gu)].map(([, path = '']) => path);

/** The words that stand for files: `**word** is …`, or `**word**, …`, up to the next full stop or the next word. */
const words = new Map(
  [...text.matchAll(/\*\*(\w+)\*\*(?: is|,)([^*]*?`[^*]*?)(?=\.\s|\.$|:|,? and again|\*\*)/gmu)].map(
    ([, word = '', rest = '']) => [word.toLowerCase(), pathsIn(rest)] as const,
  ),
);

interface Named {
  readonly title: string;
  readonly files: readonly string[];
}

/** Titles in the tables, each with the files in which it may stand: those named last before it in its row. */
function titlesIn(row: string): Named[] {
  const named: Named[] = [];
  let files: readonly string[] = [];
  const marks = new RegExp(
    `\u0060([^\u0060]+)\u0060|"([^"]+)"|\\b(${[...words.keys()].join('|')})\\b(?= ["\u0060])`,
    'gu',
  );
  for (const [, code, title, word] of row.matchAll(marks)) {
    if (title !== undefined) named.push({ title, files });
    else if (word !== undefined) files = words.get(word) ?? [];
    else if (code?.includes('/')) files = [code];
  }
  return named;
}

const rows = text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
const titles = rows.flatMap(titlesIn);

describe(PAGE, () => {
  it('says what its words for files mean', () => {
    expect(Object.fromEntries(words)).toEqual({
      contract: ['tests/support/contract/runner-cases.ts', 'tests/support/contract/file-cases.ts'],
      specified: ['tests/node/specified-runners.test.ts'],
      scenarios: ['src/execution/run-scenarios.test.ts'],
      select: ['src/execution/select/select.test.ts'],
      decisions: ['src/host/decisions.test.ts'],
      node: ['tests/node/execution.test.ts'],
      e2e: ['tests/e2e/execution.test.ts'],
      unit: ['src/execution/run-queueing.test.ts'],
    });
  });

  it('names only files that are there', () => {
    const paths = pathsIn(text);
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter((path) => !tracked.has(path))).toEqual([]);
  });

  it('names only tests that are there, each after its file', () => {
    expect(titles.length).toBe([...rows.join('\n').matchAll(/"[^"]+"/gu)].length);
    expect(titles.length).toBeGreaterThan(50);
    for (const { title, files } of titles) {
      expect(files, title).not.toEqual([]);
      // Titles stand in programs as texts, an apostrophe perhaps behind a backslash.
      const sources = files.map((file) => read(file).replaceAll("\\'", "'"));
      for (const part of title.split('…').map((said) => said.trim()))
        expect(
          sources.some((source) => source.includes(part)),
          `${files.join(', ')}: ${title}`,
        ).toBe(true);
    }
  });

  it('names only rows of decisions that are there', () => {
    const known = new Set(
      (JSON.parse(read('tests/fixtures/selection/decisions.json')) as { id: string }[]).map(({ id }) => id),
    );
    const named = [...text.matchAll(/`((?:js|py|ruby|swift|unrecognised)(?:-[a-z-]+)?)`/gu)].map(([, id = '']) => id);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });
});
