import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { ok } from '../../../src/base/index.ts';
import { writeAnswer } from '../../../src/box/mailbox-answer.ts';
import type { BoxOpener, BoxWorker, EngineDelivery, EngineSpec, PostOptions } from '../../../src/contracts/box.ts';
import type { FileAnswer, FileOperation } from '../../../src/contracts/files.ts';
import { MAILBOX_HEADER_BYTES, MAILBOX_WINDOW_BYTES, STOP, STOP_BYTES } from '../../../src/contracts/mailbox.ts';
import { WITHOUT_PROMISES } from './without-promises.ts';

/** Makes a worker thread look like a browser's worker to Pyodide, so that the same path runs as in a box. */
const SHIM = `
{
  const { parentPort } = require('node:worker_threads');
  globalThis.self = globalThis;
  globalThis.postMessage = (message, transfer) => parentPort.postMessage(message, transfer);
  globalThis.addEventListener = (type, listener) => type === 'message' && parentPort.on('message', (data) => listener({ data }));
  globalThis.WorkerGlobalScope = class { static [Symbol.hasInstance]() { return true; } };
  globalThis.location = new URL('blob:null/worker');
  // Node loads these late and from globals that the worker removes.
  new Response(''); new MessageEvent('message'); void globalThis.WebSocket;
  globalThis.importScripts = () => { throw new Error('no importScripts'); };
  for (const name of ['process', 'require', 'module', 'exports', '__filename', '__dirname']) delete globalThis[name];
  // Node compiles how such a stream is made at the first one.
  new CompressionStream('gzip');
  postMessage({ kind: 'node-box-begun' });
}
`;

export interface NodeBoxOptions {
  /** False imitates Firefox: no interrupts, files copied. */
  readonly hasSharedMemory?: boolean;
  /** False imitates a browser without promise integration. */
  readonly hasPromises?: boolean;
  /** Another worker than the engine's own. */
  readonly script?: () => Promise<string>;
  /** Changes a delivery, e.g. to spoil a heap. */
  readonly spoil?: (delivery: {
    files: Record<string, ArrayBuffer>;
    modules: Record<string, WebAssembly.Module>;
  }) => void;
}

/** With a way to see what is still there. */
export interface NodeBoxes extends BoxOpener {
  /** Names of boxes whose threads still run, once those that were closed have ended. */
  left(): Promise<readonly string[]>;
  /** Ends all threads as a browser ends them for want of memory. */
  kill(): void;
}

/** Boxes that are worker threads: no wall, but the worker's own code runs as it does in a browser. Tests only. */
export function createNodeBoxes(options: NodeBoxOptions = {}): NodeBoxes {
  // Must be set before the thread's own engine starts.
  setFlagsFromString('--experimental-wasm-jspi');
  let boxes = 0;
  const open = new Set<NodeBox>();
  return {
    async open(engine) {
      boxes += 1;
      const prologue = SHIM + (options.hasPromises === false ? WITHOUT_PROMISES : '');
      const thread = new Worker(prologue + (await (options.script ?? (() => engine.script()))()), {
        eval: true,
        env: {},
      });
      const box = new NodeBox(`node-${boxes}`, thread, options.hasSharedMemory !== false);
      open.add(box);
      void box.closed.then(() => open.delete(box));
      const delivery = await delivered(engine);
      options.spoil?.(delivery);
      box.deliver(delivery);
      if (engine.opening !== undefined) box.post(engine.opening);
      return ok(box);
    },
    warm() {
      // No spare: each test opens what it needs.
    },
    async left() {
      await Promise.all([...open].filter((box) => box.isClosed).map((box) => box.closed));
      return [...open].map((box) => box.boxId);
    },
    kill() {
      for (const box of open) box.kill();
    },
  };
}

async function delivered(
  engine: EngineSpec,
): Promise<{ files: Record<string, ArrayBuffer>; modules: Record<string, WebAssembly.Module> }> {
  const files: Record<string, ArrayBuffer> = {};
  for (const file of engine.files) {
    files[file.name] = await (await file.load()).arrayBuffer();
  }
  const modules: Record<string, WebAssembly.Module> = {};
  for (const module of await engine.modules()) {
    const whole = files[module.file] ?? new ArrayBuffer(0);
    const bytes = module.slice
      ? new Uint8Array(whole, module.slice.offset, module.slice.length)
      : new Uint8Array(whole);
    modules[module.name] = compiled(bytes);
  }
  return { files, modules };
}

