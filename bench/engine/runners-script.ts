import '../support/no-eval.ts';
import { createBoxOpener } from '../../src/box/index.ts';
import type { FileAnswer, SessionFiles } from '../../src/contracts/files.ts';
import { sessionIdOf } from '../../src/contracts/ids.ts';
import type { Language } from '../../src/contracts/run.ts';
import type { RunnerSession } from '../../src/contracts/runner.ts';
import { createRunners } from '../../src/host/registry.ts';
import { packagedSource } from '../../src/runners/kit/index.ts';

// Bundled and evaluated in a page of the built extension: the product's registry and boxes, an empty box kept open.

const noFiles: SessionFiles = {
  mountPath: '/mnt/data',
  async perform(operation): Promise<FileAnswer> {
    return operation.op === 'list' ? { ok: true, entries: [] } : { ok: false, errno: 'ENOENT' };
  },
  all: async () => [],
};
const limits = { timeMs: 60_000, memoryMB: 128 };
const { signal } = new AbortController();
const boxes = createBoxOpener({ document, pageUrl: '/box.html', canAffordSpare: () => true });
const runners = createRunners({
  sourceOf: (id) => packagedSource(`${location.origin}/`, id),
  pythonStart: () => 'base',
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function open(language: Language): Promise<RunnerSession> {
  const runner = runners.find(({ manifest }) => manifest.languages.includes(language));
  const opened = await runner?.openSession({
    sessionId: sessionIdOf(`bench:${performance.now()}`),
    boxes,
    files: noFiles,
    limits,
    signal,
  });
  if (!opened?.ok) throw new Error(opened ? `${opened.error.code} ${opened.error.detail ?? ''}` : 'no such runner');
  return opened.value;
}

/** Milliseconds from `from` to the first output, or to the end where nothing is printed. */
async function firstOutput(session: RunnerSession, language: Language, code: string, from: number): Promise<number> {
  let at = Number.NaN;
  const outcome = await session.execute(
    { language, code, limits, stdin: [] },
    { signal, onEvent: (event) => event.kind === 'output' && Number.isNaN(at) && (at = performance.now()) },
  );
  if (outcome.kind !== 'completed' || outcome.error) throw new Error(JSON.stringify(outcome));
  return (Number.isNaN(at) ? performance.now() : at) - from;
}

/** Runs until it prints, stops it, and tells how long the end took. */
async function stopOnce(session: RunnerSession, language: Language, endless: string): Promise<number> {
  const stop = new AbortController();
  let pressedAt = 0;
  let isPressed = false;
  const outcome = await session.execute(
    { language, code: endless, limits, stdin: [] },
    {
      signal: stop.signal,
      onEvent(event) {
        if (event.kind !== 'output' || isPressed) return;
        isPressed = true;
        // By then an empty box stands again, as it does when a person stops a program.
        void benchRunners.rest().then(() => {
          pressedAt = performance.now();
          stop.abort();
        });
      },
    },
  );
  if (outcome.kind !== 'cancelled') throw new Error(JSON.stringify(outcome));
  return performance.now() - pressedAt;
}

export const benchRunners = {
  /** A fresh worker, from the wish for a session. */
  async fresh(language: Language, code: string): Promise<number> {
    const from = performance.now();
    const session = await open(language);
    const ms = await firstOutput(session, language, code, from);
    session.dispose();
    return ms;
  },
  /** The same program again and again in one worker. */
  async warm(language: Language, code: string, times: number): Promise<number[]> {
    const session = await open(language);
    await firstOutput(session, language, code, 0);
    const samples: number[] = [];
    for (let turn = 0; turn < times; turn += 1) {
      // A box delivers 60 times a second; runs in a row would wait for each other's messages.
      await pause(120);
      samples.push(await firstOutput(session, language, code, performance.now()));
    }
    session.dispose();
    return samples;
  },
  /** Stop, and how soon after a worker's end the next one prints. */
  async stopped(language: Language, endless: string, next: string): Promise<{ stopMs: number; nextMs: number }> {
    const session = await open(language);
    const stopMs = await stopOnce(session, language, endless);
    session.dispose();
    return { stopMs, nextMs: await benchRunners.fresh(language, next) };
  },
  /** Starts come from people, not in a row: the empty box that the last one took is made again after a second. */
  rest: (): Promise<void> => pause(1_400),
};

(globalThis as Record<string, unknown>)['benchRunners'] = benchRunners;
