import { onAbort } from '../../base/index.ts';
import type { Envelope } from '../../interception/envelope.ts';
import { checkEnvelope, sizeOf } from './check-envelope.ts';
import { RECEIVER_LIMITS, type ReceiverLimits } from './receiver-limits.ts';
import { ASK, OFFER, type ToHook } from './wire.ts';

export interface ConnectPageOptions {
  /** Ends the connection, and with it the hook's watching. */
  readonly signal: AbortSignal;
  /** Called in order, once each. Must be quick: it runs on the page's thread. */
  readonly onEnvelope: (envelope: Envelope) => void;
  /** Called after those that came together. */
  readonly onBatch?: () => void;
  readonly limits?: ReceiverLimits;
  readonly target?: EventTarget;
  readonly nowMs?: () => number;
}

export interface PageCounts {
  received: number;
  /** Refused for their shape. */
  malformed: number;
  /** Refused for their rate or size. */
  overLimit: number;
  /** Numbers that never came: the hook dropped them, or they were refused. */
  missing: number;
  /** Times that `onEnvelope` threw. */
  failed: number;
}

export interface PageConnection {
  /** Has the hook send a `tool_response` on the socket that asked for it. False where that could not be sent. */
  sendOnSocket(socket: number, text: string): Promise<boolean>;
  isConnected(): boolean;
  counts(): Readonly<PageCounts>;
}

interface Budget {
  take(amount: number, nowMs: number): boolean;
}

function createBudget(perSecond: number, burstSeconds: number, fromMs: number): Budget {
  const most = perSecond * burstSeconds;
  let left = most;
  let atMs = fromMs;
  return {
    take(amount, nowMs) {
      left = Math.min(most, left + (Math.max(0, nowMs - atMs) / 1_000) * perSecond);
      atMs = nowMs;
      if (amount > left) return false;
      left -= amount;
      return true;
    },
  };
}

type CloneInto = (value: unknown, scope: object) => unknown;

/** Firefox shows an isolated script the page's objects through a wrapper; a copy of its own is plain again. */
function ownCopy(value: unknown): unknown {
  const { cloneInto } = globalThis as { cloneInto?: CloneInto };
  return cloneInto ? cloneInto(value, globalThis) : value;
}

function isBatch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/**
 * The isolated end of the page channel. Offers the hook one private port, at document_start and thus before any
 * script of the page, whichever of the two starts first. What arrives is checked, numbered and rate-limited: a page
 * that got hold of the port could at most write what the site itself could have written.
 */
export function connectPage(options: ConnectPageOptions): PageConnection {
  const { signal, onEnvelope } = options;
  const limits = options.limits ?? RECEIVER_LIMITS;
  const target = options.target ?? window;
  const nowMs = options.nowMs ?? (() => performance.now());
  const counts: PageCounts = { received: 0, malformed: 0, overLimit: 0, missing: 0, failed: 0 };
  /** When the batch that is read came. */
  let atMs = nowMs();
  const envelopes = createBudget(limits.envelopesPerSecond, limits.burstSeconds, atMs);
  const bytes = createBudget(limits.bytesPerSecond, limits.burstSeconds, atMs);
  const { port1: port, port2: offered } = new MessageChannel();
  const asking = new AbortController();
  let isConnected = false;
  let isOver = signal.aborted;
  let lastSeq = 0;
  let lastAnswer = 0;
  const underWay = new Map<number, (isSent: boolean) => void>();

  /** False where nobody waits for that answer. */
  const settle = (answer: number, isSent: boolean): boolean => {
    underWay.get(answer)?.(isSent);
    return underWay.delete(answer);
  };

  const tell = (message: ToHook): void => port.postMessage(message);

  const end = (): void => {
    if (isOver) return;
    isOver = true;
    asking.abort();
    if (isConnected) tell({ kind: 'bye' });
    isConnected = false;
    port.close();
    for (const answer of [...underWay.keys()]) settle(answer, false);
  };

  const offer = (): void => {
    if (isConnected || isOver) return;
    const event = new MessageEvent(OFFER, { cancelable: true, ports: [offered] });
    if (target.dispatchEvent(event)) return;
    isConnected = true;
    asking.abort();
  };

  const refuse = (): void => {
    counts.malformed += 1;
    if (counts.malformed > limits.malformed) end();
  };

  const attempt = (work: () => void): void => {
    try {
      work();
    } catch {
      // The next envelope must not suffer; the number is part of the self-test.
      counts.failed += 1;
    }
  };

  const receive = (value: unknown): void => {
    const envelope = checkEnvelope(value);
    if (!envelope || envelope.seq <= lastSeq) return refuse();
    const size = sizeOf(envelope);
    if (size > limits.envelopeBytes || !envelopes.take(1, atMs) || !bytes.take(size, atMs)) {
      counts.overLimit += 1;
      return;
    }
    counts.missing += envelope.seq - lastSeq - 1;
    lastSeq = envelope.seq;
    counts.received += 1;
    attempt(() => onEnvelope(envelope));
  };

  const receiveSent = (report: Readonly<Record<string, unknown>>): void => {
    if (!settle(report['answer'] as number, report['isSent'] === true)) refuse();
  };

  const onMessage = (event: MessageEvent): void => {
    let batch: unknown = null;
    try {
      batch = ownCopy(event.data);
    } catch {
      // Not readable from here, so it was not ours: counted as malformed below.
    }
    if (isBatch(batch) && batch['kind'] === 'sent') return receiveSent(batch);
    const size = isBatch(batch) ? batch['size'] : null;
    const isFit = Number.isSafeInteger(size) && (size as number) >= 0 && (size as number) <= limits.batchEnvelopes;
    if (!isBatch(batch) || !isFit) return refuse();
    atMs = nowMs();
    for (let at = 0; at < (size as number) && !isOver; at += 1) receive(batch[at]);
    attempt(() => options.onBatch?.());
    if (!isOver) tell({ kind: 'ack', batch: Number(batch['batch']) });
  };

  if (!isOver) {
    port.addEventListener('message', onMessage);
    port.start();
    onAbort(signal, end);
    target.addEventListener(ASK, offer, { signal: asking.signal });
    // The hook starts before the page's first script. Whoever asks after that is not the hook.
    target.addEventListener('DOMContentLoaded', () => asking.abort(), { signal: asking.signal });
    offer();
  }

  return {
    sendOnSocket(socket, text) {
      if (!isConnected) return Promise.resolve(false);
      lastAnswer += 1;
      const answer = lastAnswer;
      return new Promise((resolve) => {
        underWay.set(answer, resolve);
        tell({ kind: 'answer', answer, socket, text });
      });
    },
    isConnected: () => isConnected,
    counts: () => ({ ...counts }),
  };
}
