import { serveBytes } from '../../bridge/worker/byte-requests.ts';
import { joinBytes } from '../../base/index.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { askedIn } from './asked.ts';
import { goesAlong, nextAfter, together } from './foreseen.ts';
import type { Share } from './share.ts';

export interface ServedShare {
  /** Ends the port; the share stays. */
  close(): void;
}

/**
 * Answers a machine's requests on a port, as buffers that are handed over, in order. A machine that sends anything else, or
 * more than `shareQueued` at a time, is no machine of ours: its port is closed and `onBroken` hears of it, once. A buffer may hold
 * several requests and is answered once, and an answer may be followed by others, of what the guest asks next or needs to know (`foreseen.ts`).
 */
export function serveShare(port: MessagePort, share: Share, onBroken: () => void = () => undefined): ServedShare {
  return serveBytes(port, {
    handle: (request) => answered(share, request),
    mostBytes: LIMITS.shareMessageBytes.standard,
    mostWaiting: LIMITS.shareQueued.standard,
    onBroken,
  });
}

/** Answers the last of the requests that came together; of the others the guest has its answer. */
async function answered(share: Share, requests: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const all = together(requests) ?? [requests];
  const last = all.pop() ?? requests;
  for (const request of all) void share.handle(request);
  const asked = askedIn(last);
  const answer = await share.handle(last);
  const along = await Promise.all(nextAfter(asked, answer).map((request) => share.handle(request)));
  return along.length > 0 ? joinBytes([answer, ...along.filter(goesAlong)]) : answer;
}
