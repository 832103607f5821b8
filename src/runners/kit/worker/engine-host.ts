import type { TableView } from '../../../contracts/run.ts';
import type { TerminalNews, WorkerEvent } from '../../../contracts/runner-protocol.ts';
import type { EngineHost } from './engine.ts';
import type { EngineParts } from './engine-parts.ts';
import { type DisplayEvent, sendDisplay } from './fit-display.ts';
import type { Input } from './input.ts';
import type { Interrupts } from './interrupts.ts';
import type { LateParts } from './late-parts.ts';
import type { WorkerNetwork } from './network.ts';
import type { Output } from './output.ts';
import type { RunBounds } from './run-limits.ts';
import type { WorkerTree } from './worker-tree.ts';

/** The longest that a timer of a browser waits. */
const TIMER_MOST_MS = 0x7fffffff;

export interface EngineHostOptions {
  readonly parts: EngineParts;
  readonly filesPort: Promise<MessagePort>;
  readonly saved: EngineHost['saved'];
  readonly keep: EngineHost['keep'];
  readonly mountPath: string;
  readonly machine: EngineHost['machine'];
  readonly tree: WorkerTree;
  readonly output: Output;
  readonly input: Input;
  readonly interrupts: Interrupts;
  readonly bounds: RunBounds;
  readonly lateParts: LateParts;
  readonly network: WorkerNetwork;
  readonly send: (event: WorkerEvent) => void;
  readonly tellTerminal: (id: number, news: TerminalNews) => void;
  readonly tellWeb: EngineHost['tellWeb'];
  readonly tellResting: (isResting: boolean) => void;
  readonly tellMachineUsage: EngineHost['tellMachineUsage'];
  readonly tellBroken: (detail: string) => void;
}

/** What the engine is given, and what wakes it when its run must end. */
export function createEngineHost(options: EngineHostOptions): { readonly host: EngineHost; wake(): void } {
  const { parts, tree, output, input, interrupts, bounds, send } = options;
  const { setTimeout, clearTimeout } = globalThis;
  const sleepers = new Set<() => void>();
  const shouldStop = (): boolean => {
    interrupts.look();
    return bounds.passed !== null || interrupts.isStopping();
  };
  /** Others shall see what a program wrote before it waited. */
  const settle = (): void => {
    output.flush();
    tree.flush();
  };
  const waitOnce = (ms: number, sooner: Promise<unknown> | undefined): Promise<void> =>
    new Promise((resolve) => {
      const endWait = interrupts.beginWait(ms);
      const finish = (): void => {
        if (!sleepers.delete(finish)) return;
        endWait();
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(finish, Math.min(Math.max(ms, 0), interrupts.remainingMs() + 1, TIMER_MOST_MS));
      sleepers.add(finish);
      sooner?.then(finish, finish);
    });
  const host: EngineHost = {
    files: parts.files,
    modules: parts.modules,
    blobs: parts.blobs,
    blob: parts.blob,
    filesPort: options.filesPort,
    saved: options.saved,
    keep: options.keep,
    mountPath: options.mountPath,
    machine: options.machine,
    hasSharedMemory: interrupts.isShared,
    tree,
    write(stream, text) {
      if (output.write(stream, text)) return bounds.passed === null;
      bounds.pass('run/output-too-large');
      return false;
    },
    display(data, table: TableView | null = null) {
      const units = Object.values(data).reduce((sum, text) => sum + text.length, 0);
      if (!bounds.countDisplay(units)) return false;
      output.flush();
      sendDisplay(send, { kind: 'display', data, table, artifact: null } as DisplayEvent);
      return true;
    },
    tellTerminal: options.tellTerminal,
    tellWeb: options.tellWeb,
    tellResting: options.tellResting,
    tellMachineUsage: options.tellMachineUsage,
    tellBroken: options.tellBroken,
    notice(text) {
      output.flush();
      send({ kind: 'notice', text: text.slice(0, 4_000) });
    },
    shouldStop,
    remainingMs: () => interrupts.remainingMs(),
    sleepSync(ms) {
      settle();
      const until = performance.now() + ms;
      // One wait at most takes what the interpreter's interrupt needs; a wake without a stop is no end.
      for (let left = ms; left > 0 && !shouldStop(); left = until - performance.now()) interrupts.wait(left);
      return !shouldStop();
    },
    async sleep(ms, sooner) {
      settle();
      const until = performance.now() + ms;
      let isSooner = false;
      const noteSooner = (): void => void (isSooner = true);
      sooner?.then(noteSooner, noteSooner);
      // Timers may be a little early: then neither the wait is over nor the run's time is up.
      do await waitOnce(until - performance.now(), sooner);
      while (!isSooner && performance.now() < until && !shouldStop());
      return !shouldStop();
    },
    readLine(prompt, isSecret = false) {
      settle();
      const line = input.readLine(prompt, isSecret);
      return shouldStop() ? null : line;
    },
    async readLineAsync(prompt, isSecret = false) {
      settle();
      const line = await input.readLineAsync(prompt, isSecret);
      return shouldStop() ? null : line;
    },
    async network(request, onBegun) {
      settle();
      // The program goes on meanwhile: where it waits for the answer, it sleeps.
      return options.network.ask(request, onBegun);
    },
    loadPartSync: (name) => options.lateParts.loadSync(name),
    loadPart: (name) => options.lateParts.load(name),
  };
  return {
    host,
    wake() {
      for (const finish of [...sleepers]) finish();
      input.wake();
    },
  };
}
