import { createBoxOpener } from '../../../src/box/index.ts';
import { sessionIdOf } from '../../../src/contracts/ids.ts';
import type { Outcome } from '../../../src/contracts/outcome.ts';
import type { RunnerSession, SavedEngines } from '../../../src/contracts/runner.ts';
import { createSavedEngines, openDatabase } from '../../../src/database/index.ts';
import { packagedSource } from '../../../src/runners/kit/index.ts';
import { createLinuxRunner } from '../../../src/runners/linux/index.ts';
import { MemoryFiles } from '../kit/memory-files.ts';

// Runs in a page of an extension that holds the Linux runner, with a worker whose machine rests as soon as nobody uses it.

const SESSION = sessionIdOf('saved');
const LIMITS = { timeMs: 120_000, memoryMB: 128 };
const never = new AbortController().signal;
const stored = createSavedEngines(openDatabase(), () => Date.now());
let isStoring = false;
let image: 'full' | 'small' = 'full';
const savedEngines: SavedEngines = {
  ...stored,
  save: (sessionId, state) => {
    isStoring = true;
    return stored.save(sessionId, state);
  },
};
const runner = createLinuxRunner({
  source: packagedSource(`${location.origin}/`, 'linux'),
  isSmall: () => image === 'small',
  savedEngines,
  savedLeastMs: 0,
});
const files = new MemoryFiles();
let session: RunnerSession | null = null;

const savedMachine = {
  /** The session's one machine; says whether it goes on from a saved one. */
  async open(of: 'full' | 'small' = 'full'): Promise<boolean> {
    image = of;
    const boxes = createBoxOpener({ document, pageUrl: '/box.html', canAffordSpare: () => false });
    const opened = await runner.openSession({ sessionId: SESSION, boxes, files, limits: LIMITS, signal: never });
    if (!opened.ok) throw new Error(`${opened.error.code} ${opened.error.detail ?? ''}`);
    session = opened.value;
    return session.isResumed;
  },
  /** How a program ended. */
  async outcome(code: string): Promise<Outcome> {
    if (!session) throw new Error('no session');
    const request = { language: 'shell', code, stdin: [], limits: LIMITS } as const;
    return session.execute(request, { signal: never, onEvent: () => undefined });
  },
  /** What a program prints, what is said of it, and milliseconds until its first output. */
  async run(
    code: string,
  ): Promise<{ readonly stdout: string; readonly notices: readonly string[]; readonly firstMs: number }> {
    if (!session) throw new Error('no session');
    const notices: string[] = [];
    let stdout = '';
    let firstMs = Number.NaN;
    const began = performance.now();
    const outcome = await session.execute(
      { language: 'shell', code, stdin: [], limits: LIMITS },
      {
        signal: never,
        onEvent: (event) => {
          if (event.kind === 'notice') notices.push(event.text);
          if (event.kind !== 'output') return;
          if (stdout === '') firstMs = performance.now() - began;
          stdout += event.text;
        },
      },
    );
    if (outcome.kind !== 'completed' || outcome.exitCode !== 0) throw new Error(JSON.stringify(outcome));
    return { stdout, notices, firstMs };
  },
  async writeFile(path: string, text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    const answer = await files.perform({ op: 'write', path, position: 0, truncateTo: 0, bytes });
    if (!answer.ok) throw new Error(answer.errno);
  },
  async readFile(path: string): Promise<string> {
    const answer = await files.perform({ op: 'read', path, position: 0, length: 10_000_000 });
    if (!answer.ok || answer.bytes === undefined) throw new Error(answer.ok ? 'no bytes' : answer.errno);
    return new TextDecoder().decode(answer.bytes);
  },
  /** What becomes of a save: 'saved', or the code of what keeps it from being. */
  async save(): Promise<string> {
    isStoring = false;
    const saved = await session?.save?.();
    return saved?.ok === false ? saved.error.code : 'saved';
  },
  /** Whether the state of the last save has come and is being stored, or is. */
  isStoring: (): boolean => isStoring,
  isResting: (): boolean => session?.isResting === true,
  /** Bytes of what is saved; null where nothing is. */
  savedBytes: async (): Promise<number | null> => (await savedEngines.load(SESSION))?.state.length ?? null,
};

export type SavedMachinePage = typeof savedMachine;
Object.assign(globalThis, { savedMachine });
