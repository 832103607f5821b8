import { joinBytes } from '../../base/index.ts';
import { askBytes } from '../../bridge/worker/byte-requests.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { type Asked, askedIn, cloned, foresee, type Foreseen, letGo, MOST_TOGETHER, wholeOf } from './foreseen.ts';

/** With fewer fids than this no further one is refused. */
const SURELY_GIVEN = LIMITS.shareFids.standard / 2;
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
  /** What was answered here and the host has not heard. */
  let owed: Uint8Array[] = [];
  let isTimed = false;
  let isPaying = false;
  let underWay = 0;
  let foreseen: Foreseen | null = null;

  const pay = (): void => {
    if (owed.length === 0) return;
    isPaying = true;
    ask(joinBytes(owed), () => (isPaying = false));
    owed = [];
  };
  const owe = (request: Uint8Array): void => {
    owed.push(request);
    if (owed.length === MOST_TOGETHER) return pay();
    if (isTimed) return;
    isTimed = true;
    setTimeout(() => {
      isTimed = false;
      pay();
    }, TOGETHER_MS);
  };
  const send = (request: Uint8Array, onAnswer: (answer: Uint8Array) => void): void => {
    const isShort = owed.length > 0 && request.length <= SHORT_BYTES;
    const whole = isShort ? joinBytes([...owed, request]) : request;
    if (isShort) owed = [];
    else pay();
    ask(whole, onAnswer);
  };
  const ownAnswer = ({ kind, tag }: Asked): Uint8Array | null => {
    // A host that is behind is waited for.
    if (isPaying && owed.length + 1 === MOST_TOGETHER) return null;
    if (kind === 'clunk') return letGo(tag);
    return kind === 'clone' && fids.size < SURELY_GIVEN ? cloned(tag) : null;
  };

  return (request, reply) => {
    const asked = askedIn(request);
    const known = foreseen?.(asked) ?? null;
    foreseen = null;
    if (known) return reply(known);
    const own = ownAnswer(asked);
    if (asked.toFid !== null) fids.add(asked.toFid);
    if (asked.kind === 'clunk') fids.delete(asked.fid);
    if (own) {
      owe(request);
      return reply(own);
    }
    underWay += 1;
    send(request, (answer) => {
      underWay -= 1;
      // What another program asked meanwhile may have changed it.
      if (underWay === 0) foreseen = foresee(asked, answer);
      reply(wholeOf(answer));
    });
  };
}
