import { expect, test } from 'vitest';
import { createLuaRunner } from '../../src/runners/lua/index.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode } from '../support/kit/open-node.ts';
import { readSnippets } from '../support/lua/snippets.ts';

const runner = createLuaRunner({ source: nodeSource('lua') });
const snippets = readSnippets();

test('there are enough of them', () => {
  expect(snippets.length).toBeGreaterThanOrEqual(40);
});

test.for(snippets.map((snippet) => [snippet.name, snippet] as const))('%s', async ([, snippet]) => {
  const session = await openInNode(runner);
  try {
    const { outcome, stdout, stderr } = await session.run(snippet.code, { stdin: snippet.stdin });
    const ended = outcome.kind === 'completed' ? outcome : null;
    expect({
      kind: outcome.kind,
      stdout,
      stderr,
      error: ended?.error?.message ?? null,
      exitCode: ended?.exitCode,
    }).toEqual({
      kind: 'completed',
      stdout: snippet.stdout,
      stderr: snippet.stderr,
      error: snippet.error,
      exitCode: snippet.exitCode,
    });
  } finally {
    session.dispose();
  }
});
