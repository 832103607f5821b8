import { fail, ok, onAbort, type Result } from '../base/index.ts';
import { type AppError, appError } from '../contracts/errors.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { RawPort } from '../platform/index.ts';
import { type Assembly, createAssembly, type Frame, packMessage, partsOf, unpackMessage } from './message-frames.ts';

export interface MessageChannel {
  /**
   * Small messages go at once and in order. A large one settles when its last part is sent; small ones may overtake it,
   * so that Stop is not behind an upload: who needs order waits. `files/too-large` above `messageBytes`.
   */
  send(message: unknown): Promise<Result<null, AppError>>;
}

interface Outgoing {
  sent: number;
  taken: number;
  wake: (() => void) | null;
}

/** Whole messages over a port, whatever their size, with bytes. Bad frames of the other end are dropped and told. */
export function openMessageChannel(
  port: RawPort,
  options: {
    readonly signal: AbortSignal;
    readonly onMessage: (message: unknown) => void;
    readonly onBadFrame?: (why: string) => void;
    /** For frames that come from another world; without it they are our own host's (decision 0035). */
    readonly isFrame?: (raw: unknown) => boolean;
  },
): MessageChannel {
  const { signal } = options;
  const incoming = new Map<number, { assembly: Assembly; parts: number; bytes: number }>();
  const outgoing = new Map<number, Outgoing>();
  let lastId = 0;

  const bad = (why: string) => options.onBadFrame?.(why);
  const deliver = (packed: Parameters<typeof unpackMessage>[0]) => {
    let message: unknown;
    try {
      message = unpackMessage(packed);
    } catch {
      // Not JSON: told to the owner as a bad frame, nothing else depends on it.
      bad('json');
      return;
    }
    options.onMessage(message);
  };
  const post = (frame: Frame): boolean => {
    if (signal.aborted) return false;
    try {
      port.post(frame);
      return true;
    } catch {
      // The port is closed; its owner learns that by onDisconnect.
      return false;
    }
  };

  const open = (frame: Extract<Frame, { k: 'open' }>) => {
    const bytes = frame.sizes.reduce((sum, size) => sum + size, frame.textUtf16);
    let held = bytes;
    for (const other of incoming.values()) held += other.bytes;
    if (held > LIMITS.messageBytes.standard || incoming.size >= LIMITS.messagesOpenAtOnce.standard)
      return bad('too large');
    incoming.set(frame.id, { assembly: createAssembly(frame.textUtf16, frame.sizes), parts: 0, bytes });
  };
  const take = (frame: Extract<Frame, { k: 'part' }>) => {
    const entry = incoming.get(frame.id);
    if (entry === undefined) return bad('unknown transfer');
    entry.parts += 1;
    const state = entry.assembly.add(frame.of, frame.part);
    if (state !== 'more') incoming.delete(frame.id);
    if (state === 'bad') return bad('part');
    post({ k: 'taken', id: frame.id, parts: entry.parts });
    if (state === 'whole') deliver(entry.assembly.take());
  };

  port.onMessage(
    (raw) => {
      if (options.isFrame?.(raw) === false) return bad('shape');
      const frame = raw as Frame;
      switch (frame.k) {
        case 'whole':
          return deliver({ json: frame.json, blobs: [] });
        case 'open':
          return open(frame);
        case 'part':
          return take(frame);
        case 'taken': {
          const sending = outgoing.get(frame.id);
          if (sending === undefined) return;
          sending.taken = frame.parts;
          sending.wake?.();
        }
      }
    },
    { signal },
  );
  onAbort(signal, () => {
    incoming.clear();
    for (const sending of outgoing.values()) sending.wake?.();
  });

  const room = async (sending: Outgoing) => {
    while (sending.sent - sending.taken >= LIMITS.messagePartsUnseen.standard && !signal.aborted) {
      await new Promise<void>((resolve) => {
        sending.wake = resolve;
      });
    }
  };

  return {
    async send(message) {
      const packed = packMessage(message);
      if (packed.blobs.length === 0 && packed.json.length <= LIMITS.messagePartChars.standard) {
        return post({ k: 'whole', json: packed.json }) ? ok(null) : fail(appError('host/lost'));
      }
      const sizes = packed.blobs.map((blob) => blob.length);
      if (sizes.reduce((sum, size) => sum + size, packed.json.length) > LIMITS.messageBytes.standard) {
        return fail(appError('files/too-large'));
      }
      lastId += 1;
      const id = lastId;
      const sending: Outgoing = { sent: 0, taken: 0, wake: null };
      outgoing.set(id, sending);
      try {
        if (!post({ k: 'open', id, textUtf16: packed.json.length, sizes })) return fail(appError('host/lost'));
        for (const { of, part } of partsOf(packed)) {
          await room(sending);
          if (!post({ k: 'part', id, of, part })) return fail(appError('host/lost'));
          sending.sent += 1;
        }
        return ok(null);
      } finally {
        outgoing.delete(id);
      }
    },
  };
}
