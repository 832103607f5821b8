import type { ItemSource, Numbered } from '../contracts/doors/stream.ts';
import type { AppError } from '../contracts/errors.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { ServerMessage } from './door-protocol.ts';

/** One frame of a 60 Hz screen: more messages a second than that nobody sees. */
const FLUSH_EVERY_MS = 16;
/** Batches that may go at once after a rest: a short run is over, all its states and its output told, within one frame. */
const BURST = 8;
/** How long items that may wait do; a short run is over by then. */
const WAITING_MS = 20;

/**
 * Sends a stream to one reader: what comes after a rest at once, at most 60 batches a second in the long run, and no more
 * than `batchesUnseen` ahead of the reader. Nothing is queued here; the source keeps the items.
 */
export function sendItems(options: {
  readonly id: string;
  readonly source: ItemSource<Numbered>;
  readonly after: number;
  readonly send: (message: ServerMessage) => Promise<unknown>;
  readonly gone: AppError;
  readonly signal: AbortSignal;
}): { seen(batch: number): void } {
  const { id, source, send, signal } = options;
  let at = options.after;
  let batch = 0;
  let seenBatch = 0;
  let isSending = false;
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | null = null;
  /** The timer is for items that may wait. */
  let isWaiting = false;
  let left = BURST;
  let earnedAtMs = performance.now();

  const flush = async () => {
    timer = null;
    if (isSending || isOver || signal.aborted || batch - seenBatch >= LIMITS.batchesUnseen.standard) return;
    const items = source.read(at, LIMITS.itemsPerBatch.standard);
    if (items === null) {
      isOver = true;
      await send({ kind: 'lost', id, error: { code: options.gone.code } });
      return;
    }
    const last = items.at(-1);
    if (last !== undefined) {
      batch += 1;
      at = last.n;
      isSending = true;
      left -= 1;
      await send({ kind: 'items', id, batch, items: [...items] });
      isSending = false;
    }
    if (source.isEndAt(at)) {
      isOver = true;
      await send({ kind: 'done', id });
    } else if (last !== undefined) {
      schedule();
    }
  };
  const schedule = () => {
    if (isOver || signal.aborted) return;
    const mayWait = source.mayWait?.(at) === true;
    if (timer !== null) {
      if (!isWaiting || mayWait) return;
      clearTimeout(timer);
      timer = null;
    }
    isWaiting = mayWait;
    if (mayWait) {
      timer = setTimeout(() => void flush(), WAITING_MS);
      return;
    }
    const now = performance.now();
    left = Math.min(BURST, left + (now - earnedAtMs) / FLUSH_EVERY_MS);
    earnedAtMs = now;
    if (left >= 1) void flush();
    else timer = setTimeout(() => void flush(), (1 - left) * FLUSH_EVERY_MS);
  };

  source.onMore(schedule, { signal });
  signal.addEventListener('abort', () => {
    if (timer !== null) clearTimeout(timer);
  });
  schedule();
  return {
    seen(upTo) {
      if (upTo <= seenBatch || upTo > batch) return;
      seenBatch = upTo;
      schedule();
    },
  };
}
