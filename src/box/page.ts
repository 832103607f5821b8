import { MAILBOX, MAILBOX_HEADER_BYTES, MAILBOX_WINDOW_BYTES, STOP, STOP_BYTES } from '../contracts/mailbox.ts';
import { type AheadModules, compileAhead, lateModules, makePart, type ReadyPart } from './delivery.ts';
import { FileRelay } from './file-relay.ts';
import { BoxBytes } from './box-bytes.ts';
import {
  BOX_ASK,
  BOX_BYTES,
  BOX_CONNECT,
  BOX_READY,
  type BoxReady,
  type CarriedBytes,
  type FromBox,
  type ToBox,
} from './messages.ts';
import { Outbox } from './outbox.ts';
import { rehearse } from './rehearsal.ts';
import { startShell } from './shell-worker.ts';
import type { ShellScript } from './worker-shell.ts';

/** How long a worker that reported an uncaught error may take to answer before it counts as gone. */
const LIFE_SIGN_MS = 3000;
/** How long after a part the modules in its blobs are compiled: a start that is under way goes first. */
const LATE_MODULES_MS = 1500;

/**
 * Starts the page of a box: waits for its parent's one port. Throws unless the document is at an opaque origin: opened
 * plainly (Firefox) it would be an extension page with all rights.
 */
export function startBoxPage(scope: Window & typeof globalThis): void {
  if (scope.origin !== 'null' || scope.parent === scope)
    throw new Error('The box page runs only in its sandboxed frame.');
  const hasSharedMemory = scope.crossOriginIsolated && typeof SharedArrayBuffer === 'function';
  const ready: BoxReady = { op: BOX_READY, hasSharedMemory };
  const sayReady = (): void => scope.parent.postMessage(ready, '*'); // an extension page: no other document can frame this one
  const bytes = new BoxBytes();
  const connect = (event: MessageEvent<unknown>): void => {
    const [port] = event.ports;
    if (event.source !== scope.parent) return;
    const op = (event.data as { op?: unknown } | null)?.op;
    if (op === BOX_ASK) sayReady();
    if (op !== BOX_CONNECT || !port) return;
    scope.removeEventListener('message', connect);
    scope.addEventListener('message', ({ source, data }: MessageEvent<CarriedBytes | null>) => {
      if (source === scope.parent && data?.op === BOX_BYTES) bytes.add(data);
    });
    const session = new BoxSession(port, hasSharedMemory, bytes);
    port.onmessage = (message: MessageEvent<ToBox>) => session.receive(message.data);
  };
  scope.addEventListener('message', connect);
  sayReady();
}

/** One box is one session with one worker; it ends with its frame. */
class BoxSession {
  readonly #port: MessagePort;
  readonly #stop: SharedArrayBuffer | null;
  readonly #mailbox: SharedArrayBuffer | null;
  readonly #outbox: Outbox;
  readonly #files: FileRelay;
  readonly #bytes: BoxBytes;
  #worker: Worker | null = null;
  #isProven = false;
  #isDelivered = false;
  #takesPosts = false;
  #ahead: AheadModules | null = null;
  #endRehearsal: () => void = () => undefined;
  #isWanted = false;
  #held: (ToBox & { op: 'post' })[] = [];
  #lastPart: Promise<void> = Promise.resolve();
  #repeat: ReturnType<typeof setInterval> | null = null;

