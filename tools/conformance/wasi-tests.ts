import { createWasmRunner } from '../../src/runners/wasm/index.ts';
import { nodeSource } from '../../tests/support/kit/node-source.ts';
import { MemoryFiles } from '../../tests/support/kit/memory-files.ts';
import { openInNode } from '../../tests/support/kit/open-node.ts';
import { readPack } from './pack.ts';
import type { Verdict } from './verdict.ts';

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

const TIME_MS = 20_000;

export interface WasiTests {
  readonly commit: string;
  readonly tests: readonly WasiTest[];
}

export const readWasiTests = (): WasiTests => readPack('wasi/testsuite.br') as WasiTests;

/** Runs each test in a session of its own tree, through the whole runner in a worker thread. */
export async function runWasiTests(tests: readonly WasiTest[]): Promise<Verdict[]> {
  const runner = createWasmRunner({ source: nodeSource('wasm') });
  const verdicts: Verdict[] = [];
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
  const said = at < 0 ? '' : (lines[at + 1] ?? '').replace(/, message: .*$/u, ' }');
  if (said !== '') return said.slice(0, 200);
  return JSON.stringify(outcome).slice(0, 200);
}
