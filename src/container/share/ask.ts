import { joinBytes } from '../../base/index.ts';
import { askBytes } from '../../bridge/worker/byte-requests.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { type Asked, askedIn, cloned, foresee, type Foreseen, letGo, MOST_BEFORE, wholeOf } from './foreseen.ts';

/** With fewer fids than this no further one is refused. */
const SURELY_GIVEN = LIMITS.shareFids.standard / 2;
/**
 * So many of those that were answered here the host has not done at most. A guest has 32 others under way at most, by v86's queue, and
 * each may be followed by one that was foreseen: all of them stay within `shareQueued`.
 */
export const MOST_OWED = 64;
/** Longer ones go by themselves: to copy them takes longer than a message. */
const SHORT_BYTES = 4_096;
/** So long what was answered here waits for a request that it can go with. */
const TOGETHER_MS = 2;

/**
 * The other end of `serveShare`, for the worker of a machine: what v86 takes as `handle9p`. A question goes from process to process and
 * the guest waits for it, so what is known is answered here (decision 0177): that a fid is let go, or has another name, which the host
 * hears in its place before the next question, and what `foresee` knows.
 */
export function askShare(port: MessagePort): (request: Uint8Array, reply: (bytes: Uint8Array) => void) => void {
  const ask = askBytes(port);
  /** Those that the host may have. */
  const fids = new Set<number>();
  /** What was answered here and has not been sent. */
  let unsent: Uint8Array[] = [];
  /** These, and those that were sent and are not done. */
  let owed = 0;
  let isTimed = false;
  let underWay = 0;
  let foreseen: Foreseen | null = null;

  /** Sends these in one buffer; `onAnswer` gets the answer to the last. */
  const send = (requests: readonly Uint8Array[], onAnswer?: (answer: Uint8Array) => void): void => {
    const ownCount = onAnswer ? requests.length - 1 : requests.length;
    ask(requests.length === 1 && requests[0] ? requests[0] : joinBytes(requests), (answer) => {
      owed -= ownCount;
      onAnswer?.(answer);
    });
  };
  const pay = (): void => {
    if (unsent.length > 0) send(unsent);
    unsent = [];
  };
  const owe = (request: Uint8Array): void => {
    owed += 1;
    unsent.push(request);
    if (unsent.length === MOST_BEFORE) return pay();
    if (isTimed) return;
    isTimed = true;
    setTimeout(() => {
      isTimed = false;
      pay();
    }, TOGETHER_MS);
  };
  const ownAnswer = ({ kind, tag }: Asked): Uint8Array | null => {
    if (owed >= MOST_OWED) return null;
    if (kind === 'clunk') return letGo(tag);
    return kind === 'clone' && fids.size < SURELY_GIVEN ? cloned(tag) : null;
  };
  const note = ({ kind, fid, toFid }: Asked): void => {
    if (kind === 'version') fids.clear();
    if (kind === 'clunk') fids.delete(fid);
    if (toFid !== null && fids.size < LIMITS.shareFids.standard) fids.add(toFid);
  };

  return (request, reply) => {
    const asked = askedIn(request);
    const known = foreseen?.(asked) ?? null;
    foreseen = null;
    if (known) return reply(known);
    const own = ownAnswer(asked);
    note(asked);
    if (own) {
      owe(request);
      return reply(own);
    }
    underWay += 1;
    if (request.length > SHORT_BYTES || asked.kind === 'odd') pay();
    const before = unsent;
    unsent = [];
    send([...before, request], (answer) => {
      underWay -= 1;
      // What another program asked meanwhile may have changed it.
      if (underWay === 0) foreseen = foresee(asked, answer);
      reply(wholeOf(answer));
    });
  };
}
