import { bytesBuffer, bytesLength, bytesOffset, copyRange } from './natives.ts';
import type { Observation } from './envelope.ts';

/** What the self-test counts; names are part of the health envelope. */
export interface Counts {
  streams: number;
  sockets: number;
  frames: number;
  /** An observer failed; the page did not notice. */
  errors: number;
  /** Frames and streams above their limit, passed by without being kept. */
  oversized: number;
}

/** Where observers put what they saw. Never throws. */
export interface Sink {
  readonly counts: Counts;
  emit(seen: Observation): void;
  /** True while somebody may still listen; observers rest otherwise. */
  isOpen(): boolean;
}

/** Largest socket frame that is handed on, in UTF-16 units or bytes. Longer ones are counted only. */
export const FRAME_LIMIT = 16 * 1024 * 1024;
/** Most bytes of one response body that are handed on. */
export const STREAM_LIMIT_BYTES = 256 * 1024 * 1024;
/** Longest request body that is handed on as it is, in UTF-16 units. */
export const REQUEST_LIMIT_UTF16 = 64 * 1024;

/** Largest piece of a body in one envelope. */
const CHUNK_BYTES = 1024 * 1024;

/** Hands on a body's bytes, in pieces that fit the channel. `bytes` must be the sink's to keep. */
export function emitChunk(sink: Sink, stream: number, bytes: Uint8Array<ArrayBuffer>): void {
  const size = bytesLength(bytes);
  if (size === 0) return;
  if (size <= CHUNK_BYTES) {
    sink.emit({ kind: 'chunk', stream, bytes });
    return;
  }
  const buffer = bytesBuffer(bytes);
  const from = bytesOffset(bytes);
  for (let at = 0; at < size; at += CHUNK_BYTES) {
    const end = at + CHUNK_BYTES < size ? at + CHUNK_BYTES : size;
    sink.emit({ kind: 'chunk', stream, bytes: copyRange(buffer, from + at, from + end) });
  }
}

/** Counts something that passed by unseen and says so at once: the decoder must not trust what was open then. */
export function countLoss(sink: Sink, kind: 'errors' | 'oversized'): void {
  sink.counts[kind] += 1;
  reportHealth(sink);
}

/** Runs one observer; whatever goes wrong in it is counted and ends here. */
export function observe(sink: Sink, observer: () => void): void {
  try {
    observer();
  } catch {
    // The page must never see a fault of ours; the self-test reports the number.
    countLoss(sink, 'errors');
  }
}

/** Tells the other end how the observers fare. */
export function reportHealth(sink: Sink): void {
  sink.emit({ kind: 'health', counts: { ...sink.counts } });
}
