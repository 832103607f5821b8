import { createBoxOpener } from '../../../src/box/index.ts';
import type { BoxWorker, EngineFile, EngineModule, EngineSpec } from '../../../src/contracts/box.ts';
import type { FileOperation } from '../../../src/contracts/files.ts';

/** What tests call in the fixture's host page, through `globalThis.host`. */
const opener = createBoxOpener({
  document,
  pageUrl: '/box.html',
  canAffordSpare: () => true,
  isOneProcess: navigator.userAgent.includes('Firefox'),
});
const boxes = new Map<
  string,
  { worker: BoxWorker; messages: unknown[]; changed: () => void; operations: FileOperation[] }
>();

export interface TextEngine {
  readonly id: string;
  readonly script: string;
  readonly files?: readonly { name: string; bytes: number[]; stage?: 0 | 1 | 2; asBlob?: boolean }[];
  readonly modules?: readonly EngineModule[];
  readonly opening?: unknown;
  readonly startsWhole?: boolean;
  readonly isCostly?: boolean;
}

function engineOf(text: TextEngine): EngineSpec {
  const files = (text.files ?? []).map(
    (file): EngineFile => ({ ...file, load: async () => new Blob([new Uint8Array(file.bytes)]) }),
  );
  return {
    id: text.id,
    script: async () => text.script,
    files,
    modules: async () => text.modules ?? [],
    opening: text.opening,
    startsWhole: text.startsWhole ?? false,
    isCostly: text.isCostly ?? false,
  };
}

function keep(worker: BoxWorker): string {
  const entry = {
    worker,
    messages: [] as unknown[],
    changed: (): void => undefined,
    operations: [] as FileOperation[],
  };
  boxes.set(worker.boxId, entry);
  worker.onMessage(
    (message) => {
      entry.messages.push(message);
      entry.changed();
    },
    { signal: new AbortController().signal },
  );
  return worker.boxId;
}

function entryOf(id: string) {
  const entry = boxes.get(id);
  if (!entry) throw new Error('no such box');
  return entry;
}

const host = {
  opener,
  boxes,
  engineOf,
  async open(
    text: TextEngine,
  ): Promise<{ id: string; hasSharedMemory: boolean; isPrepared: boolean } | { code: string; detail?: string }> {
    const opened = await opener.open(engineOf(text), { signal: new AbortController().signal });
    if (!opened.ok) return { code: opened.error.code, ...(opened.error.detail ? { detail: opened.error.detail } : {}) };
    const { hasSharedMemory, isPrepared } = opened.value;
    return { id: keep(opened.value), hasSharedMemory, isPrepared };
  },
  /** Opens a box where the document came with a frame that was ready before anybody listened, and says what became of it. */
  async openFromFirst(
    text: TextEngine,
  ): Promise<{ stood: boolean; opened: boolean; said: unknown; frames: boolean[]; left: number }> {
    const first = document.createElement('iframe');
    first.setAttribute('sandbox', 'allow-scripts');
    first.setAttribute('allow', 'cross-origin-isolated *');
    first.src = '/box.html';
    const isReady = new Promise<void>((settle) => {
      const onMessage = (event: MessageEvent): void => {
        if (event.source !== first.contentWindow) return;
        removeEventListener('message', onMessage);
        settle();
      };
      addEventListener('message', onMessage);
    });
    document.body.append(first);
    await isReady;
    // Only that one: this opener keeps nothing else ahead of need, also later.
    let canAffordSpare = true;
    const own = createBoxOpener({
      document,
      pageUrl: '/box.html',
      canAffordSpare: () => canAffordSpare,
      firstFrame: first,
      compiledAhead: engineOf(text),
    });
    canAffordSpare = false;
    const stood = await own.emptyReady();
    const opened = await own.open(engineOf(text), { signal: new AbortController().signal });
    const frames = [...document.querySelectorAll('iframe')].map((frame) => frame === first);
    const said = opened.ok ? await host.message(keep(opened.value), 'echo') : null;
    if (opened.ok) opened.value.close();
    return { stood, opened: opened.ok, said, frames, left: await host.frames() };
  },
  /** Frames that are left in the page, without what is kept ahead of need. */
  async frames(): Promise<number> {
    opener.dropSpare();
    for (let turns = 0; turns < 20; turns += 1) await Promise.resolve(); // what was being opened ends with its signal
    return document.querySelectorAll('iframe').length;
  },
  post: (id: string, message: unknown): void => entryOf(id).worker.post(message),
  /** Resolves with the first message of that kind, also one that came before. */
  async message(id: string, kind: string): Promise<unknown> {
    const entry = entryOf(id);
    for (;;) {
      const found = entry.messages.find((message) => (message as { kind?: string } | null)?.kind === kind);
      if (found) {
        entry.messages.splice(entry.messages.indexOf(found), 1);
        return found;
      }
      await new Promise<void>((done) => (entry.changed = done));
    }
  },
  interrupt: (id: string): void => entryOf(id).worker.interrupt(),
  settle: (id: string): void => entryOf(id).worker.settle(),
  close: (id: string): void => entryOf(id).worker.close(),
  closed: (id: string): Promise<string> => entryOf(id).worker.closed,
  /** Serves a tree of memory; every operation that arrives is kept. */
  serveFiles(id: string, files: Record<string, string>): void {
    const entry = entryOf(id);
    const stored = new Map<string, Uint8Array>(
      Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]),
    );
    const statOf = (path: string) => ({
      path,
      kind: 'file' as const,
      sizeBytes: stored.get(path)?.length ?? 0,
      modifiedAtMs: 1_700_000_000_123,
    });
    entry.worker.serveFiles(async (operation) => {
      entry.operations.push(operation);
      const bytes = stored.get(operation.path);
      if (operation.op === 'list') return { ok: true, entries: [...stored.keys()].map(statOf) };
      if (operation.op === 'write') {
        stored.set(operation.path, new Uint8Array(operation.bytes ?? []));
        return { ok: true };
      }
      if (!bytes) return { ok: false, errno: 'ENOENT' };
      if (operation.op === 'stat') return { ok: true, stat: statOf(operation.path) };
      if (operation.op === 'read') {
        return { ok: true, bytes: bytes.slice(operation.position, operation.position + operation.length) };
      }
      return { ok: false, errno: 'EPERM' };
    });
  },
  operations: (id: string): FileOperation[] => entryOf(id).operations,
};

export type FixtureHost = typeof host;
Object.assign(globalThis, { host });