  constructor(port: MessagePort, hasSharedMemory: boolean, bytes: BoxBytes) {
    this.#port = port;
    this.#bytes = bytes;
    this.#stop = hasSharedMemory ? new SharedArrayBuffer(STOP_BYTES) : null;
    this.#mailbox = hasSharedMemory ? new SharedArrayBuffer(MAILBOX_HEADER_BYTES + MAILBOX_WINDOW_BYTES) : null;
    this.#outbox = new Outbox({
      deliver: (messages, units) => this.#deliver(messages, units),
      onOverflow: () => this.#crash('it sent more at once than the host could take'),
      now: () => performance.now(),
      schedule: (run, delayMs) => setTimeout(run, delayMs),
    });
    this.#files = new FileRelay({
      mailbox: this.#mailbox,
      ask: (id, operation) => this.#send({ op: 'file', id, operation }),
      tellWorker: (message) => this.#worker?.postMessage(message),
      onOverflow: () => this.#crash('flood of file operations'),
      now: () => performance.now(),
    });
    this.#worker = this.#openWorker();
  }

  receive(message: ToBox): void {
    switch (message.op) {
      case 'start':
        return this.#start(message.script);
      case 'part':
        return this.#addPart(message);
      case 'compile':
        return this.#compileAhead(message);
      case 'post':
        return this.#post(message);
      case 'interrupt':
        return this.#interrupt();
      case 'settle':
        return this.#settle();
      case 'answer':
        return this.#files.answer(message.id, message.answer);
      case 'took':
        return this.#took(message.units);
      case 'beat':
        return this.#send({ op: 'beat' });
    }
  }

  #post(message: ToBox & { op: 'post' }): void {
    if (!message.isAnswer) this.#outbox.asked();
    if (this.#takesPosts) this.#worker?.postMessage(message.message, [...message.transfer]);
    else this.#held.push(message);
  }

  #openWorker(): Worker {
    const { worker, lifeline } = startShell(this.#mailbox);
    let unanswered: ReturnType<typeof setTimeout> | null = null;
    lifeline.onmessage = () => {
      if (unanswered !== null) clearTimeout(unanswered);
      unanswered = null;
    };
    worker.onmessage = (event: MessageEvent<unknown>) => this.#fromWorker(event.data);
    worker.onmessageerror = () => this.#crash('unreadable message');
    worker.onerror = (event) => {
      event.preventDefault();
      if (!this.#isProven || !this.#isDelivered) return this.#crash(`worker failed to start: ${event.message}`);
      // One uncaught error does not end a worker, running out of memory does: ask.
      unanswered ??= setTimeout(() => this.#crash('worker does not answer'), LIFE_SIGN_MS);
      lifeline.postMessage('alive?');
    };
    return worker;
  }

  #compileAhead(message: ToBox & { op: 'compile' }): void {
    if (this.#isWanted) return; // the box was taken while the host read the files
    const { ahead, files } = compileAhead(message, this.#bytes.of);
    this.#ahead = ahead;
    if (message.rehearsal) this.#endRehearsal = rehearse(message.rehearsal, ahead.modules, files);
  }

  #start(text: string): void {
    this.#isWanted = true;
    this.#endRehearsal(); // a start goes first
    const script: ShellScript = { kind: 'script', text };
    this.#worker?.postMessage(script);
  }

  #addPart(part: ToBox & { op: 'part' }): void {
    const made = makePart(part, this.#ahead, this.#bytes.of);
    this.#ahead = null; // its own by now, or another engine's: it takes memory
    this.#lastPart = this.#lastPart.then(async () => {
      const { files, blobs, modules } = await made;
      const shared = { stop: this.#stop, mailbox: this.#mailbox };
      const delivery = { kind: 'engine', stage: part.stage, isLast: part.isLast, files, blobs, modules, ...shared };
      this.#worker?.postMessage(delivery, Object.values(files));
      if (Object.keys(blobs).length > 0) setTimeout(() => void this.#addLateModules(part, blobs), LATE_MODULES_MS);
      if (part.isLast) this.#isDelivered = true;
      if (!part.opensPosts) return;
      this.#takesPosts = true;
      for (const held of this.#held) this.#worker?.postMessage(held.message, [...held.transfer]);
      this.#held = [];
    });
    this.#lastPart.catch((error: unknown) => this.#crash(`engine not delivered: ${String(error)}`));
  }

  async #addLateModules(part: ToBox & { op: 'part' }, blobs: ReadyPart['blobs']): Promise<void> {
    const shared = { stop: this.#stop, mailbox: this.#mailbox };
    try {
      for await (const modules of lateModules(part.modules, blobs)) {
        const delivery = { kind: 'engine', stage: part.stage, isLast: false, files: {}, modules, ...shared };
        this.#worker?.postMessage(delivery);
      }
    } catch {
      return; // the worker makes what it lacks itself, and says so where it cannot
    }
  }

  #fromWorker(message: unknown): void {
    const kind = typeof message === 'object' && message !== null ? (message as { kind?: unknown }).kind : undefined;
    if (kind === 'file') return this.#files.add(message);
    if (kind === 'proof' && !this.#isProven) {
      this.#isProven = true; // the shell's; nobody's program runs before it
      return this.#send({ op: 'proof', failures: (message as { failures: string[] }).failures });
    }
    this.#outbox.add(message);
  }

  #deliver(messages: readonly unknown[], units: number): void {
    try {
      this.#send({ op: 'batch', messages, units });
    } catch {
      this.#crash('unsendable message'); // memory that must not leave, or the like: no engine of ours posts it
    }
  }

  #took(units: number): void {
    if (this.#mailbox) {
      const words = new Int32Array(this.#mailbox, 0, MAILBOX_HEADER_BYTES / 4);
      Atomics.add(words, MAILBOX.taken, units);
      Atomics.notify(words, MAILBOX.taken);
    }
    this.#outbox.took();
  }

  #interrupt(): void {
    if (this.#stop) {
      const words = new Int32Array(this.#stop);
      const set = (): void => {
        Atomics.store(words, STOP.wakeIndex, STOP.wake);
        Atomics.store(words, STOP.interruptIndex, STOP.interrupt);
        Atomics.notify(words, STOP.wakeIndex);
      };
      set();
      // A single write can be lost in the engine's own scheduling code.
      this.#repeat ??= setInterval(set, STOP.repeatMs);
    }
    // After the words: a worker that it wakes looks at them, and waits on where they say nothing.
    this.#worker?.postMessage({ kind: 'interrupt' });
  }

  #settle(): void {
    if (this.#repeat !== null) clearInterval(this.#repeat);
    this.#repeat = null;
  }

  #crash(reason: string): void {
    if (!this.#worker) return;
    this.#worker.terminate();
    this.#worker = null;
    this.#settle();
    this.#send({ op: 'crashed', reason });
  }

  #send(message: FromBox): void {
    this.#port.postMessage(message);
  }
}
