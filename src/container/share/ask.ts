import { joinBytes } from '../../base/index.ts';
import { askBytes } from '../../bridge/worker/byte-requests.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { type Asked, askedIn } from './asked.ts';
import { alongWith, cloned, foresee, type Foreseen, letGo, MOST_BEFORE, wholeOf } from './foreseen.ts';
import { WriteBehind } from './write-behind.ts';

/** With fewer fids than this no further one is refused. */
const SURELY_GIVEN = LIMITS.shareFids.standard / 2;
/**
 * So many of those that were answered here the host has not done at most. A guest has 32 others under way at most, by v86's queue, and
 * each is followed by two that the host asks itself: all of them stay within `shareQueued`.
 */
export const MOST_OWED = 64;
/** Longer ones go by themselves: to copy them takes longer than a message. */
const SHORT_BYTES = 4_096;
/** So long what was answered here waits for a request that it can go with. */
const TOGETHER_MS = 2;

export interface AskedShare {
  /** What v86 takes as `handle9p`. */
  readonly serve: (request: Uint8Array, reply: (bytes: Uint8Array) => void) => void;
  /** Null where the host has all that the guest was told it wrote; else settles once it has. */
  readonly settled: () => Promise<void> | null;
}

/**
 * The other end of `serveShare`, for the worker of a machine. A question goes from process to process and
 * the guest waits for it, so what is known is answered here (decision 0177): that a fid is let go, or has another name, which the host
 * hears in its place before the next question, what `foresee` knows, and what `WriteBehind` takes.
 */
export function askShare(port: MessagePort): AskedShare {
  const ask = askBytes(port);
  const behind = new WriteBehind();
  /** Those that the host may have. */
  const fids = new Set<number>();
  /** What was answered here and has not been sent. */
  let unsent: Uint8Array[] = [];
  /** These, and those that were sent and are not done. */
  let owed = 0;
  let isTimed = false;
  /** Questions and writes so far. */
  let turn = 0;
  let foreseen: Foreseen | null = null;
  /** The last fid that is another name of one, and which. */
  let lastClone: Pick<Asked, 'fid' | 'toFid'> | null = null;

  /** Sends what was not sent before it, and this; in one buffer where it is short. */
  const send = (request: Uint8Array, isOdd: boolean, onAnswer: (answer: Uint8Array) => void): void => {
    if (request.length > SHORT_BYTES || isOdd) pay();
    const before = unsent;
    unsent = [];
    ask(before.length === 0 ? request : joinBytes([...before, request]), (answer) => {
      owed -= before.length;
      onAnswer(answer);
    });
  };
  const pay = (): void => {
    const last = unsent.pop();
    if (last) send(last, false, () => (owed -= 1));
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
  const asForeseen = (asked: Asked): Uint8Array | null => {
    const next = foreseen?.(asked) ?? null;
    foreseen = null;
    if (!next || (next.owes && fids.size >= SURELY_GIVEN)) return null;
    if (next.owes) owe(next.owes);
    foreseen = next.then;
    return next.answer;
  };
  const asWritten = (request: Uint8Array, asked: Asked): Uint8Array | null => {
    const written = behind.take(asked);
    if (!written) return null;
    owed += 1;
    turn += 1;
    send(request, false, (answer) => {
      owed -= 1;
      behind.room(alongWith(answer));
      written.onAnswer(answer);
    });
    return written.answer;
  };
  const asLetGo = (request: Uint8Array, { kind, tag }: Asked): Uint8Array | null => {
    const isKnown = kind === 'clunk' || (kind === 'clone' && fids.size < SURELY_GIVEN);
    if (!isKnown) return null;
    owe(request);
    return kind === 'clunk' ? letGo(tag) : cloned(tag);
  };
  /** Null where the host is to be asked. */
  const ownAnswer = (request: Uint8Array, asked: Asked): Uint8Array | null => {
    const failed = behind.failure(asked);
    if (failed || owed >= MOST_OWED) return failed;
    return asForeseen(asked) ?? asWritten(request, asked) ?? asLetGo(request, asked);
  };
  const note = (asked: Asked): void => {
    const { kind, fid, toFid } = asked;
    behind.asked(asked);
    if (kind === 'version') fids.clear();
    if (kind === 'clunk') fids.delete(fid);
    if (toFid !== null && fids.size < LIMITS.shareFids.standard) fids.add(toFid);
    if (kind === 'clone') lastClone = asked;
  };

  const serve: AskedShare['serve'] = (request, reply) => {
    const asked = askedIn(request);
    const own = ownAnswer(request, asked);
    note(asked);
    if (own) return reply(own);
    foreseen = null;
    const madeFrom = lastClone?.toFid === asked.fid ? lastClone.fid : null;
    turn += 1;
    const ownTurn = turn;
    send(request, asked.kind === 'odd', (answer) => {
      const along = alongWith(answer);
      behind.answered(asked, answer, along);
      behind.room(along);
      // What another program asked meanwhile may have changed it.
      if (turn === ownTurn) foreseen = foresee(asked, answer, along, madeFrom);
      // A write that went before an fsync may have been refused meanwhile.
      reply(behind.failure(asked) ?? wholeOf(answer));
    });
  };
  return { serve, settled: () => behind.settled() };
}
