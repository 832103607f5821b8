import type { BoxWorker } from '../../../src/contracts/box.ts';
import { asSent, type Line } from './transcript.ts';

/** A worker without an engine: says what the golden file's worker said, each time the host has said its part. */
export function replayedWorker(golden: readonly Line[], hasSharedMemory: boolean, said: unknown[]): BoxWorker {
  let listener: (message: unknown) => void = () => undefined;
  let at = golden.findIndex((line) => 'to' in line && (line.to as { kind: string }).kind === 'execute');
  const goOn = (): void => {
    // The host's own line first, then the worker's until the host speaks again; later, as messages do.
    at += 1;
    for (let line = golden[at]; line && 'from' in line; line = golden[at]) {
      const { from } = line;
      at += 1;
      queueMicrotask(() => listener(asSent(from)));
    }
  };
  return {
    boxId: 'replayed',
    hasSharedMemory,
    isPrepared: true,
    post: (message) => {
      said.push(message);
      goOn();
    },
    onMessage: (listen) => void (listener = listen),
    interrupt: goOn,
    settle: () => undefined,
    serveFiles: () => undefined,
    close: () => undefined,
    closed: new Promise(() => undefined),
    crashReason: null,
  };
}
