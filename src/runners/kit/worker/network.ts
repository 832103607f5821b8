import { NETWORK_PATH } from '../../../contracts/mailbox.ts';
import { type AskMailbox, MAILBOX_WINDOW_BYTES } from './mailbox.ts';

/** No signal: what listens to events is taken from a worker before a program runs in it. */
export type OnBegun = (end: () => void) => void;

export interface WorkerNetwork {
  /** Blocks until the gate has answered; null where this worker has no shared memory. JSON to JSON. */
  askSync(request: string): string | null;
  /** The same in every browser, for engines that can wait. `onBegun` gets, at once, what ends the request: its answer says so. */
  ask(request: string, onBegun?: OnBegun): Promise<string>;
  /** The host's answer. */
  take(id: number, answer: string): void;
}

type NetworkMessage =
  | { readonly kind: 'network'; readonly id: number; readonly request: string }
  | { readonly kind: 'networkEnd'; readonly id: number };

/** A worker's way to the network gate. */
export function createWorkerNetwork(
  mailbox: AskMailbox | null,
  send: (message: NetworkMessage) => void,
): WorkerNetwork {
  const open = new Map<number, (answer: string) => void>();
  let last = 0;
  return {
    askSync(request) {
      if (!mailbox) return null;
      last += 1;
      const path = `${NETWORK_PATH}${last}`;
      mailbox({ op: 'write', path, position: 0, bytes: new TextEncoder().encode(request), truncateTo: null });
      const decoder = new TextDecoder();
      let text = '';
      for (let position = 0; ; ) {
        const { errno, bytes } = mailbox({ op: 'read', path, position, length: MAILBOX_WINDOW_BYTES });
        if (errno) return JSON.stringify({ code: 'failed', error: 'The host gave no answer.' });
        if (bytes.length === 0) return text + decoder.decode();
        // A copy: no decoder reads shared memory.
        text += decoder.decode(bytes.slice(), { stream: true });
        position += bytes.length;
      }
    },
    ask(request, onBegun) {
      last += 1;
      const id = last;
      return new Promise((settle) => {
        open.set(id, settle);
        send({ kind: 'network', id, request });
        onBegun?.(() => {
          if (open.has(id)) send({ kind: 'networkEnd', id });
        });
      });
    },
    take(id, answer) {
      open.get(id)?.(answer);
      open.delete(id);
    },
  };
}
