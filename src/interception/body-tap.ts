import { bytesBuffer, bytesLength, copyBytes, getter, then, unbind } from './natives.ts';
import { emitChunk, observe, reportHealth, type Sink, STREAM_LIMIT_BYTES } from './sink.ts';

/** Turns of the microtask queue that a read may take while what has already arrived is drained. */
const DRAIN_TURNS = 16;

export interface BodyTap {
  /** Reads the body to its end; emits its chunks and one end. */
  read(sink: Sink, stream: number, body: object): { stop(): void };
}

/** Saves the natives of streams and returns the reader that is built on them. */
export function createBodyTap(): BodyTap {
  const getReader = unbind<[], object>(ReadableStream.prototype.getReader);
  const readOnce = unbind<[], Promise<{ done: boolean; value?: Uint8Array<ArrayBuffer> }>>(
    ReadableStreamDefaultReader.prototype.read,
  );
  const cancel = unbind<[], Promise<void>>(ReadableStreamDefaultReader.prototype.cancel);
  const nothing = Promise.resolve();

  return {
    read(sink, stream, body) {
      const reader = getReader(body);
      let isOver = false;
      let isStopping = false;
      let total = 0;
      let reads = 0;

      const end = (how: 'complete' | 'cancelled' | 'failed'): void => {
        if (isOver) return;
        isOver = true;
        sink.emit({ kind: 'end', stream, how });
        reportHealth(sink);
      };
      const giveUp = (how: 'cancelled' | 'failed'): void => {
        if (isOver) return;
        end(how);
        then(
          cancel(reader),
          () => undefined,
          () => undefined,
        );
      };
      // What had arrived when the page cancelled still counts: a page may cancel right after its last read.
      const drain = (turns: number, seenReads: number): void => {
        if (isOver) return;
        if (turns === 0) giveUp('cancelled');
        else
          then(
            nothing,
            () => drain(reads === seenReads ? turns - 1 : DRAIN_TURNS, reads),
            () => undefined,
          );
      };
      const next = (): void => {
        then(
          readOnce(reader),
          ({ done, value }) => observe(sink, () => take(done, value)),
          () => end('failed'),
        );
      };
      const take = (done: boolean, value: Uint8Array<ArrayBuffer> | undefined): void => {
        if (isOver) return;
        reads += 1;
        if (done) return end('complete');
        if (!sink.isOpen()) return giveUp('failed');
        if (value) {
          const size = bytesLength(value);
          total += size;
          if (total > STREAM_LIMIT_BYTES) {
            sink.counts.oversized += 1;
            return giveUp('failed');
          }
          const whole = getBufferLength(bytesBuffer(value)) === size ? value : copyBytes(value);
          if (whole) emitChunk(sink, stream, whole);
        }
        next();
      };
      next();
      return {
        stop() {
          if (isStopping) return;
          isStopping = true;
          drain(DRAIN_TURNS, reads);
        },
      };
    },
  };
}

const getBufferLength = getter<number>(ArrayBuffer.prototype, 'byteLength');
