import { createBoxOpener } from '../../../src/box/index.ts';
import { sessionIdOf } from '../../../src/contracts/ids.ts';
import type { Outcome } from '../../../src/contracts/outcome.ts';
import type { Language } from '../../../src/contracts/run.ts';
import type { RunnerSession } from '../../../src/contracts/runner.ts';
import { createJavaScriptRunner } from '../../../src/runners/javascript/index.ts';
import { packagedSource } from '../../../src/runners/kit/index.ts';
import { MemoryFiles } from '../kit/memory-files.ts';

// Runs in a page of an extension that holds the runner's scripts and files, for tests and benches.

const boxes = createBoxOpener({ document, pageUrl: '/box.html', canAffordSpare: () => true });
const runner = createJavaScriptRunner({ source: packagedSource(`${location.origin}/`, 'javascript') });
const sessions: RunnerSession[] = [];

export interface PageRun {
  readonly outcome: Outcome;
  readonly stdout: string;
  /** Milliseconds from the wish to run until the first output, and until the end. */
  readonly firstMs: number;
  readonly endedMs: number;
  /** From Stop to the outcome; null where nothing was stopped. */
  readonly stopMs: number | null;
}

export const javascript = {
  async open(): Promise<number> {
    const opened = await runner.openSession({
      sessionId: sessionIdOf(`page-${sessions.length}`),
      boxes,
      files: new MemoryFiles(),
      limits: { timeMs: 30_000, memoryMB: 128 },
      signal: new AbortController().signal,
    });
    if (!opened.ok) throw new Error(`${opened.error.code} ${opened.error.detail ?? ''}`);
    return sessions.push(opened.value) - 1;
  },
  /** Stops at the first output where `isStopped` is given. */
  async run(
    id: number,
    code: string,
    options: { readonly language?: Language; readonly timeMs?: number; readonly isStopped?: boolean } = {},
  ): Promise<PageRun> {
    const session = sessions[id];
    if (!session) throw new Error('no such session');
    const stop = new AbortController();
    const began = performance.now();
    let stdout = '';
    let firstMs = Number.NaN;
    let stoppedAt: number | null = null;
    const outcome = await session.execute(
      {
        language: options.language ?? 'javascript',
        code,
        stdin: [],
        limits: { timeMs: options.timeMs ?? 30_000, memoryMB: 128 },
      },
      {
        signal: stop.signal,
        onEvent: (event) => {
          if (event.kind !== 'output') return;
          if (Number.isNaN(firstMs)) firstMs = performance.now() - began;
          stdout += event.text;
          if (options.isStopped !== true || stoppedAt !== null) return;
          stoppedAt = performance.now();
          stop.abort();
        },
      },
    );
    const ended = performance.now();
    return { outcome, stdout, firstMs, endedMs: ended - began, stopMs: stoppedAt === null ? null : ended - stoppedAt };
  },
  isAlive: (id: number): boolean => sessions[id]?.isAlive === true,
  dispose: (id: number): void => sessions[id]?.dispose(),
  /** From the wish for a session to the first line of its first program; milliseconds. */
  async fresh(code: string, language: Language = 'javascript'): Promise<number> {
    const began = performance.now();
    const id = await javascript.open();
    const openedMs = performance.now() - began;
    const { firstMs } = await javascript.run(id, code, { language });
    javascript.dispose(id);
    return openedMs + firstMs;
  },
};

export type JavaScriptPage = typeof javascript;
Object.assign(globalThis, { javascript });
