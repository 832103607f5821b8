import {
  mapDelete,
  mapGet,
  mapSet,
  ownMember as own,
  parseJson,
  savedGetter as getter,
  unbind,
} from '../../base/index.ts';
import type { Observation } from '../../interception/envelope.ts';
import { createWaitingLine } from './waiting-line.ts';
import { ANSWER_LIMIT_UTF16, ASK, OFFER, SENDER_LIMITS, type SenderLimits, type Sent } from './wire.ts';

export interface PageChannelOptions {
  /** Called for the one command there is. Only over the private port. False where it could not be sent. */
  readonly onAnswer: (socket: number, text: string) => boolean;
  readonly target?: EventTarget;
  readonly limits?: SenderLimits;
}

export interface PageChannel {
  /** Numbers and sends. Never throws; beyond the bounds it drops, and a later `health` says how many. */
  emit(seen: Observation): void;
  /** False once nobody will listen any more. */
  isOpen(): boolean;
  /** Envelopes dropped so far. */
  dropped(): number;
}

type Loss = 'opening' | 'piece';

const byteLength = getter<number>(Reflect.getPrototypeOf(Uint8Array.prototype) as object, 'byteLength');

function sizeOf(seen: Observation): number {
  if (seen.kind === 'chunk') return byteLength(seen.bytes) + 64;
  if (seen.kind !== 'socket') return 1_024;
  return typeof seen.data === 'string' ? seen.data.length * 2 + 128 : byteLength(seen.data) + 128;
}

function savePortNatives() {
  return {
    listen: unbind<[string, (event: Event) => void], void>(EventTarget.prototype.addEventListener),
    unlisten: unbind<[string, (event: Event) => void], void>(EventTarget.prototype.removeEventListener),
    dispatch: unbind<[Event], boolean>(EventTarget.prototype.dispatchEvent),
    claim: unbind<[], void>(Event.prototype.preventDefault),
    portsOf: getter<readonly MessagePort[]>(MessageEvent.prototype, 'ports'),
    payloadOf: getter<unknown>(MessageEvent.prototype, 'data'),
    post: unbind<[unknown], void>(MessagePort.prototype.postMessage),
    start: unbind<[], void>(MessagePort.prototype.start),
    close: unbind<[], void>(MessagePort.prototype.close),
  };
}

/**
 * The hook's end of the page channel. Takes the port that the isolated end offers, whichever of the two starts
 * first, and keeps it to itself. Posts at once while the other end keeps up, else in batches: no timer is involved.
 */
export function openPageChannel(options: PageChannelOptions): PageChannel {
  const native = savePortNatives();
  const limits = options.limits ?? SENDER_LIMITS;
  const target = options.target ?? window;
  const line = createWaitingLine();
  const losses = new Map<number, Loss>();
  let port: MessagePort | null = null;
  let isClosed = false;
  let lastSeq = 0;
  let lastBatch = 0;
  let underWay = 0;
  let dropped = 0;

  const close = (): void => {
    isClosed = true;
    line.clear();
    native.unlisten(target, OFFER, onOffer);
    if (port !== null) native.close(port);
    port = null;
  };

  const flush = (): void => {
    while (port !== null && underWay < limits.batchesUnderWay && line.count() > 0) {
      lastBatch += 1;
      const batch = line.take(lastBatch, limits.batchEnvelopes, limits.batchBytes);
      try {
        native.post(port, batch);
        underWay += 1;
      } catch {
        dropped += batch.size; // what cannot be cloned is lost; the gap in the numbers shows it
      }
    }
  };

  const hasRoom = (size: number): boolean => {
    const most = port === null ? limits.unclaimedEnvelopes : limits.waitingEnvelopes;
    const mostBytes = port === null ? limits.unclaimedBytes : limits.waitingBytes;
    return line.count() < most && (line.count() === 0 || line.bytes() + size <= mostBytes);
  };

  const enqueue = (seen: Observation, size: number): void => {
    line.add({ v: 1, seq: lastSeq, ...seen }, size);
    flush();
  };

  /** A stream that lost a piece gets no further pieces, and ends as failed. */
  const admit = (seen: Observation): Observation | null => {
    if (seen.kind === 'health') return { kind: 'health', counts: { ...seen.counts, dropped } };
    if (seen.kind === 'socket' || seen.kind === 'open') return seen;
    const loss = mapGet(losses, seen.stream) as Loss | undefined;
    if (loss === undefined) return seen;
    if (seen.kind === 'chunk') return null;
    mapDelete(losses, seen.stream);
    return loss === 'opening' ? null : { kind: 'end', stream: seen.stream, how: 'failed' };
  };

  const emit = (seen: Observation): void => {
    if (isClosed) return;
    lastSeq += 1;
    const admitted = admit(seen);
    const size = sizeOf(seen);
    // Ends always pass: there are no more of them than openings that did.
    if (admitted !== null && (admitted.kind === 'end' || hasRoom(size))) return enqueue(admitted, size);
    dropped += 1;
    if (port === null && admitted !== null) return close();
    if (seen.kind === 'open') mapSet(losses, seen.stream, 'opening');
    else if (seen.kind === 'chunk' && mapGet(losses, seen.stream) === undefined) mapSet(losses, seen.stream, 'piece');
  };

  const onMessage = (event: Event): void => {
    try {
      const said = native.payloadOf(event);
      const kind = own(said, 'kind');
      if (kind === 'ack') {
        if (underWay > 0) underWay -= 1;
        flush();
      } else if (kind === 'bye') close();
      else if (kind === 'answer') answer(said);
    } catch {
      dropped += 1; // a command that cannot be read has no effect; nothing of ours may throw in the page
    }
  };

  const send = (socket: unknown, text: unknown): boolean => {
    if (typeof socket !== 'number' || typeof text !== 'string' || text.length > ANSWER_LIMIT_UTF16) return false;
    return own(parseJson(text), 'type') === 'tool_response' && options.onAnswer(socket, text);
  };
  const answer = (said: unknown): void => {
    const number = own(said, 'answer');
    if (typeof number !== 'number') return;
    let isSent = false;
    try {
      isSent = send(own(said, 'socket'), own(said, 'text'));
    } catch {
      dropped += 1; // no JSON: not sent, and told so
    }
    const told: Sent = { kind: 'sent', answer: number, isSent };
    if (port !== null) native.post(port, told);
  };

  const onOffer = (event: Event): void => {
    try {
      const offered = native.portsOf(event)[0];
      if (port !== null || offered === undefined) return;
      native.listen(offered, 'message', onMessage);
      native.listen(offered, 'close', close);
      native.start(offered);
      native.claim(event);
      native.unlisten(target, OFFER, onOffer);
      port = offered;
      flush();
    } catch {
      // No port came with it: not an offer of ours, nothing to lose.
    }
  };

  try {
    native.listen(target, OFFER, onOffer);
    native.dispatch(target, new Event(ASK));
  } catch {
    isClosed = true; // without events there is no channel; the page goes on
  }
  return { emit, isOpen: () => !isClosed, dropped: () => dropped };
}
