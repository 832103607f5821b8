import type { EngineStart, ToWorker, WorkerEvent } from '../../../contracts/runner-protocol.ts';
import type { EmscriptenModule as HeapModule } from '../heap/index.ts';
import {
  announceFiles,
  type AskMailbox,
  type Channel,
  createChanges,
  createMeteredInterrupts,
  createKeptFiles,
  createOutput,
  createWorkerNetwork,
  type EngineParts,
  type MemoryCap,
  textOf,
  wordsOf,
} from '../../kit/worker/index.ts';
import { CopiedFiles } from './copied-files.ts';
import { FilesAhead } from './files-ahead.ts';
import type { Pyodide } from './emscripten.ts';
import { createHostFunctions, type CellResult, type RunState } from './host-functions.ts';
import { mountedImages } from './interpreter.ts';
import { LiveFiles } from './live-files.ts';
import { limitNestedCalls, NESTED_C_CALLS } from './nested-calls.ts';
import { createPackages } from './packages.ts';
import { createWarmUp } from './warm-up.ts';

type Execute = Extract<ToWorker, { kind: 'execute' }>;
type ForSession = Exclude<ToWorker, { kind: 'initialize' }>;

export interface SessionOptions {
  readonly channel: Channel;
  readonly parts: EngineParts;
  readonly interpreter: Pyodide;
  readonly start: EngineStart;
  readonly mountPath: string;
  readonly memory: MemoryCap;
  readonly mailbox: AskMailbox | null;
}

export interface Session {
  take(message: ForSession): void;
}

