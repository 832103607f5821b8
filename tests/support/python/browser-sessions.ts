import { ok } from '../../../src/base/index.ts';
import type { BoxOpener } from '../../../src/contracts/box.ts';
import { sessionIdOf } from '../../../src/contracts/ids.ts';
import type { RunEvent } from '../../../src/contracts/run.ts';
import type { RunnerSession } from '../../../src/contracts/runner.ts';
import type { EngineStart, FromWorker, ToWorker } from '../../../src/contracts/runner-protocol.ts';
import { type EngineSource, packagedSource } from '../../../src/runners/kit/index.ts';
import { createPythonRunner } from '../../../src/runners/python/index.ts';
import { MemoryFiles } from '../kit/memory-files.ts';
import { WITHOUT_PROMISES } from '../kit/without-promises.ts';

interface EngineDamage {
  /** A vendored file of which the last byte is missing. */
  readonly cutFile?: string;
  /** A vendored file whose first page has come last: its size is right. */
  readonly otherBytes?: string;
  /** A vendored file that the start gets only after the session's first program; whoever asks for it again has it at once. */
  readonly lateFile?: string;
  /** False imitates a browser without promise integration. */
  readonly hasPromises?: boolean;
}

const PAGE_BYTES = 4_096;

function damagedSource(damage: EngineDamage, ranOnce: Promise<void>): EngineSource {
  const { cutFile, otherBytes, lateFile, hasPromises = true } = damage;
  const whole = packagedSource('/', 'python');
  let late: Promise<void> | null = lateFile === undefined ? null : ranOnce;
  return {
    load: async (name) => {
      if (name === lateFile) {
        const wait = late;
        late = null;
        await wait;
      }
      const file = await whole.load(name);
      if (name === otherBytes) return new Blob([file.slice(PAGE_BYTES), file.slice(0, PAGE_BYTES)]);
      return file.slice(0, name === cutFile ? -1 : undefined);
    },
    script: async () => (hasPromises ? '' : WITHOUT_PROMISES) + (await whole.script()),
  };
}

/** The same boxes, whose worker gets the message of an engine that nobody waits for yet; `told` settles with its answer. */
function askedAhead(boxes: BoxOpener) {
  const told = Promise.withResolvers<FromWorker>();
  const around: BoxOpener = {
    ...boxes,
    async open(...asked) {
      const opened = await boxes.open(...asked);
      if (!opened.ok) return opened;
      const worker = opened.value;
      const onMessage = worker.onMessage.bind(worker);
      const hear: typeof onMessage = (listener, options) =>
        onMessage((message) => {
          const said = message as FromWorker;
          if (said.kind === 'initialized') worker.post({ kind: 'warmUp' } satisfies ToWorker);
          if (said.kind === 'warmedUp') told.resolve(said);
          listener(message);
        }, options);
      return ok(Object.assign(worker, { onMessage: hear }));
    },
  };
  return { around, told: told.promise };
}

/** What tests call in a page, through `globalThis.python`: sessions of the real runner in boxes of the caller's choice. */
export function pythonSessions(createBoxes: () => BoxOpener) {
  const boxes = createBoxes();
  const sessions: { session: RunnerSession; files: MemoryFiles; noteRun: () => void }[] = [];

  return {
    /** A session whose engine is used a little ahead of need: its number, once that is over, and what came of it. */
    async openAhead(start: EngineStart) {
      const { around, told } = askedAhead(createBoxes());
      const runner = createPythonRunner({ source: packagedSource('/', 'python'), start: () => start });
      const files = new MemoryFiles();
      const opened = await runner.openSession({
        sessionId: sessionIdOf(`fixture-${sessions.length}`),
        boxes: around,
        files,
        limits: { timeMs: 30_000, memoryMB: 256 },
        signal: new AbortController().signal,
      });
      if (!opened.ok) throw new Error(`${opened.error.code} ${opened.error.detail ?? ''}`);
      return { told: await told, id: sessions.push({ session: opened.value, files, noteRun: () => undefined }) - 1 };
    },
    /** Number of the new session, or the error's code. */
    async open(
      start: EngineStart,
      files: Readonly<Record<string, string>> = {},
      damage?: EngineDamage,
    ): Promise<number> {
      const ranOnce = Promise.withResolvers<void>();
      const source = damage ? damagedSource(damage, ranOnce.promise) : packagedSource('/', 'python');
      const runner = createPythonRunner({ source, start: () => start });
      const tree = new MemoryFiles();
      for (const [path, text] of Object.entries(files)) tree.put(path, text);
      const opened = await runner.openSession({
        sessionId: sessionIdOf(`fixture-${sessions.length}`),
        boxes: damage ? createBoxes() : boxes, // one opener reads each file once
        files: tree,
        limits: { timeMs: 30_000, memoryMB: 256 },
        signal: new AbortController().signal,
      });
      if (!opened.ok) throw new Error(`${opened.error.code} ${opened.error.detail ?? ''}`);
      return sessions.push({ session: opened.value, files: tree, noteRun: ranOnce.resolve }) - 1;
    },
    start: (id: number): unknown => (sessions[id]?.session as unknown as { start: unknown }).start,
    /** Stops at the first output where `stopMs` is given, that much later; asks where there is an `answer`, which it gives. */
    async run(id: number, code: string, options: { timeMs?: number; stopMs?: number; answer?: string } = {}) {
      const entry = sessions[id];
      if (!entry) throw new Error('no such session');
      const stop = new AbortController();
      const events: RunEvent[] = [];
      let stoppedAt = 0;
      const stdin = options.answer === undefined ? [] : null;
      const outcome = await entry.session.execute(
        { language: 'python', code, stdin, limits: { timeMs: options.timeMs ?? 30_000, memoryMB: 256 } },
        {
          signal: stop.signal,
          onEvent: (event) => {
            events.push(event);
            if (event.kind === 'input') entry.session.answerInput(options.answer ?? null);
            if (event.kind !== 'output' || options.stopMs === undefined || stoppedAt) return;
            stoppedAt = Infinity;
            setTimeout(() => {
              stoppedAt = performance.now();
              stop.abort();
            }, options.stopMs);
          },
        },
      );
      entry.noteRun();
      const stdout = events.map((event) => (event.kind === 'output' ? event.text : '')).join('');
      return { outcome, stdout, events, stopMs: stoppedAt ? performance.now() - stoppedAt : null };
    },
    files: (id: number): string[] => [...(sessions[id]?.files.entries.keys() ?? [])],
    text: (id: number, path: string): string | null => sessions[id]?.files.text(path) ?? null,
    dispose: (id: number): void => sessions[id]?.session.dispose(),
  };
}

export type PythonFixtureHost = ReturnType<typeof pythonSessions>;
