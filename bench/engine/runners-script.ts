import '../support/no-eval.ts';
import { createBoxOpener } from '../../src/box/index.ts';
import type { BoxOpener } from '../../src/contracts/box.ts';
import type { FileAnswer, SessionFiles } from '../../src/contracts/files.ts';
import { sessionIdOf } from '../../src/contracts/ids.ts';
import type { Language } from '../../src/contracts/run.ts';
import type { RunnerSession } from '../../src/contracts/runner.ts';
import { createRunners } from '../../src/host/registry.ts';
import { javascriptEngine } from '../../src/runners/javascript/index.ts';
import { packagedSource } from '../../src/runners/kit/index.ts';

// Bundled and evaluated in a page of the built extension: the product's registry and boxes, an empty box kept open.

const noFiles: SessionFiles = {
  mountPath: '/mnt/data',
  async perform(operation): Promise<FileAnswer> {
    return operation.op === 'list' ? { ok: true, entries: [] } : { ok: false, errno: 'ENOENT' };
  },
  all: async () => [],
  onChange: () => undefined,
};
const limits = { timeMs: 60_000, memoryMB: 128 };
const { signal } = new AbortController();
/** As in the host: the engine that was opened last has started again in a box ahead of need, once a start is a second old. */
const opener = () =>
  createBoxOpener({
    document,
    pageUrl: '/box.html',
    compiledAhead: javascriptEngine(packagedSource(`${location.origin}/`, 'javascript')),
    canAffordSpare: () => true,
  });
const boxes = opener();
/** Keeps an empty box and nothing else. */
const plain = opener();
const emptyOnly: BoxOpener = {
  open: (engine, options) => plain.open({ ...engine, startsWhole: false }, options),
  warm: () => undefined,
};
const runners = createRunners({
  sourceOf: (id) => packagedSource(`${location.origin}/`, id),
  pythonStart: () => 'base',
  isMemoryShort: () => false,
});

export interface Program {
  readonly language: Language;
  readonly code: string;
}

const PAUSE_MS = 60;
const STANDS_MS = 500;
const MOST_READY_MS = 15_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function open(language: Language, from: BoxOpener = boxes): Promise<RunnerSession> {
  const runner = runners.find(({ manifest }) => manifest.languages.includes(language));
  const opened = await runner?.openSession({
    sessionId: sessionIdOf(`bench:${performance.now()}`),
    boxes: from,
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

/** Until what the last start took stands again: starts come from people, not in a row. */
async function until(isReady: () => Promise<boolean>): Promise<void> {
  const late = performance.now() + MOST_READY_MS;
  while (!(await isReady())) {
    if (performance.now() > late) throw new Error('what is kept ahead of need does not stand');
    await pause(20);
  }
  // It has all it needs by then, and starts or is rehearsed in.
  await pause(STANDS_MS);
}

export const benchRunners = {
  /** A fresh worker, from the wish for a session, where nothing but an empty box stands. */
  async fresh(language: Language, code: string): Promise<number> {
    await until(() => plain.emptyReady());
    const from = performance.now();
    const session = await open(language, emptyOnly);
    const ms = await firstOutput(session, language, code, from);
    session.dispose();
    return ms;
  },
  /** The first start of a language reads its files from the package, for all that follow. */
  async first(language: Language, code: string): Promise<void> {
    const session = await open(language, emptyOnly);
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
        // Another text each time: a worker keeps what it made of TypeScript (decision 0051).
        const fresh = language === 'typescript' || language === 'javascript' ? `${code}\n// ${turn}` : code;
        const ms = await firstOutput(session, language, fresh, performance.now());
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
  /**
   * How soon after a worker's end the next one prints: with what the host keeps ahead of need by the time that a person
   * stops a program, or with nothing but an empty box.
   */
  async next(language: Language, endless: string, code: string, isEmptyOnly: boolean): Promise<number> {
    const from = isEmptyOnly ? emptyOnly : boxes;
    const session = await open(language, from);
    const stands = isEmptyOnly ? () => plain.emptyReady() : () => boxes.wholeReady();
    await stopOnce(session, language, endless, () => until(stands));
    const endedAt = performance.now();
    session.dispose();
    const following = await open(language, from);
    const ms = await firstOutput(following, language, code, endedAt);
    following.dispose();
    return ms;
  },
};

Object.assign(globalThis, { benchRunners });
