import { buffersOf, readHead, type StateInfo, toMultipleOf4, writeHead } from './layout.ts';

/** In the list that v86 saves of its processor: the guest's memory, only those pages in which something is. */
const MEMORY_AT = 77;

/** The same state with its memory behind all else: what reads it in order knows by then where each page goes. Throws where it is none. */
export function withMemoryLast(state: Uint8Array): Uint8Array<ArrayBuffer> {
  const { head, spans } = buffersOf(state);
  const { buffers } = head.info;
  const memory = memoryOf(head.info);
  let end = 0;
  const placed = (each: typeof memory): typeof memory => {
    const offset = end;
    end += toMultipleOf4(each.length);
    return { offset, length: each.length };
  };
  const others = buffers.map((each) => (each === memory ? null : placed(each)));
  const last = placed(memory);
  const moved = others.map((each) => each ?? last);
  const written = writeHead(head, { ...head.info, buffers: moved }, end);
  const whole = new Uint8Array(written.length + end);
  whole.set(written);
  spans.forEach(({ start, length }, at) => {
    whole.set(state.subarray(start, start + length), written.length + (moved[at]?.offset ?? 0));
  });
  return whole;
}

/**
 * Of a state whose memory is last, that state without any memory; what `fill` gives from then on is so many bytes of it. Throws
 * where the bytes are no state, or its memory is elsewhere.
 */
export function readAllButMemory(fill: (into: Uint8Array<ArrayBuffer>) => void): {
  readonly state: Uint8Array<ArrayBuffer>;
  readonly memoryBytes: number;
} {
  const head = readHead(fill);
  const memory = memoryOf(head.info);
  const isBehind = ({ offset, length }: { readonly offset: number; readonly length: number }): boolean =>
    offset + length > memory.offset;
  if (head.info.buffers.some((each) => each !== memory && isBehind(each)))
    throw new Error('the memory of a state is not its end');
  const buffers = head.info.buffers.map((each) => (each === memory ? { offset: each.offset, length: 0 } : each));
  const written = writeHead(head, { ...head.info, buffers }, memory.offset);
  const state = new Uint8Array(written.length + memory.offset);
  state.set(written);
  fill(state.subarray(written.length));
  return { state, memoryBytes: memory.length };
}

function memoryOf({ buffers, state }: StateInfo): StateInfo['buffers'][number] {
  const said: unknown = Array.isArray(state) ? state[MEMORY_AT] : null;
  const { buffer_id: id } = (said ?? {}) as { readonly buffer_id?: unknown };
  const memory = typeof id === 'number' ? buffers[id] : undefined;
  if (!memory) throw new Error('a state has no memory');
  return memory;
}
