import { savedGetter as getter, unbind } from '../base/index.ts';
import { bytesLength, copyBytes, whenSettled } from './natives.ts';
import { countLoss, FRAME_LIMIT, observe, type Sink } from './sink.ts';

export type FrameDirection = 'in' | 'out';
export type FrameReceiver = (direction: FrameDirection, text: string | Uint8Array) => void;

/** Frames of one socket that may wait behind one whose bytes are still being read. */
const WAITING_FRAMES = 1_024;

interface Slot {
  readonly direction: FrameDirection;
  payload: string | Uint8Array | null;
  isReady: boolean;
  next: Slot | null;
}

export interface OrderedFrames {
  /** Takes what the page got or sent: text, a buffer, a view or a Blob. */
  take(direction: FrameDirection, payload: unknown): void;
}

/** Makes the queues that keep the order of frames although a Blob is read asynchronously. */
export function createFrameOrder(sink: Sink): (receive: FrameReceiver) => OrderedFrames {
  const blobSize = getter<number>(Blob.prototype, 'size');
  const readBlob = unbind<[], Promise<ArrayBuffer>>(Blob.prototype.arrayBuffer);

  const sizeOfBlob = (payload: unknown): number => {
    try {
      return blobSize(payload);
    } catch {
      return -1; // no Blob: the getter's brand check says so
    }
  };

  return (receive) => {
    let head: Slot | null = null;
    let tail: Slot | null = null;
    let waiting = 0;

    const flush = (): void => {
      while (head?.isReady) {
        const slot: Slot = head;
        head = slot.next;
        waiting -= 1;
        if (slot.payload !== null) receive(slot.direction, slot.payload);
      }
      if (head === null) tail = null;
    };
    const append = (direction: FrameDirection, payload: string | Uint8Array | null): Slot => {
      const slot: Slot = { direction, payload, isReady: payload !== null, next: null };
      if (tail === null) head = slot;
      else tail.next = slot;
      tail = slot;
      waiting += 1;
      return slot;
    };
    const takeBlob = (direction: FrameDirection, blob: unknown): void => {
      const slot = append(direction, null);
      const settle = (bytes: Uint8Array | null): void => {
        slot.payload = bytes;
        slot.isReady = true;
        if (bytes === null) countLoss(sink, 'errors');
        flush();
      };
      whenSettled(
        readBlob(blob),
        (buffer) => observe(sink, () => settle(copyBytes(buffer))),
        () => observe(sink, () => settle(null)),
      );
    };

    return {
      take(direction, payload) {
        const blobBytes = typeof payload === 'string' ? -1 : sizeOfBlob(payload);
        const ready = typeof payload === 'string' ? payload : blobBytes >= 0 ? null : copyBytes(payload);
        const size = ready === null ? blobBytes : typeof ready === 'string' ? ready.length : bytesLength(ready);
        if (size < 0) return;
        if (size > FRAME_LIMIT || waiting >= WAITING_FRAMES) countLoss(sink, 'oversized');
        else if (ready === null) takeBlob(direction, payload);
        else if (head === null) receive(direction, ready);
        else append(direction, ready);
      },
    };
  };
}
