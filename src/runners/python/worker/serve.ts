import type { EngineDelivery } from '../../../contracts/box.ts';
import type { EngineStart, ToWorker } from '../../../contracts/runner-protocol.ts';
import {
  addDelivery,
  type Channel,
  createMailbox,
  createParts,
  describeError,
  type EngineParts,
  installMemoryCap,
  removeCapabilities,
} from '../../kit/worker/index.ts';
import { CORE_IMAGE, createCoreImage } from './core-image.ts';
import type { Pyodide } from './emscripten.ts';
import { evaluateScripts, MAIN_MODULE, type PackageFiles, startInterpreter } from './interpreter.ts';
import { openSession, type Session } from './session.ts';

/** Serves one session: start, then runs one after another. */
export function servePython(channel: Channel, scope: object): void {
  const parts = createParts();
  const began = performance.now();
  const marks: Record<string, number> = {};
  const mark = (stage: string): void => {
    marks[stage] = Math.round((performance.now() - began) * 10) / 10;
  };
  const core = createCoreImage(parts);
  const cap = installMemoryCap();
  let wish: Extract<ToWorker, { kind: 'initialize' }> | null = null;
  let session: Session | null = null;

  const startWhenReady = async (): Promise<void> => {
    // The rest of the engine arrives while the interpreter is being made.
    if (!parts.modules.has(MAIN_MODULE) || !wish || session) return;
    const asked = wish;
    wish = null;
    mark('began');
    void parts.whole.then(() => mark('delivered'));
    try {
      const mailbox = parts.mailbox ? createMailbox(parts.mailbox, (operation) => channel.askFile(operation)) : null;
      const started = await startWithFallback(parts, asked.start, { core, mailbox }, mark);
      session = await openSession({
        channel,
        parts,
        interpreter: started.interpreter,
        start: started.start,
        mountPath: asked.mountPath,
        memory: cap,
        mailbox,
      });
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
      channel.send({ kind: 'startFailed', detail: describeError(error) });
    }
  };

  const take = (message: EngineDelivery | ToWorker): void => {
    switch (message.kind) {
      case 'engine':
        addDelivery(parts, message);
        // Also in a box that has only begun: a start then finds it here. What fails is told by the start that waits for it.
        if (parts.mailbox === null && parts.blobs.has(CORE_IMAGE)) core.takeWhole().catch(() => undefined);
        if (parts.files.has('pyodide.asm.js')) evaluateScripts(parts);
        void startWhenReady();
        return;
      case 'initialize':
        wish = message;
        void startWhenReady();
        return;
      default:
        session?.take(message);
    }
  };
  channel.onMessage((message) => take(message as EngineDelivery | ToWorker));
}

/** A heap that does not fit costs time, not the session: one cold start instead. */
async function startWithFallback(
  parts: EngineParts,
  start: EngineStart,
  files: PackageFiles,
  mark: (stage: string) => void,
): Promise<{ interpreter: Pyodide; start: EngineStart; fallback: string | null }> {
  if (start === 'cold')
    return { interpreter: await startInterpreter(parts, 'cold', files, mark), start, fallback: null };
  try {
    const interpreter = await startInterpreter(parts, start, files, mark);
    checkHeap(interpreter);
    return { interpreter, start, fallback: null };
  } catch (error) {
    const fallback = String(error instanceof Error ? error.message : error).slice(0, 2000);
    return { interpreter: await startInterpreter(parts, 'cold', files, mark), start: 'cold', fallback };
  }
}

/** A heap from other bytes than it was made for can look alive: use it a little before trusting it. */
function checkHeap(interpreter: Pyodide): void {
  const answer = interpreter.runPython(
    "import companion_runtime, json; json.dumps([sum(range(10)), 'é'.encode().hex(), f'{1/3:.6f}'])",
  );
  if (answer !== '[45, "c3a9", "0.333333"]')
    throw new Error('python/heap-mismatch: the restored interpreter counts wrong');
}
