import type { FileOperation } from '../../../contracts/files.ts';
import type { FromWorker, WorkerEvent } from '../../../contracts/runner-protocol.ts';

/** What is used of the worker's global object; named here because the same source is checked for pages too. */
export interface WorkerScope {
  postMessage: unknown;
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
}

/** The worker's way out, kept in closures: the global `postMessage` is gone once programs run. */
export interface Channel {
  send(message: FromWorker, transfer?: Transferable[]): void;
  sendEvent(run: number, event: WorkerEvent, transfer?: Transferable[]): void;
  /** Box to host, answered in the mailbox. */
  askFile(operation: FileOperation): void;
  onMessage(listener: (message: unknown) => void): void;
}

export function openChannel(scope: WorkerScope): Channel {
  const post = (scope.postMessage as (message: unknown, transfer?: Transferable[]) => void).bind(scope);
  const listen = scope.addEventListener.bind(scope);
  const send: Channel['send'] = (message, transfer) => (transfer ? post(message, transfer) : post(message));
  return {
    send,
    sendEvent: (run, event, transfer) => send({ kind: 'event', run, event }, transfer),
    askFile: (operation) => post({ kind: 'file', operation }),
    onMessage: (listener) => listen('message', (event) => listener(event.data)),
  };
}
