import { ok } from '../../../src/base/index.ts';
import type { BoxOpener, BoxWorker, EngineDelivery, EngineSpec } from '../../../src/contracts/box.ts';

/** Boxes without any wall: plain workers of the page that calls, without shared memory. What an attack must get out of. */
export function createPlainBoxes(): BoxOpener {
  let boxes = 0;
  return {
    async open(engine) {
      boxes += 1;
      const script = new Blob([await engine.script()], { type: 'text/javascript' });
      const worker = new Worker(URL.createObjectURL(script));
      const delivery = await delivered(engine);
      worker.postMessage(delivery, Object.values(delivery.files));
      if (engine.opening !== undefined) worker.postMessage(engine.opening);
      return ok(plainBox(`plain-${boxes}`, worker));
    },
    warm() {
      // No spare: each test opens what it needs.
    },
  };
}

function plainBox(boxId: string, worker: Worker): BoxWorker {
  const ended = Promise.withResolvers<'closed' | 'crashed'>();
  const waiting: unknown[] = [];
  const listeners = new Set<(message: unknown) => void>();
  worker.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (listeners.size === 0) waiting.push(data);
    for (const listener of listeners) listener(data);
  };
  worker.onerror = (event) => event.preventDefault();
  return {
    boxId,
    hasSharedMemory: false,
    isPrepared: false,
    closed: ended.promise,
    crashReason: null,
    post: (message, { transfer = [] } = {}) => worker.postMessage(message, [...transfer]),
    onMessage(listener, { signal }) {
      listeners.add(listener);
      signal.addEventListener('abort', () => listeners.delete(listener));
      for (const message of waiting.splice(0)) listener(message);
    },
    interrupt: () => worker.postMessage({ kind: 'interrupt' }),
    settle() {
      // Nothing repeats.
    },
    serveFiles() {
      // Files are copied in and out where there is no shared memory.
    },
    close() {
      worker.terminate();
      ended.resolve('closed');
    },
  };
}

async function delivered(engine: EngineSpec): Promise<EngineDelivery> {
  const files: Record<string, ArrayBuffer> = {};
  const blobs: Record<string, Blob> = {};
  await Promise.all(
    engine.files.map(async ({ name, asBlob, load }) => {
      const blob = await load();
      if (asBlob) blobs[name] = blob;
      else files[name] = await blob.arrayBuffer();
    }),
  );
  const modules: Record<string, WebAssembly.Module> = {};
  for (const { name, file, slice } of await engine.modules()) {
    const whole = files[file] ?? new ArrayBuffer(0);
    const bytes = slice ? new Uint8Array(whole, slice.offset, slice.length) : new Uint8Array(whole);
    modules[name] = await WebAssembly.compile(bytes);
  }
  return { kind: 'engine', stage: 2, isLast: true, files, blobs, modules, stop: null, mailbox: null };
}
