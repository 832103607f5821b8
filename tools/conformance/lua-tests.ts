import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLuaRunner } from '../../src/runners/lua/index.ts';
import { MemoryFiles } from '../../tests/support/kit/memory-files.ts';
import { nodeSource } from '../../tests/support/kit/node-source.ts';
import { openInNode } from '../../tests/support/kit/open-node.ts';
import { readPack } from './pack.ts';
import type { Verdict } from './verdict.ts';

export interface LuaTests {
  readonly commit: string;
  /** By name, as Latin-1. */
  readonly files: Readonly<Record<string, string>>;
}

/** Not run: the driver, the stand-alone interpreter's own, and those that want gigabytes or many minutes. */
export const LUA_LEFT_OUT: Readonly<Record<string, string>> = {
  'all.lua': 'runs the others',
  'main.lua': 'tests the command line of the stand-alone interpreter',
  'big.lua': 'wants gigabytes of memory',
  'verybig.lua': 'wants gigabytes of memory',
  'heavy.lua': 'wants gigabytes of memory and many minutes',
};

/** Lines of these files that need what is refused here; or that need those lines. From, to (both left out), and why. */
export type LeftOutLines = Readonly<Record<string, readonly (readonly [from: number, to: number, reason: string])[]>>;

export const readLeftOutLines = (): LeftOutLines =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../tests/fixtures/lua/left-out.json'), 'utf8')) as LeftOutLines;

const TIME_MS = 120_000;
const MEMORY_MB = 512;

export const readLuaTests = (): LuaTests => readPack('lua/testes.br') as LuaTests;

/** Runs each file of Lua's own tests ("user mode": without the C library that they can use) through the whole runner. */
export async function runLuaTests({ files }: LuaTests, leftOut: LeftOutLines): Promise<Verdict[]> {
  const runner = createLuaRunner({ source: nodeSource('lua') });
  const verdicts: Verdict[] = [];
  for (const name of Object.keys(files).filter((each) => !(each in LUA_LEFT_OUT))) {
    const tree = new MemoryFiles();
    for (const [path, text] of Object.entries(files)) {
      tree.put(path, Buffer.from(withoutLines(text, leftOut[path] ?? []), 'latin1'));
    }
    const session = await openInNode(runner, {}, tree);
    const code = `_port, _soft, _nomsg, _U = true, true, true, true\n${NO_TRACE}\nassert(loadfile("${name}"))()`;
    const { outcome } = await session.run(code, { timeMs: TIME_MS, memoryMB: MEMORY_MB });
    session.dispose();
    const isRight = outcome.kind === 'completed' && outcome.error === null;
    const lines = (files[name] ?? '').split('\n').length;
    verdicts.push({ name, problem: isRight ? null : problemOf(name, lines, outcome) });
  }
  return verdicts;
}

/** Stands for the tests' own helper that prints a dot at each collection, by a finalizer. */
const NO_TRACE = 'package.preload.tracegc = function() return { start = function() end, stop = function() end } end';

function withoutLines(text: string, ranges: LeftOutLines[string]): string {
  const isLeftOut = (line: number): boolean => ranges.some(([from, to]) => line >= from && line <= to);
  return text
    .split('\n')
    .map((line, at) => (isLeftOut(at + 1) ? '' : line))
    .join('\n');
}

/** How far the file came: the line of its main chunk. */
function problemOf(name: string, lines: number, outcome: { readonly kind: string }): string {
  const { error } = outcome as {
    readonly error?: { readonly message: string; readonly traceback: string | null } | null;
  };
  if (!error) return outcome.kind;
  const frames = (error.traceback ?? '').split('\n').filter((line) => line.trim().startsWith(`${name}:`));
  const line = /:(\d+):/u.exec(frames.at(-1) ?? '')?.[1] ?? '?';
  return `line ${line} of ${lines}: ${error.message.replace(/^[^\s:]+:\d+: /u, '')}`;
}
