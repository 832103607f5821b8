/** Bytes before a frame's payload: u32 length, u8 type, u32 id, little endian. Source: agent/agent.h. */
export const HEADER_BYTES = 9;

/** The agent never sends more in one frame: a write to a port is cut at 32 KiB by the guest's kernel. */
export const GUEST_PAYLOAD_BYTES = 32_768 - HEADER_BYTES;

export interface Frame {
  /** Code of an ASCII letter. */
  readonly type: number;
  readonly id: number;
  /** A view; it stays as it is for as long as the bytes that were pushed do. */
  readonly payload: Uint8Array;
}

/** One frame for the guest. `type` is one ASCII letter. */
export function encodeFrame(type: string, id: number, payload: Uint8Array = new Uint8Array(0)): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + payload.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, payload.length, true);
  frame[4] = type.charCodeAt(0);
  view.setUint32(5, id, true);
  frame.set(payload, HEADER_BYTES);
  return frame;
}

/**
 * Cuts the guest's bytes into frames, however they were split. Keeps at most one frame. A length above
 * `GUEST_PAYLOAD_BYTES` is no frame of the agent's: from then on everything is refused.
 */
export class FrameReader {
  readonly #pending = new Uint8Array(HEADER_BYTES + GUEST_PAYLOAD_BYTES);
  #length = 0;
  #isBroken = false;

  /** Hands every whole frame to `take`; false once the stream is broken. */
  push(bytes: Uint8Array, take: (frame: Frame) => void): boolean {
    let at = 0;
    while (!this.#isBroken && at < bytes.length) {
      if (this.#length > 0) at += this.#fill(bytes.subarray(at), take);
      else {
        const size = sizeOfFirst(bytes, at, bytes.length);
        if (size === null) this.#isBroken = true;
        else if (size > 0 && at + size <= bytes.length) {
          take(frameOf(bytes.subarray(at, at + size)));
          at += size;
        } else {
          this.#pending.set(bytes.subarray(at), 0);
          this.#length = bytes.length - at;
          at = bytes.length;
        }
      }
    }
    return !this.#isBroken;
  }

  /** Forgets what is half there: the guest is another one now. */
  reset(): void {
    this.#length = 0;
    this.#isBroken = false;
  }

  /** Completes what is pending, first its header; returns how many bytes it took. */
  #fill(bytes: Uint8Array, take: (frame: Frame) => void): number {
    const size = sizeOfFirst(this.#pending, 0, this.#length);
    if (size === null) {
      this.#isBroken = true;
      return 0;
    }
    const wanted = (size === 0 ? HEADER_BYTES : size) - this.#length;
    const taken = bytes.subarray(0, wanted);
    this.#pending.set(taken, this.#length);
    this.#length += taken.length;
    if (size > 0 && this.#length === size) {
      this.#length = 0;
      take(frameOf(this.#pending.slice(0, size)));
    } else if (size === 0 && sizeOfFirst(this.#pending, 0, this.#length) === HEADER_BYTES) {
      this.#length = 0;
      take(frameOf(this.#pending.slice(0, HEADER_BYTES)));
    }
    return taken.length;
  }
}

/** Bytes of the frame that begins at `at`: 0 while its header is not whole, null when no frame of the agent's is so long. */
function sizeOfFirst(bytes: Uint8Array, at: number, end: number): number | null {
  if (end - at < HEADER_BYTES) return 0;
  const length = new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
  return length > GUEST_PAYLOAD_BYTES ? null : HEADER_BYTES + length;
}

function frameOf(bytes: Uint8Array): Frame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  return { type: view.getUint8(4), id: view.getUint32(5, true), payload: bytes.subarray(HEADER_BYTES) };
}
