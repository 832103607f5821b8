/** Of a state of v86: four numbers, then JSON about its buffers, then these, each on a multiple of 4 bytes. */
const HEADER_BYTES = 16;
const INFO_LENGTH_AT = 12;

export interface Span {
  readonly start: number;
  readonly length: number;
}

/** Where the buffers of a state are. Throws where the bytes are no state. */
export function buffersOf(state: Uint8Array): { readonly headBytes: number; readonly spans: readonly Span[] } {
  if (state.length < HEADER_BYTES) throw new Error('too short for a state');
  const infoBytes = new DataView(state.buffer, state.byteOffset).getUint32(INFO_LENGTH_AT, true);
  const headBytes = (HEADER_BYTES + infoBytes + 3) & ~3;
  if (headBytes > state.length) throw new Error('a state is cut off in its head');
  const info: unknown = JSON.parse(new TextDecoder().decode(state.slice(HEADER_BYTES, HEADER_BYTES + infoBytes)));
  const infos = (info as { readonly buffer_infos?: unknown }).buffer_infos;
  if (!Array.isArray(infos)) throw new Error('a state names no buffers');
  const spans = infos.map((each: unknown): Span => {
    const { offset, length } = each as { readonly offset: unknown; readonly length: unknown };
    if (!isCount(offset) || !isCount(length)) throw new Error('a buffer of a state is nowhere');
    const start = headBytes + offset;
    if (start + length > state.length) throw new Error('a buffer of a state ends outside of it');
    return { start, length };
  });
  return { headBytes, spans };
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
