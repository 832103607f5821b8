import { savedGetter as getter, unbind } from '../base/index.ts';
import { bytesBuffer, bytesLength, copyBytes, whenSettled } from './natives.ts';
import { emitChunk, observe, reportHealth, type Sink, STREAM_LIMIT_BYTES } from './sink.ts';

export interface BodyTap {
  /** Reads the body to its end and emits its chunks and one end. Returns what stops it early. */
  read(sink: Sink, stream: number, body: object): () => void;
}

/** Saves the natives of streams and returns the reader that is built on them. */
export function createBodyTap(): BodyTap {
  const getReader = unbind<[], object>(ReadableStream.prototype.getReader);
  const readOnce = unbind<[], Promise<{ done: boolean; value?: Uint8Array<ArrayBuffer> }>>(
    ReadableStreamDefaultReader.prototype.read,
  );
  const cancel = unbind<[], Promise<void>>(ReadableStreamDefaultReader.prototype.cancel);
  const later = setTimeout;

  return {
    read(sink, stream, body) {
      const reader = getReader(body);
      let isOver = false;
      let isStopping = false;
      let total = 0;

      const end = (how: 'complete' | 'cancelled' | 'failed'): void => {
        if (isOver) return;
        isOver = true;
        sink.emit({ kind: 'end', stream, how });
        reportHealth(sink);
      };
      const giveUp = (how: 'cancelled' | 'failed'): void => {
        if (isOver) return;
        end(how);
        whenSettled(
          cancel(reader),
          () => undefined,
          () => undefined,
        );
      };
      const next = (): void => {
        whenSettled(
          readOnce(reader),
          ({ done, value }) => observe(sink, () => take(done, value)),
          () => end('failed'),
        );
      };
      const take = (done: boolean, value: Uint8Array<ArrayBuffer> | undefined): void => {
        if (isOver) return;
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
      return () => {
        if (isStopping) return;
        isStopping = true;
        // One task later: what had arrived still counts, for a page may cancel right after its last read.
        later(() => observe(sink, () => giveUp('cancelled')), 0);
      };
    },
  };
}

const getBufferLength = getter<number>(ArrayBuffer.prototype, 'byteLength');
