import './no-eval.ts';
import { createBoxOpener } from '../../src/box/index.ts';
import type { EngineSpec } from '../../src/contracts/box.ts';
import type { FileAnswer, SessionFiles } from '../../src/contracts/files.ts';
import { sessionIdOf } from '../../src/contracts/ids.ts';
import type { EngineStart } from '../../src/contracts/runner-protocol.ts';
import { packagedSource } from '../../src/runners/kit/index.ts';
import { createPythonRunner } from '../../src/runners/python/index.ts';

// Bundled and evaluated in a page of the built extension: the product's own box and runner, without the host around them,
// so that one start can be compared with another in the same place.

const noFiles: SessionFiles = {
  mountPath: '/mnt/data',
  async perform(operation): Promise<FileAnswer> {
    if (operation.op === 'list') return { ok: true, entries: [] };
    if (operation.op === 'stat' && operation.path === '') {
      return { ok: true, stat: { path: '', kind: 'directory', sizeBytes: 0, modifiedAtMs: 0 } };
    }
    return operation.op === 'write' ? { ok: true } : { ok: false, errno: 'ENOENT' };
  },
  all: async () => [],
  onChange: () => undefined,
};

export interface StartTimes {
  /** From the wish for a session to the first output, and to the end of the run; milliseconds. */
  readonly firstOutputMs: number;
  readonly endedMs: number;
  readonly outcome: string;
}

const limits = { timeMs: 60_000, memoryMB: 512 };
let spareStart: EngineStart = 'science';
const spares = createBoxOpener({ document, pageUrl: '/box.html', canAffordSpare: () => true });
/** Never warmed: every session is a fresh worker, in a host that keeps an empty and a begun box as the product's does. */
const plain = createBoxOpener({ document, pageUrl: '/box.html', canAffordSpare: () => true });
const root = `${location.origin}/`;
const runners = new Map<EngineStart, ReturnType<typeof createPythonRunner>>();

function runnerOf(start: EngineStart) {
  const known = runners.get(start);
  if (known) return known;
  const made = createPythonRunner({ source: packagedSource(root, 'python'), start: () => start });
  runners.set(start, made);
  return made;
}

async function startAndRun(start: EngineStart, code: string, fromSpare: boolean): Promise<StartTimes> {
  const startedAt = performance.now();
  const { signal } = new AbortController();
  const opened = await runnerOf(start).openSession({
    sessionId: sessionIdOf(`bench:${startedAt}`),
    boxes: fromSpare ? spares : plain,
    files: noFiles,
    limits,
    signal,
  });
  if (!opened.ok) throw new Error(`${opened.error.code} ${opened.error.detail ?? ''}`);
  let firstOutputMs = Number.NaN;
  const outcome = await opened.value.execute(
    { language: 'python', code, limits, stdin: [] },
    {
      signal,
      onEvent: (event) => {
        if (event.kind === 'output' && Number.isNaN(firstOutputMs)) firstOutputMs = performance.now() - startedAt;
      },
    },
  );
  const endedMs = performance.now() - startedAt;
  opened.value.dispose();
  return {
    firstOutputMs,
    endedMs,
    outcome: outcome.kind === 'completed' ? `completed ${outcome.exitCode}` : outcome.kind,
  };
}

/** For what is compared with: no box of it is kept ahead of need. */
const bare = createBoxOpener({ document, pageUrl: '/box.html', canAffordSpare: () => false });
const PLAIN_FILES = ['pyodide.js', 'pyodide.asm.js', 'pyodide.asm.wasm', 'python-stdlib.bin', 'lock.json'];

/** Pyodide's own `loadPyodide` and a `print`, in a box of the same kind; `script` is the worker's. Milliseconds from the wish to the line. */
async function loadPlainPyodide(script: string): Promise<number> {
  const source = packagedSource(root, 'python');
  const engine: EngineSpec = {
    id: 'plain-pyodide',
    script: () => Promise.resolve(script),
    files: PLAIN_FILES.map((name) => ({ name, load: () => source.load(name) })),
    modules: () => Promise.resolve([]),
  };
  const over = new AbortController();
  const startedAt = performance.now();
  const opened = await bare.open(engine, { signal: over.signal });
  if (!opened.ok) throw new Error(`${opened.error.code} ${opened.error.detail ?? ''}`);
  const said = await new Promise((resolve) => opened.value.onMessage(resolve, { signal: over.signal }));
  const tookMs = performance.now() - startedAt;
  opened.value.close();
  over.abort();
  const { kind, line } = said as { readonly kind: string; readonly line: string };
  if (kind !== 'stdout' || line !== '1') throw new Error(`plain Pyodide said ${kind}: ${line}`);
  return tookMs;
}

/** Makes a spare of this start and waits until it stands. */
async function warmSpare(start: EngineStart): Promise<boolean> {
  if (spareStart !== start) spares.dropSpare();
  spareStart = start;
  runnerOf(start).warm(spares);
  for (let tries = 0; tries < 200; tries += 1) {
    if (await spares.spareReady()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

/** Starts come from people, not in a row: what the last one used up stands again. */
async function rest(): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (await plain.begunReady()) return;
  }
}

(globalThis as Record<string, unknown>)['benchBox'] = { startAndRun, loadPlainPyodide, warmSpare, rest };
