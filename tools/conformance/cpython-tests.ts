import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPyodide } from 'pyodide';
import { openPython, type TestSession } from '../../tests/support/python/open-session.ts';
import { readPack } from './pack.ts';

export interface CPythonTests {
  /** The version of CPython that they belong to. */
  readonly version: string;
  readonly modules: readonly string[];
  /** Everything that they need, by path, as Latin-1. */
  readonly files: Readonly<Record<string, string>>;
}

/** How a module of tests ended. */
export interface ModuleVerdict {
  readonly name: string;
  readonly ran: number;
  readonly skipped: number;
  /** Those of which at least one part fails. */
  readonly failed: readonly string[];
  /** Those that go as deep as the stack of a native CPython. */
  readonly leftOut: readonly string[];
  /** Why the whole module could not be run; null where it ran. */
  readonly notRun: string | null;
}

const TIME_MS = 120_000;
const MEMORY_MB = 1024;
const PACK = 'python/cpython-tests.br';
const driver = (): string => readFileSync(join(import.meta.dirname, 'cpython_driver.py'), 'utf8');

export const readCPythonTests = (): CPythonTests => readPack(PACK) as CPythonTests;

const verdictOf = (name: string, text: string): ModuleVerdict => ({
  ...{ name, ran: 0, skipped: 0, failed: [], leftOut: [], notRun: null },
  ...(JSON.parse(text) as Partial<ModuleVerdict>),
});

/** Runs the modules through the whole runner, in a session that starts from the saved heap of the libraries. */
export async function runCPythonTests(tests: CPythonTests): Promise<ModuleVerdict[]> {
  const limits = { timeMs: TIME_MS, memoryMB: MEMORY_MB };
  let python: TestSession | null = null;
  const opened = async (): Promise<TestSession> => {
    const session = await openPython('science');
    session.files.put('tests.json', JSON.stringify(tests));
    await session.run(`${driver()}\nunpack(open("/mnt/data/tests.json").read())`, limits);
    return session;
  };
  const verdicts: ModuleVerdict[] = [];
  for (const name of tests.modules) {
    python ??= await opened();
    const { outcome, stdout } = await python.run(`print(json.dumps(failed_tests("${name}")))`, limits);
    const isOver = outcome.kind === 'completed' && outcome.error === null;
    verdicts.push(verdictOf(name, isOver ? stdout : JSON.stringify({ notRun: outcome.kind })));
    if (isOver) continue;
    python.dispose();
    python = null;
  }
  python?.dispose();
  return verdicts;
}

/** Runs them in Pyodide as its makers ship it, in this process, which must have as deep a stack as a worker has. */
export async function runInPlainPyodide(tests: CPythonTests): Promise<ModuleVerdict[]> {
  const quiet = (): void => undefined;
  const python = await loadPyodide({ stdout: quiet, stderr: quiet });
  python.runPython(driver());
  python.FS.writeFile('/tmp/tests.json', JSON.stringify(tests));
  python.runPython('unpack(open("/tmp/tests.json").read())');
  return tests.modules.map((name) => verdictOf(name, String(python.runPython(`json.dumps(failed_tests("${name}"))`))));
}
