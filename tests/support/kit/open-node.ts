import { sessionIdOf } from '../../../src/contracts/ids.ts';
import type { BoxOpener } from '../../../src/contracts/box.ts';
import type { AskNetwork } from '../../../src/contracts/network.ts';
import type { Outcome } from '../../../src/contracts/outcome.ts';
import type { Language, RunEvent } from '../../../src/contracts/run.ts';
import type { Runner, RunnerSession } from '../../../src/contracts/runner.ts';
import { MemoryFiles } from './memory-files.ts';
import { createNodeBoxes, type NodeBoxOptions } from './node-box.ts';

export interface RunOptions {
  readonly language?: Language;
  readonly stdin?: readonly string[] | null;
  readonly timeMs?: number;
  readonly memoryMB?: number;
  readonly signal?: AbortSignal;
  readonly network?: AskNetwork;
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
  /** In the runner's first language where none is named. */
  run(code: string, options?: RunOptions): Promise<FinishedRun>;
  dispose(): void;
}

/** A session of a real runner whose boxes are worker threads. */
export async function openInNode(
  runner: Runner,
  boxes: NodeBoxOptions = {},
  files = new MemoryFiles(),
  around: (boxes: BoxOpener) => BoxOpener = (plain) => plain,
): Promise<TestSession> {
  const first = runner.manifest.languages[0];
  if (!first) throw new Error(`${runner.manifest.id} has no language`);
  const opened = await runner.openSession({
    sessionId: sessionIdOf('test'),
    boxes: around(createNodeBoxes(boxes)),
    files,
    limits: { timeMs: 30_000, memoryMB: runner.manifest.memoryMB },
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
          language: options.language ?? first,
          code,
          stdin: options.stdin === undefined ? [] : options.stdin,
          limits: { timeMs: options.timeMs ?? 30_000, memoryMB: options.memoryMB ?? runner.manifest.memoryMB },
        },
        {
          ...(options.network === undefined ? {} : { network: options.network }),
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
