/** Of a state of v86: four numbers, then JSON about its buffers, then these, each on a multiple of 4 bytes. */
const HEADER_BYTES = 16;
const WHOLE_LENGTH_AT = 8;
const INFO_LENGTH_AT = 12;

export interface Span {
  readonly start: number;
  readonly length: number;
}

/** A buffer of a state, counted from where the first one begins. */
interface BufferInfo {
  readonly offset: number;
  readonly length: number;
}

/** What the JSON of a state says: its buffers, and what v86 makes of them. */
export interface StateInfo {
  readonly buffers: readonly BufferInfo[];
  readonly state: unknown;
}

/** What stands before the buffers: the numbers, and how long the JSON is. */
export interface StateHead {
  readonly info: StateInfo;
  readonly numbers: Uint8Array;
  readonly bytes: number;
}

export const toMultipleOf4 = (bytes: number): number => (bytes + 3) & ~3;

/** Reads the head of a state; `fill` gives the next bytes. Throws where they are no state. */
export function readHead(fill: (into: Uint8Array<ArrayBuffer>) => void): StateHead {
  const numbers = new Uint8Array(HEADER_BYTES);
  fill(numbers);
  const infoBytes = new Uint8Array(new DataView(numbers.buffer).getUint32(INFO_LENGTH_AT, true));
  fill(infoBytes);
  const bytes = toMultipleOf4(HEADER_BYTES + infoBytes.length);
  fill(new Uint8Array(bytes - HEADER_BYTES - infoBytes.length));
  return { info: parseInfo(infoBytes), numbers, bytes };
}

/** The head of a state whose buffers take so many bytes in all; `like` is one that v86 wrote. */
export function writeHead(like: StateHead, info: StateInfo, bufferBytes: number): Uint8Array<ArrayBuffer> {
  const said = new TextEncoder().encode(JSON.stringify({ buffer_infos: info.buffers, state: info.state }));
  const head = new Uint8Array(toMultipleOf4(HEADER_BYTES + said.length));
  head.set(like.numbers);
  head.set(said, HEADER_BYTES);
  const view = new DataView(head.buffer);
  view.setUint32(WHOLE_LENGTH_AT, head.length + bufferBytes, true);
  view.setUint32(INFO_LENGTH_AT, said.length, true);
  return head;
}

/** The head of a state, and where its buffers are. Throws where the bytes are no state. */
export function buffersOf(state: Uint8Array): { readonly head: StateHead; readonly spans: readonly Span[] } {
  const head = headOf(state);
  const spans = head.info.buffers.map(({ offset, length }): Span => {
    const start = head.bytes + offset;
    if (start + length > state.length) throw new Error('a buffer of a state ends outside of it');
    return { start, length };
  });
  return { head, spans };
}

function headOf(state: Uint8Array): StateHead {
  if (state.length < HEADER_BYTES) throw new Error('too short for a state');
  const infoBytes = new DataView(state.buffer, state.byteOffset).getUint32(INFO_LENGTH_AT, true);
  // Before there is room for it: what cannot be had of memory would be taken for a want of memory.
  if (HEADER_BYTES + infoBytes > state.length) throw new Error('a state is cut off in its head');
  let at = 0;
  return readHead((into) => {
    if (at + into.length > state.length) throw new Error('a state is cut off in its head');
    into.set(state.subarray(at, at + into.length));
    at += into.length;
  });
}

function parseInfo(bytes: Uint8Array): StateInfo {
  const said: unknown = JSON.parse(new TextDecoder().decode(bytes));
  const { buffer_infos: infos, state } = said as { readonly buffer_infos?: unknown; readonly state?: unknown };
  if (!Array.isArray(infos)) throw new Error('a state names no buffers');
  const buffers = infos.map((each: unknown): BufferInfo => {
    const { offset, length } = each as { readonly offset: unknown; readonly length: unknown };
    if (!isCount(offset) || !isCount(length)) throw new Error('a buffer of a state is nowhere');
    return { offset, length };
  });
  return { buffers, state };
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
