import { readFileSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { createNodeBoxes } from '../kit/node-box.ts';
import { MemoryFiles } from '../kit/memory-files.ts';
import { sessionIdOf } from '../../../src/contracts/ids.ts';
import type { Outcome } from '../../../src/contracts/outcome.ts';
import { javascriptRunner } from './open-javascript.ts';

export const TEST262 = join(import.meta.dirname, '../../fixtures/test262');
const boxes = createNodeBoxes();
const runner = javascriptRunner();

export const test262Names = (): string[] => globSync('test/**/*.js', { cwd: TEST262 }).sort();

interface Facts {
  readonly includes: readonly string[];
  readonly flags: readonly string[];
  readonly negative: string | null;
}

/** The facts that a test states of itself in its first comment. */
export function factsOf(text: string): Facts {
  const yaml = /\/\*---([\s\S]*?)---\*\//u.exec(text)?.[1] ?? '';
  const list = (name: string): string[] => {
    const inline = new RegExp(`^${name}:\\s*\\[([^\\]]*)\\]`, 'mu').exec(yaml)?.[1];
    if (inline !== undefined) return inline.split(',').map((one) => one.trim());
    const block = new RegExp(`^${name}:\\s*\\n((?:\\s+- .*\\n?)*)`, 'mu').exec(yaml)?.[1] ?? '';
    return [...block.matchAll(/- (.*)/gu)].map((match) => match[1]?.trim() ?? '');
  };
  const negative = /^negative:[\s\S]*?^\s+type: (\w+)/mu.exec(yaml)?.[1] ?? null;
  return { includes: list('includes'), flags: list('flags'), negative };
}

const harness = (name: string): string => readFileSync(join(TEST262, 'harness', name), 'utf8');
const DONE = `globalThis.$DONE = (error) => { globalThis.test262Ending = error ? String(error) : 'done' };`;

/** Null where the test passes in the product's own runner, with its sessions and its rewriting; else what went wrong. */
export async function runTest262(name: string): Promise<string | null> {
  const text = readFileSync(join(TEST262, name), 'utf8');
  const { includes, flags, negative } = factsOf(text);
  const opened = await runner.openSession({
    sessionId: sessionIdOf('test262'),
    boxes,
    files: new MemoryFiles(),
    limits: { timeMs: 10_000, memoryMB: 128 },
    signal: new AbortController().signal,
  });
  if (!opened.ok) throw new Error(opened.error.code);
  const session = opened.value;
  const run = (code: string): Promise<Outcome> =>
    session.execute(
      { language: 'javascript', code, stdin: [], limits: { timeMs: 10_000, memoryMB: 128 } },
      { signal: new AbortController().signal, onEvent: () => undefined },
    );
  try {
    const parts = flags.includes('raw') ? [] : ['assert.js', 'sta.js', ...includes].map(harness);
    const ready = await run([...parts, DONE].join('\n;\n'));
    if (ready.kind !== 'completed' || ready.error) return `the harness failed: ${JSON.stringify(ready)}`;
    const outcome = await run(flags.includes('onlyStrict') ? `"use strict";\n${text}` : text);
    if (outcome.kind !== 'completed') return outcome.kind;
    if (negative !== null) return outcome.error?.title === negative ? null : `no ${negative}`;
    if (outcome.error) return `${outcome.error.title}: ${outcome.error.message}`;
    if (!flags.includes('async')) return null;
    const ending = await run('globalThis.test262Ending');
    const said = ending.kind === 'completed' ? ending.result : ending.kind;
    return said === "'done'" ? null : `$DONE: ${said ?? 'never called'}`;
  } finally {
    session.dispose();
  }
}
