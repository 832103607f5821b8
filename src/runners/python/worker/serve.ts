import type { EngineDelivery } from '../../../contracts/box.ts';
import type { EngineStart, ToWorker, WorkerEvent } from '../../../contracts/runner-protocol.ts';
import { createChanges } from './changes.ts';
import type { Channel } from './channel.ts';
import { CopiedFiles } from './copied-files.ts';
import type { Pyodide } from './emscripten.ts';
import type { EmscriptenModule as HeapModule } from '../heap/index.ts';
import knownPackages from '../packages.generated.json' with { type: 'json' };
import { addDelivery, createParts, textOf, type EngineParts } from './engine-parts.ts';
import { createHostFunctions, type CellResult, type RunState } from './host-functions.ts';
import { removeCapabilities } from './globals.ts';
import { createInterrupts } from './interrupts.ts';
import { evaluateScripts, startInterpreter } from './interpreter.ts';
import { LiveFiles } from './live-files.ts';
import { createMailbox } from './mailbox.ts';
import { installMemoryCap } from './memory-cap.ts';
import { mimeOf } from './mime.ts';
import { createOutput } from './output.ts';
import { createPackages } from './packages.ts';
import { LIMITS } from '../../../contracts/limits.ts';

type Execute = Extract<ToWorker, { kind: 'execute' }>;

/** Serves one session: start, then runs one after another. */
export function servePython(channel: Channel, scope: object): void {
  const parts = createParts();
  const began = performance.now();
  const marks: Record<string, number> = {};
  const mark = (stage: string): void => {
    marks[stage] = Math.round((performance.now() - began) * 10) / 10;
  };
  const cap = installMemoryCap();
  let isDelivered = false;
  let wish: Extract<ToWorker, { kind: 'initialize' }> | null = null;
  let session: Session | null = null;

  const startWhenReady = async (): Promise<void> => {
    if (!isDelivered || !wish || session) return;
    const asked = wish;
    wish = null;
    mark('delivered');
    try {
      const started = await startWithFallback(parts, asked.start, mark);
      session = await openSession({ channel, parts, interpreter: started.interpreter, start: started.start, mountPath: asked.mountPath, setMemory: cap.set });
      parts.files.clear();
      const left = removeCapabilities(scope);
      mark('ready');
      channel.send({
        kind: 'initialized',
        protocol: 1,
        version: started.interpreter.version,
        start: started.start,
        fallback: started.fallback,
        memoryBytes: started.interpreter._module.HEAPU8.length,
        left,
        marks,
      });
    } catch (error) {
      channel.send({ kind: 'startFailed', detail: describe(error) });
    }
  };

  const take = (message: EngineDelivery | ToWorker): void => {
    switch (message.kind) {
      case 'engine':
        isDelivered = addDelivery(parts, message);
        if (!isDelivered && parts.files.has('pyodide.asm.js')) evaluateScripts(parts);
        void startWhenReady();
        return;
      case 'initialize':
        wish = message;
        void startWhenReady();
        return;
      case 'execute':
        void session?.execute(message).catch((error: unknown) => channel.send({ kind: 'fatal', run: message.run, detail: describe(error) }));
        return;
      case 'validate':
        session?.validate(message.id, message.code);
        return;
      case 'interrupt':
        session?.interrupt();
        return;
      case 'inputAnswer':
        session?.answer(message.run, message.text);
        return;
      case 'image':
        session?.image(message.name, message.bytes);
        return;
      case 'terminate':
        channel.send({ kind: 'terminated' });
    }
  };
  channel.onMessage((message) => take(message as EngineDelivery | ToWorker));
}

const describe = (error: unknown): string => String(error instanceof Error ? `${error.message}\n${error.stack}` : error).slice(0, 4000);

/** A heap that does not fit costs time, not the session: one cold start instead. */
async function startWithFallback(
  parts: EngineParts,
  start: EngineStart,
  mark: (stage: string) => void,
): Promise<{ interpreter: Pyodide; start: EngineStart; fallback: string | null }> {
  if (start === 'cold') return { interpreter: await startInterpreter(parts, 'cold', mark), start, fallback: null };
  try {
    const interpreter = await startInterpreter(parts, start, mark);
    checkHeap(interpreter);
    return { interpreter, start, fallback: null };
  } catch (error) {
    const fallback = String(error instanceof Error ? error.message : error).slice(0, 2000);
    return { interpreter: await startInterpreter(parts, 'cold', mark), start: 'cold', fallback };
  }
}

/** A heap from other bytes than it was made for can look alive: use it a little before trusting it. */
function checkHeap(interpreter: Pyodide): void {
  const answer = interpreter.runPython("import companion_runtime, json; json.dumps([sum(range(10)), 'é'.encode().hex(), f'{1/3:.6f}'])");
  if (answer !== '[45, "c3a9", "0.333333"]') throw new Error('python/heap-mismatch: the restored interpreter counts wrong');
}

interface SessionOptions {
  readonly channel: Channel;
  readonly parts: EngineParts;
  readonly interpreter: Pyodide;
  readonly start: EngineStart;
  readonly mountPath: string;
  readonly setMemory: (megabytes: number) => void;
}

