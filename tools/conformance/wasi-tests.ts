import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { createWasmRunner } from '../../src/runners/wasm/index.ts';
import { nodeSource } from '../../tests/support/kit/node-source.ts';
import { MemoryFiles } from '../../tests/support/kit/memory-files.ts';
import { openInNode } from '../../tests/support/kit/open-node.ts';

/** One program of the WASI test suite, with what it gets and has to do. */
export interface WasiTest {
  readonly name: string;
  /** Bytes as Latin-1. */
  readonly wasm: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly exitCode: number;
  /** Null where nothing is expected. */
  readonly stdout: string | null;
  /** What lies in the root; null where it gets none. */
  readonly files: Readonly<Record<string, string>> | null;
}

export interface WasiVerdict {
  readonly name: string;
  /** Null for a test that passed. */
  readonly problem: string | null;
}

const PACKED = join(import.meta.dirname, '../../tests/fixtures/wasi/testsuite.br');
const TIME_MS = 20_000;

export function readWasiTests(): { readonly commit: string; readonly tests: readonly WasiTest[] } {
  const text = brotliDecompressSync(readFileSync(PACKED)).toString('latin1');
  return JSON.parse(text) as { commit: string; tests: WasiTest[] };
}

/** Runs each test in a session of its own tree, through the whole runner in a worker thread. */
export async function runWasiTests(tests: readonly WasiTest[]): Promise<WasiVerdict[]> {
  const runner = createWasmRunner({ source: nodeSource('wasm') });
  const verdicts: WasiVerdict[] = [];
  for (const test of tests) {
    const files = new MemoryFiles();
    for (const [path, text] of Object.entries(test.files ?? {})) files.put(path, text);
    const session = await openInNode(runner, {}, files);
    try {
      const { outcome, stdout, stderr } = await session.run(codeOf(test), { timeMs: TIME_MS });
      const exitCode = outcome.kind === 'completed' ? outcome.exitCode : null;
      const isRight = exitCode === test.exitCode && (test.stdout === null || stdout === test.stdout);
      verdicts.push({ name: test.name, problem: isRight ? null : problemOf(outcome, stderr || stdout) });
    } finally {
      session.dispose();
    }
  }
  return verdicts;
}

function codeOf(test: WasiTest): string {
  const quoted = (words: readonly string[]): string => words.map((word) => JSON.stringify(word)).join(' ');
  const env = Object.entries(test.env).map(([name, value]) => `${name}=${value}`);
  return [
    ...(test.files ? [';; files: on'] : []),
    ...(test.args.length > 0 ? [`;; args: ${quoted(test.args)}`] : []),
    ...(env.length > 0 ? [`;; env: ${quoted(env)}`] : []),
    Buffer.from(test.wasm, 'latin1').toString('base64'),
  ].join('\n');
}

/** The line of a failed assertion, or how the run ended. */
function problemOf(outcome: { readonly kind: string }, printed: string): string {
  const lines = printed.split('\n').map((line) => line.trim());
  const at = lines.findIndex((line) => line.includes('panicked at') || line.includes('Assertion failed'));
  const said =
    at < 0
      ? ''
      : [lines[at]?.replace(/^thread '[^']*' /u, ''), lines[at + 1], lines[at + 2], lines[at + 3]].join(' ').trim();
  if (said !== '') return said.slice(0, 200);
  return JSON.stringify(outcome).slice(0, 200);
}