/** By the digest of their bytes: one that is kept has its functions compiled for every later box of this process. */
const known = new Map<string, WebAssembly.Module>();

function compiled(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  const key = createHash('sha1').update(bytes).digest('hex');
  const module = known.get(key) ?? new WebAssembly.Module(bytes);
  known.set(key, module);
  return module;
}

class NodeBox implements BoxWorker {
  readonly boxId: string;
  readonly hasSharedMemory: boolean;
  readonly isPrepared = false;
  readonly closed: Promise<'closed' | 'crashed'>;
  readonly crashReason = null;
  readonly #thread: Worker;
  readonly #stop: SharedArrayBuffer | null;
  readonly #mailbox: SharedArrayBuffer | null;
  readonly #listeners = new Set<(message: unknown) => void>();
  readonly #waiting: unknown[] = [];
  #perform: ((operation: FileOperation) => Promise<FileAnswer>) | null = null;
  #repeat: ReturnType<typeof setInterval> | null = null;
  #isClosed = false;
  #begun = Promise.withResolvers<void>();
  /** What ended the thread, for a test's message. */
  crash: unknown = null;

  constructor(boxId: string, thread: Worker, hasSharedMemory: boolean) {
    this.boxId = boxId;
    this.#thread = thread;
    this.hasSharedMemory = hasSharedMemory;
    this.#stop = hasSharedMemory ? new SharedArrayBuffer(STOP_BYTES) : null;
    this.#mailbox = hasSharedMemory ? new SharedArrayBuffer(MAILBOX_HEADER_BYTES + MAILBOX_WINDOW_BYTES) : null;
    thread.on('message', (message: unknown) => this.#take(message));
    this.closed = new Promise((settle) => {
      thread.on('error', (error) => {
        this.crash = error;
        if (process.env['NODE_BOX_LOG']) console.error(error);
        settle('crashed');
      });
      thread.on('exit', () => settle(this.#isClosed ? 'closed' : 'crashed'));
    });
    void this.closed.then(() => this.#begun.resolve());
  }

  deliver(parts: { files: Record<string, ArrayBuffer>; modules: Record<string, WebAssembly.Module> }): void {
    const delivery: EngineDelivery = {
      kind: 'engine',
      stage: 2,
      isLast: true,
      ...parts,
      stop: this.#stop,
      mailbox: this.#mailbox,
    };
    this.#thread.postMessage(delivery, Object.values(parts.files));
  }

  post(message: unknown, { transfer = [] }: PostOptions = {}): void {
    this.#thread.postMessage(message, transfer as never[]);
  }

  onMessage(listener: (message: unknown) => void, options: { readonly signal: AbortSignal }): void {
    this.#listeners.add(listener);
    options.signal.addEventListener('abort', () => this.#listeners.delete(listener));
    for (const message of this.#waiting.splice(0)) listener(message);
  }

  interrupt(): void {
    const words = this.#stop ? new Int32Array(this.#stop) : null;
    const hit = (): void => {
      if (!words) return;
      Atomics.store(words, STOP.wakeIndex, STOP.wake);
      Atomics.store(words, STOP.interruptIndex, STOP.interrupt);
      Atomics.notify(words, STOP.wakeIndex);
    };
    hit();
    this.#repeat ??= setInterval(hit, STOP.repeatMs);
    this.post({ kind: 'interrupt' });
  }

  settle(): void {
    if (this.#repeat) clearInterval(this.#repeat);
    this.#repeat = null;
  }

  serveFiles(perform: (operation: FileOperation) => Promise<FileAnswer>): void {
    this.#perform = perform;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  close(): void {
    this.#isClosed = true;
    this.settle();
    this.kill();
  }

  /** A thread that is ended while it makes its first compression stream ends the whole process: an assertion of Node's zlib. */
  kill(): void {
    void this.#begun.promise.then(() => this.#thread.terminate());
  }

  #take(message: unknown): void {
    const asked = message as { kind?: unknown; operation: FileOperation };
    if (asked.kind === 'node-box-begun') {
      this.#begun.resolve();
      return;
    }
    if (asked.kind === 'file') {
      void this.#perform?.(asked.operation).then((answer) => this.#mailbox && writeAnswer(this.#mailbox, answer));
      return;
    }
    if (this.#listeners.size === 0) this.#waiting.push(message);
    for (const listener of this.#listeners) listener(message);
  }
}
