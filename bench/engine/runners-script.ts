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

export interface Program {
  readonly language: Language;
  readonly code: string;
}

const PAUSE_MS = 60;
const MOST_READY_MS = 15_000;

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

/** Runs until it prints, then `before`, then Stop; tells how long the end took. */
async function stopOnce(
  session: RunnerSession,
  language: Language,
  endless: string,
  before: () => Promise<void> = async () => undefined,
): Promise<number> {
  const stop = new AbortController();
  let pressedAt = Number.NaN;
  let isHeard = false;
  const outcome = await session.execute(
    { language, code: endless, limits, stdin: [] },
    {
      signal: stop.signal,
      onEvent(event) {
        if (event.kind !== 'output' || isHeard) return;
        isHeard = true;
        void before().then(() => {
          pressedAt = performance.now();
          stop.abort();
        });
      },
    },
  );
  if (outcome.kind !== 'cancelled') throw new Error(JSON.stringify(outcome));
  return performance.now() - pressedAt;
}

/** Until the empty box that the last start took stands again: starts come from people, not in a row. */
async function ready(): Promise<void> {
  const until = performance.now() + MOST_READY_MS;
  while (!(await boxes.emptyReady())) {
    if (performance.now() > until) throw new Error('no empty box stands');
    await pause(20);
  }
}

export const benchRunners = {
  /** A fresh worker, from the wish for a session, where an empty box stands. */
  async fresh(language: Language, code: string): Promise<number> {
    await ready();
    const from = performance.now();
    const session = await open(language);
    const ms = await firstOutput(session, language, code, from);
    session.dispose();
    return ms;
  },
  /** The first start of a language reads its files from the package, for all that follow. */
  async first(language: Language, code: string): Promise<void> {
    const session = await open(language);
    await firstOutput(session, language, code, 0);
    session.dispose();
  },
  /** The same programs in turns, again and again in one worker; the first round does not count. */
  async warm(programs: readonly Program[], times: number): Promise<number[][]> {
    const session = await open(programs[0]?.language ?? 'javascript');
    const samples: number[][] = programs.map(() => []);
    for (let turn = 0; turn <= times; turn += 1) {
      for (const [at, { language, code }] of programs.entries()) {
        // A box delivers 60 times a second; runs in a row would wait for each other's messages.
        await pause(PAUSE_MS);
        const ms = await firstOutput(session, language, code, performance.now());
        if (turn > 0) samples[at]?.push(ms);
      }
    }
    session.dispose();
    return samples;
  },
  /** From Stop to the outcome of an endless program, so many times. */
  async stops(language: Language, endless: string, times: number): Promise<number[]> {
    const samples: number[] = [];
    let session: RunnerSession | null = null;
    for (let turn = 0; turn < times; turn += 1) {
      if (session?.isAlive !== true) session = await open(language);
      samples.push(await stopOnce(session, language, endless));
      await pause(PAUSE_MS);
    }
    session?.dispose();
    return samples;
  },
  /** How soon after a worker's end the next one prints. An empty box stands by then, as when a person stops a program. */
  async next(language: Language, endless: string, code: string): Promise<number> {
    const session = await open(language);
    await stopOnce(session, language, endless, ready);
    const from = performance.now();
    session.dispose();
    const following = await open(language);
    const ms = await firstOutput(following, language, code, from);
    following.dispose();
    return ms;
  },
};

Object.assign(globalThis, { benchRunners });