/** Connects an interpreter to its tree, its output and its ways to wait; from here on programs can run. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { channel, parts, interpreter, mountPath, mailbox } = options;
  let run = 0;
  let state: RunState = { stdin: null, displays: 0, displayUnits: 0, limit: null };
  const ahead = new FilesAhead({ ask: (id) => channel.send({ kind: 'filesSent', id }) });
  const send = (event: WorkerEvent): void => {
    const bytes = event.kind === 'fileOut' && event.change.op === 'write' ? event.change.bytes : null;
    const sizeBytes = bytes?.length ?? 0;
    channel.sendEvent(run, event, bytes ? [bytes.buffer] : undefined);
    if (!mailbox) ahead.sent(sizeBytes);
  };
  const kept = createKeptFiles(send);
  const output = createOutput({ send, kept });
  const { interrupts, usage } = createMeteredInterrupts({
    stop: parts.stop,
    send,
    output,
    memoryBytes: () => interpreter._module.HEAPU8.length,
  });
  const changes = createChanges();
  const fs = interpreter.FS;
  fs.mkdirTree(mountPath);
  const live = mailbox ? new LiveFiles(fs, mailbox, changes) : null;
  const copied = live ? null : new CopiedFiles(fs, changes, ahead, (change) => send({ kind: 'fileOut', change }));
  if (live) fs.mount(live, {}, mountPath);
  copied?.attach(mountPath);

  const hasPromises = 'Suspending' in WebAssembly;
  const packages = createPackages({
    manifest: JSON.parse(textOf(parts, 'manifest.json')) as Parameters<typeof createPackages>[0]['manifest'],
    start: options.start,
    main: interpreter._module as unknown as HeapModule,
    mounted: mountedImages(parts),
    mailbox,
  });
  const network = createWorkerNetwork(mailbox, (message) => channel.send({ ...message, run }));
  const functions = createHostFunctions({
    output,
    kept,
    interrupts,
    send,
    mailbox,
    state: () => state,
    hasPromises,
    mountPath,
    packages,
    network,
    refusals: () => options.memory.refusals(),
    files: copied,
    askImage: (name) => channel.send({ kind: 'needImage', name }),
  });
  const python = interpreter.pyimport('companion_runtime');
  const facts = {
    mountPath,
    packages: JSON.parse(textOf(parts, 'known-packages.json')) as unknown,
    env: ENVIRONMENT_AT_START,
  };
  const failure = String(python.connect(functions.lent, JSON.stringify(facts)));
  if (failure) throw new Error(failure);
  interpreter.setInterruptBuffer(interrupts.buffer);
  interpreter.setStdin({ stdin: () => null });
  interpreter.setStdout({ write: (bytes: Uint8Array) => writeRaw(1, bytes) });
  interpreter.setStderr({ write: (bytes: Uint8Array) => writeRaw(2, bytes) });
  // A character may come in pieces.
  const decoders = { 1: new TextDecoder(), 2: new TextDecoder() };
  const writeRaw = (stream: 1 | 2, bytes: Uint8Array): number => {
    output.write(stream, decoders[stream].decode(bytes, { stream: true }));
    return bytes.length;
  };
  /** Says what a last character that never became whole began with. */
  const finishRaw = (): void => {
    for (const stream of [1, 2] as const) {
      const rest = decoders[stream].decode();
      if (rest !== '') output.write(stream, rest);
    }
  };
  // Without shared memory a wait must let the worker's messages in, which takes a call that can be suspended. Such a call has a
  // stack of its own as well, in Chromium twice as deep as the worker's.
  const depth = hasPromises ? NESTED_C_CALLS.suspendable : NESTED_C_CALLS.plain;
  limitNestedCalls(interpreter._module.HEAPU8, interpreter._module._PyThreadState_Get(), depth);

  const warmUp = createWarmUp(
    () => Boolean(python.warm_up()),
    () => run === 0,
    (pieces, failed) => channel.send({ kind: 'warmedUp', pieces, failed }),
  );

  const announce = (): void => {
    const sizeOf = (path: string): number | null => {
      try {
        const stat = fs.stat(`${mountPath}/${path}`);
        return fs.isFile(stat.mode) ? stat.size : null;
      } catch {
        return null; // gone again: nothing to announce
      }
    };
    announceFiles({ paths: changes.take(), mountPath, sizeOf, send });
  };

  const execute = async (request: Execute): Promise<void> => {
    run = request.run;
    state = { stdin: request.stdin ? [...request.stdin] : null, displays: 0, displayUnits: 0, limit: null };
    options.memory.set(request.memoryMB);
    if (request.files) copied?.copyIn(request.files);
    changes.take();
    kept.begin(run);
    output.begin();
    interrupts.begin(request.timeMs);
    usage.begin();
    send({ kind: 'progress', stage: 'started' });
    const call = hasPromises ? python.execute.callPromising(request.code) : python.execute(request.code);
    const cell = JSON.parse(String(await call)) as CellResult;
    interrupts.end();
    usage.end();
    finishRaw();
    output.end();
    live?.writeAll();
    if (copied) {
      send({ kind: 'progress', stage: 'saving' });
      await copied.writeAll();
    }
    announce();
    // Some C code (LAPACK's callers in numpy) goes on with zeros where it got no memory, and no exception says so.
    if (!cell.error && options.memory.refusals() > 0) {
      send({
        kind: 'notice',
        text: 'Memory was full during this run: check the result, or raise the limit and run it again.',
      });
    }
    if (cell.error) send({ kind: 'error', error: cell.error });
    send({ kind: 'completed', exitCode: cell.exitCode });
    channel.send({
      kind: 'result',
      run,
      result: cell.result,
      isStopped: interrupts.wasStopped,
      limit: state.limit,
      memoryBytes: interpreter._module.HEAPU8.length,
    });
  };

  return {
    take(message) {
      switch (message.kind) {
        case 'execute':
          execute(message).catch((error: unknown) => {
            channel.send({ kind: 'fatal', run: message.run, detail: wordsOf(error) });
          });
          return;
        case 'warmUp':
          // What it loads lies in the big image: asking the host for it piece by piece would hold up both.
          void parts.withBlobs.then(warmUp);
          return;
        case 'validate': {
          const error = JSON.parse(String(python.validate(message.code))) as CellResult['error'];
          channel.send({ kind: 'validation', id: message.id, error });
          return;
        }
        case 'interrupt':
          if (interrupts.isShared) return;
          send({ kind: 'progress', stage: 'interrupting' });
          interrupts.hear();
          functions.wake();
          return;
        case 'inputAnswer':
          if (message.run === run) functions.answer(message.text);
          return;
        case 'filesTaken':
          ahead.taken(message.id);
          return;
        case 'network':
          network.take(message.id, message.answer);
          return;
        case 'image':
          functions.image(message.name, message.bytes);
          return;
        default:
        // Its files come by the mailbox, or are copied in; it has no terminals, and nobody saves it.
      }
    },
  };
}

const ENVIRONMENT_AT_START = { MPLBACKEND: 'agg', HOME: '/home/pyodide' };
