import { sessionIdOf } from '../../../src/contracts/ids.ts';
import type { BoxOpener } from '../../../src/contracts/box.ts';
import type { Outcome } from '../../../src/contracts/outcome.ts';
import type { RunEvent } from '../../../src/contracts/run.ts';
import type { RunnerSession } from '../../../src/contracts/runner.ts';
import type { EngineStart } from '../../../src/contracts/runner-protocol.ts';
import { createPythonRunner } from '../../../src/runners/python/index.ts';
import { MemoryFiles } from './memory-files.ts';
import { createNodeBoxes, type NodeBoxOptions } from './node-box.ts';
import { vendoredSource } from './node-engine.ts';

export interface RunOptions {
  readonly stdin?: readonly string[] | null;
  readonly timeMs?: number;
  readonly memoryMB?: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

export interface FinishedRun {
  readonly outcome: Outcome;
  readonly events: readonly RunEvent[];
  readonly stdout: string;
  readonly stderr: string;
}

export interface TestSession {
  readonly session: RunnerSession;
  readonly files: MemoryFiles;
  run(code: string, options?: RunOptions): Promise<FinishedRun>;
  dispose(): void;
}

/** A Python session in a worker thread, from the vendored files, through the real runner. */
export async function openPython(
  start: EngineStart,
  boxes: NodeBoxOptions = {},
  files = new MemoryFiles(),
  around: (boxes: BoxOpener) => BoxOpener = (plain) => plain,
): Promise<TestSession> {
  const runner = createPythonRunner({ source: vendoredSource(), start: () => start });
  const opened = await runner.openSession({
    sessionId: sessionIdOf('test'),
    boxes: around(createNodeBoxes(boxes)),
    files,
    limits: { timeMs: 30_000, memoryMB: 256 },
    signal: new AbortController().signal,
  });
  if (!opened.ok) throw new Error(`${opened.error.code}: ${opened.error.detail ?? ''}`);
  const session = opened.value;
  return {
    session,
    files,
    dispose: () => session.dispose(),
    async run(code, options = {}) {
      const events: RunEvent[] = [];
      const outcome = await session.execute(
        {
          language: 'python',
          code,
          stdin: options.stdin === undefined ? [] : options.stdin,
          limits: { timeMs: options.timeMs ?? 30_000, memoryMB: options.memoryMB ?? 256 },
        },
        {
          signal: options.signal ?? new AbortController().signal,
          onEvent: (event) => {
            events.push(event);
            options.onEvent?.(event);
          },
        },
      );
      const printed = (stream: 'stdout' | 'stderr'): string =>
        events.map((event) => (event.kind === 'output' && event.stream === stream ? event.text : '')).join('');
      return { outcome, events, stdout: printed('stdout'), stderr: printed('stderr') };
    },
  };
}
