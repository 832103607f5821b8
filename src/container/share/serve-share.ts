import { serveBytes } from '../../bridge/worker/byte-requests.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { Share } from './share.ts';

export interface ServedShare {
  /** Ends the port; the share stays. */
  close(): void;
}

/**
 * Answers a machine's requests on a port, as buffers that are handed over, in order. A machine that sends anything else, or
 * more than `shareQueued` at a time, is no machine of ours: its port is closed and `onBroken` hears of it, once.
 */
export function serveShare(port: MessagePort, share: Share, onBroken: () => void = () => undefined): ServedShare {
  return serveBytes(port, {
    handle: (request) => share.handle(request),
    mostBytes: LIMITS.shareMessageBytes.standard,
    mostWaiting: LIMITS.shareQueued.standard,
    onBroken,
  });
}
