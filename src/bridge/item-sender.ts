import type { ItemSource, Numbered } from '../contracts/doors/stream.ts';
import type { AppError } from '../contracts/errors.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { ServerMessage } from './door-protocol.ts';

/** One frame of a 60 Hz screen: more messages a second than that nobody sees. */
const FLUSH_EVERY_MS = 16;

/**
 * Sends a stream to one reader: the first item at once, then at most 60 batches a second, and no more than
 * `batchesUnseen` ahead of the reader. Nothing is queued here; the source keeps the items.
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
  let lastFlushAtMs = -FLUSH_EVERY_MS;

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
      lastFlushAtMs = performance.now();
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
    if (timer !== null || isOver || signal.aborted) return;
    const waitMs = FLUSH_EVERY_MS - (performance.now() - lastFlushAtMs);
    if (waitMs <= 0) void flush();
    else timer = setTimeout(() => void flush(), waitMs);
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
