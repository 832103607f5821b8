import type { Observation } from './envelope.ts';
import type { Sink } from './sink.ts';

/** A sink that keeps what it is given, in order, until it is released; from then on it hands on at once. */
export interface HeldSink extends Sink {
  release(): void;
}

interface Held {
  readonly seen: Observation;
  next: Held | null;
}

/** For a body that has to be read before what opens its stream is known. */
export function holdSink(sink: Sink): HeldSink {
  let isReleased = false;
  let head: Held | null = null;
  let tail: Held | null = null;
  return {
    counts: sink.counts,
    isOpen: sink.isOpen,
    emit(seen) {
      if (isReleased) return sink.emit(seen);
      const held: Held = { seen, next: null };
      if (tail === null) head = held;
      else tail.next = held;
      tail = held;
    },
    release() {
      isReleased = true;
      for (; head !== null; head = head.next) sink.emit(head.seen);
      tail = null;
    },
  };
}
