import type { EngineDelivery } from '../../../contracts/box.ts';
import type { SaveEnd, ToWorker, WorkerEvent } from '../../../contracts/runner-protocol.ts';
import { RUNNER_PROTOCOL } from '../../../contracts/runner-version.ts';
import { announceFiles, createChanges } from '../written/index.ts';
import { removeCapabilities } from './capabilities.ts';
import { type Channel, openChannel, type WorkerScope } from './channel.ts';
import { CopiedTree } from './copied-tree.ts';
import type { CellResult, CreateEngine, Engine, EngineHost } from './engine.ts';
import { createEngineHost } from './engine-host.ts';
import { addDelivery, createParts, type EngineParts } from './engine-parts.ts';
import { describeError, wordsOf } from './error-words.ts';
import { FileError } from './file-error.ts';
import { createInput } from './input.ts';
import { createMeteredInterrupts } from './metered-interrupts.ts';
import { createKeptFiles } from './kept-files.ts';
import { createLateParts } from './late-parts.ts';
import { LiveTree } from './live-tree.ts';
import { createMailbox } from './mailbox.ts';
import { createWorkerNetwork } from './network.ts';
import { createOutput } from './output.ts';
import { createRunBounds } from './run-limits.ts';

type Initialize = Extract<ToWorker, { kind: 'initialize' }>;
type Execute = Extract<ToWorker, { kind: 'execute' }>;
type Files = Extract<ToWorker, { kind: 'files' }>;
type ForSession = Exclude<ToWorker, Initialize | Files>;

/**
 * Serves one session of an engine in its worker: starts it when everything is here, then runs one program after another.
 * The whole worker of a simple engine is `serveEngine(scope, createMyEngine)`.
 */
export function serveEngine(scope: WorkerScope, create: CreateEngine): void {
  const channel = openChannel(scope);
  const parts = createParts();
  const files = Promise.withResolvers<Files>();
  let wish: Initialize | null = null;
  let session: { take(message: ForSession): void } | null = null;
  const start = async (asked: Initialize): Promise<void> => {
    const beganMs = performance.now();
    await parts.whole;
    const { mountPath, machine = null } = asked;
    const opened = openSession({ channel, parts, files: files.promise, mountPath, machine });
    const engine = await create(opened.host);
    const left = removeCapabilities(scope);
    session = opened.connect(engine);
    channel.send({
      kind: 'initialized',
      protocol: RUNNER_PROTOCOL,
      version: engine.version,
      start: 'cold',
      fallback: null,
      memoryBytes: engine.memoryBytes(),
      left,
      marks: { ready: Math.round((performance.now() - beganMs) * 10) / 10 },
    });
  };
  channel.onMessage((raw) => {
    const message = raw as EngineDelivery | ToWorker;
    if (message.kind === 'engine') addDelivery(parts, message);
    else if (message.kind === 'files') files.resolve(message);
    else if (message.kind !== 'initialize') session?.take(message);
    else if (!wish) {
      wish = message;
      start(message).catch((error: unknown) => channel.send({ kind: 'startFailed', detail: describeError(error) }));
    }
  });
}

interface Session {
  readonly channel: Channel;
  readonly parts: EngineParts;
  readonly files: Promise<Files>;
  readonly mountPath: string;
  readonly machine: EngineHost['machine'];
}