interface Session {
  execute(request: Execute): Promise<void>;
  validate(id: number, code: string): void;
  interrupt(): void;
  answer(run: number, text: string | null): void;
  image(name: string, bytes: Uint8Array | null): void;
}

async function openSession(options: SessionOptions): Promise<Session> {
  const { channel, parts, interpreter, mountPath } = options;
  let run = 0;
  let state: RunState = { stdin: null, displays: 0, displayUnits: 0, limit: null };
  const send = (event: WorkerEvent): void => {
    const bytes = event.kind === 'fileOut' && event.change.op === 'write' ? event.change.bytes : null;
    channel.sendEvent(run, event, bytes ? [bytes.buffer as ArrayBuffer] : undefined);
  };
  const output = createOutput({ send });
  const interrupts = createInterrupts(parts.stop, () => output.tick());
  const mailbox = parts.mailbox ? createMailbox(parts.mailbox, (operation) => channel.askFile(operation)) : null;
  const changes = createChanges();
  const fs = interpreter.FS;
  fs.mkdirTree(mountPath);
  const live = mailbox ? new LiveFiles(fs, mailbox, changes) : null;
  const copied = live ? null : new CopiedFiles(fs, changes, (change) => send({ kind: 'fileOut', change }));
  if (live) fs.mount(live, {}, mountPath);
  copied?.attach(mountPath);

  const hasPromises = 'Suspending' in WebAssembly;
  const packages = createPackages({
    manifest: JSON.parse(textOf(parts, 'manifest.json')) as Parameters<typeof createPackages>[0]['manifest'],
    start: options.start,
    main: interpreter._module as unknown as HeapModule,
    mounted: [...parts.files.keys()].filter((name) => name.endsWith('.image')),
    mailbox,
  });
  const functions = createHostFunctions({
    output,
    interrupts,
    send,
    mailbox,
    state: () => state,
    hasPromises,
    mountPath,
    packages,
    askImage: (name) => channel.send({ kind: 'needImage', name }),
  });
  const python = interpreter.pyimport('companion_runtime');
  const facts = { mountPath, packages: knownPackages, env: ENVIRONMENT_AT_START };
  const failure = String(python.connect(functions.lent, JSON.stringify(facts)));
  if (failure) throw new Error(failure);
  interpreter.setInterruptBuffer(interrupts.buffer);
  interpreter.setStdin({ stdin: () => null });
  interpreter.setStdout({ write: (bytes: Uint8Array) => writeRaw(1, bytes) });
  interpreter.setStderr({ write: (bytes: Uint8Array) => writeRaw(2, bytes) });
  const decoder = new TextDecoder();
  const writeRaw = (stream: 1 | 2, bytes: Uint8Array): number => {
    output.write(stream, decoder.decode(bytes));
    return bytes.length;
  };
  // Without shared memory a wait must let the worker's messages in, which takes a call that can be suspended.
  const suspends = !interrupts.isShared && hasPromises;

  const announceFiles = (): void => {
    let count = 0;
    for (const path of changes.take()) {
      const absolute = `${mountPath}/${path}`;
      let size: number;
      try {
        const stat = fs.stat(absolute);
        if (!fs.isFile(stat.mode)) continue;
        size = stat.size;
      } catch {
        continue; // gone again: nothing to announce
      }
      count += 1;
      if (count > LIMITS.artifactCount.standard) continue;
      const name = path.slice(path.lastIndexOf('/') + 1);
      send({ kind: 'artifact', artifact: { kind: 'file', name, path: absolute, mime: mimeOf(name), bytes: size } });
    }
    if (count > LIMITS.artifactCount.standard) {
      send({ kind: 'notice', text: `${count} files were written; the first ${LIMITS.artifactCount.standard} are listed.` });
    }
  };

  return {
    async execute(request) {
      run = request.run;
      state = { stdin: request.stdin ? [...request.stdin] : null, displays: 0, displayUnits: 0, limit: null };
      options.setMemory(request.memoryMB);
      if (request.files) copied?.copyIn(request.files);
      changes.take();
      output.begin(run);
      interrupts.begin(request.timeMs);
      send({ kind: 'progress', stage: 'started' });
      const call = suspends ? python.execute.callPromising(request.code) : python.execute(request.code);
      const cell = JSON.parse(String(await call)) as CellResult;
      interrupts.end();
      output.end();
      live?.writeAll();
      copied?.writeAll();
      announceFiles();
      if (cell.error) send({ kind: 'error', error: cell.error });
      send({ kind: 'completed', exitCode: cell.exitCode });
      channel.send({
        kind: 'result',
        run,
        result: cell.result,
        isTimedOut: interrupts.isTimedOut,
        limit: state.limit,
        memoryBytes: interpreter._module.HEAPU8.length,
      });
    },
    validate(id, code) {
      const error = JSON.parse(String(python.validate(code))) as CellResult['error'];
      channel.send({ kind: 'validation', id, error });
    },
    interrupt() {
      if (interrupts.isShared) return;
      send({ kind: 'progress', stage: 'interrupting' });
      functions.wake();
    },
    image: (name, bytes) => functions.image(name, bytes),
    answer(forRun, text) {
      if (forRun === run) functions.answer(text);
    },
  };
}

const ENVIRONMENT_AT_START = { MPLBACKEND: 'agg', HOME: '/home/pyodide' };
