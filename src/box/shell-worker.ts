import { MAILBOX } from '../contracts/mailbox.ts';
import { WINDOW_UNITS } from './outbox.ts';
import { weigh } from './weigh.ts';
import { workerShell, type ShellStart } from './worker-shell.ts';

export interface ShellWorker {
  readonly worker: Worker;
  /** Answered by a worker that lives. */
  readonly lifeline: MessagePort;
}

/** A worker with nothing but the shell in it: what a browser needs for one, and the proof of the wall, wait for no engine. */
export function startShell(mailbox: SharedArrayBuffer | null): ShellWorker {
  const shell = `(${workerShell.toString()})(self,${weigh.toString()},${WINDOW_UNITS},${MAILBOX.taken});\n`;
  // Its URL is never revoked: Firefox reads it late, and it goes with the frame.
  const worker = new Worker(URL.createObjectURL(new Blob([shell], { type: 'text/javascript' })));
  const { port1, port2 } = new MessageChannel();
  const start: ShellStart = { kind: 'box', mailbox, lifeline: port2 };
  worker.postMessage(start, [port2]);
  return { worker, lifeline: port1 };
}