function openSession({ channel, parts, files, mountPath, machine }: Session) {
  let run = 0;
  const send = (event: WorkerEvent): void => {
    const bytes = event.kind === 'fileOut' && event.change.op === 'write' ? event.change.bytes : null;
    channel.sendEvent(run, event, bytes ? [bytes.buffer] : undefined);
  };
  const kept = createKeptFiles(send);
  const output = createOutput({ send, kept });
  let memoryBytes = () => 0;
  let waitedMs = () => interrupts.waitedMs();
  const { interrupts, usage } = createMeteredInterrupts({
    stop: parts.stop,
    send,
    output,
    memoryBytes: () => memoryBytes(),
    waitedMs: () => waitedMs(),
  });
  const mailbox = parts.mailbox ? createMailbox(parts.mailbox, (operation) => channel.askFile(operation)) : null;
  const changes = createChanges();
  const copied = mailbox ? null : new CopiedTree(changes, (change) => send({ kind: 'fileOut', change }));
  const live = mailbox ? new LiveTree(mailbox, changes) : null;
  const tree = live ?? copied;
  if (!tree) throw new Error('one of both is there');
  const bounds = createRunBounds(send);
  const input = createInput({ send, flush: () => output.flush(), interrupts, mailbox });
  const lateParts = createLateParts(mailbox, (name) => channel.send({ kind: 'needImage', name }));
  const network = createWorkerNetwork(mailbox, (message) => channel.send({ ...message, run }));
  const { host, wake } = createEngineHost({
    parts,
    filesPort: files.then(({ port }) => port),
    saved: files.then(({ saved }) => saved),
    keep: (state) => channel.send({ kind: 'saved', state }, state ? [state.buffer] : []),
    mountPath,
    machine,
    tree,
    output,
    input,
    interrupts,
    bounds,
    lateParts,
    network,
    send,
    tellTerminal: (id, news) => channel.send({ kind: 'terminal', id, news }),
    tellWeb: (id, news, transfer) => channel.send({ kind: 'web', id, news }, transfer),
    tellResting: (isResting) => channel.send({ kind: 'resting', isResting }),
    tellMachineUsage: (usage) => channel.send({ kind: 'machineUsage', usage }),
    tellBroken: (detail) => channel.send({ kind: 'fatal', run, detail: detail.slice(0, 4_000) }),
  });
  const sizeOf = (path: string): number | null => {
    try {
      const stat = tree.stat(path);
      return stat.kind === 'file' ? stat.sizeBytes : null;
    } catch {
      return null; // gone again: nothing to announce
    }
  };

  const execute = async (engine: Engine, request: Execute): Promise<void> => {
    run = request.run;
    if (request.files) copied?.copyIn(request.files);
    changes.take();
    bounds.begin();
    input.begin(request.stdin);
    kept.begin(run);
    output.begin();
    interrupts.begin(request.timeMs);
    interrupts.mask(false);
    memoryBytes = () => engine.programBytes?.() ?? engine.memoryBytes();
    waitedMs = () => engine.waitedMs?.() ?? interrupts.waitedMs();
    usage.begin();
    send({ kind: 'progress', stage: 'started' });
    const { language, code, memoryMB } = request;
    const isInputGiven = request.stdin !== null;
    const isInputEmpty = request.stdin?.length === 0;
    const cell = await engine.execute({ run, language, code, memoryMB, isInputGiven, isInputEmpty });
    // What it wrote goes out in no time of its own.
    interrupts.end();
    usage.end();
    const isStopped = bounds.passed !== null || interrupts.wasStopped;
    const unwritten = settleFiles(() => tree.flush());
    output.end();
    announceFiles({ paths: changes.take(), mountPath, sizeOf, send });
    const error = isStopped ? null : (cell.error ?? unwritten);
    if (error) send({ kind: 'error', error });
    send({ kind: 'completed', exitCode: error && cell.exitCode === 0 ? 1 : cell.exitCode });
    channel.send({
      kind: 'result',
      run,
      result: cell.result,
      isStopped: interrupts.wasStopped,
      limit: bounds.passed,
      memoryBytes: memoryBytes(),
      ...(cell.isSpent === true ? { isSpent: true } : {}),
    });
  };

  const connect = (engine: Engine) => ({
    take(message: ForSession): void {
      switch (message.kind) {
        case 'execute':
          execute(engine, message).catch((error: unknown) => {
            channel.send({ kind: 'fatal', run: message.run, detail: wordsOf(error) });
          });
          return;
        case 'validate':
          engine.validate(message.code, message.language).then(
            (error) => channel.send({ kind: 'validation', id: message.id, error }),
            (error: unknown) => channel.send({ kind: 'fatal', run, detail: wordsOf(error) }),
          );
          return;
        case 'interrupt':
          // With shared memory the stop words say the same; a program that sleeps by a timer is woken in both cases.
          if (!interrupts.isShared) {
            send({ kind: 'progress', stage: 'interrupting' });
            interrupts.request();
          }
          wake();
          return;
        case 'inputAnswer':
          if (message.run === run) input.answer(message.text);
          return;
        case 'network':
          network.take(message.id, message.answer);
          return;
        case 'save':
          void saveEnd(engine, message.isWanted).then((ended) =>
            channel.send({ kind: 'saveEnded', id: message.id, ...ended }),
          );
          return;
        case 'terminal':
        case 'web':
          return takeBeside(engine, message);
        case 'image':
          lateParts.take(message.name, message.bytes);
          return;
        default:
        // `filesTaken`: it does not ask how far the host is.
      }
    },
  });
  return { host, connect };
}

/** What no run asks for. */
function takeBeside(engine: Engine, message: Extract<ToWorker, { kind: 'terminal' | 'web' }>): void {
  if (message.kind === 'terminal') engine.terminal?.(message.id, message.request);
  else engine.web?.(message.id, message.request);
}

async function saveEnd(engine: Engine, isWanted: boolean): Promise<SaveEnd> {
  try {
    return (await engine.save?.(isWanted)) ?? { end: 'failed', detail: null };
  } catch (error) {
    return { end: 'failed', detail: wordsOf(error) };
  }
}

/** What was held and could not be written: the program believes in a file that is not there. */
function settleFiles(flush: () => void): CellResult['error'] {
  try {
    flush();
    return null;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const code =
      error.errno === 'ENOSPC' ? 'files/no-space' : error.errno === 'EFBIG' ? 'files/too-large' : 'files/unavailable';
    // The words for it are the table's.
    return { code, title: '', message: error.path, traceback: null, line: null, column: null, suggestions: [] };
  }
}
