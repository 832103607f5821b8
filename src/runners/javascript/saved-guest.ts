/** What the build keeps of a guest that has started: everything in its memory, and where its parts lie in it. */
export interface SavedGuest {
  /** Bytes of memory; what no piece names is zero. */
  readonly memoryBytes: number;
  /** Offset and length of each piece of memory; their bytes follow one after another. */
  readonly pieces: readonly (readonly [offset: number, length: number])[];
  readonly stackPointer: number;
  readonly runtimePtr: number;
  readonly contextPtr: number;
  readonly extensions: readonly {
    readonly name: string;
    readonly memoryBase: number;
    readonly tableBase: number;
    readonly initFn: string;
  }[];
  /** Tokens of the guest's functions, by name. */
  readonly calls: Readonly<Record<string, number>>;
  /** Where bytes lie that must differ in each guest: what `Math.random` draws from, the stack's canary. Saved as zeros. */
  readonly random: readonly (readonly [offset: number, length: number])[];
}

export type Memory = Uint8Array<ArrayBuffer>;

/** Bytes of the header's length, which comes first. */
const LENGTH_BYTES = 4;

/** Length of the header, header as JSON, pieces. */
export function packGuest(saved: SavedGuest, memory: Uint8Array): Memory {
  const header = new TextEncoder().encode(JSON.stringify(saved));
  const total = saved.pieces.reduce((sum, [, length]) => sum + length, LENGTH_BYTES + header.length);
  const packed = new Uint8Array(total);
  new DataView(packed.buffer).setUint32(0, header.length, true);
  packed.set(header, LENGTH_BYTES);
  let at = LENGTH_BYTES + header.length;
  for (const [offset, length] of saved.pieces) {
    packed.set(memory.subarray(offset, offset + length), at);
    at += length;
  }
  return packed;
}

/** The guest's facts, and its whole memory, with random bytes of its own where such must be. */
export function unpackGuest(packed: Uint8Array): { readonly saved: SavedGuest; readonly memory: Memory } {
  const headerBytes = new DataView(packed.buffer, packed.byteOffset).getUint32(0, true);
  let at = LENGTH_BYTES + headerBytes;
  const saved = JSON.parse(new TextDecoder().decode(packed.subarray(LENGTH_BYTES, at))) as SavedGuest;
  const memory = new Uint8Array(saved.memoryBytes);
  for (const [offset, length] of saved.pieces) {
    memory.set(packed.subarray(at, at + length), offset);
    at += length;
  }
  for (const [offset, length] of saved.random) {
    const seed = crypto.getRandomValues(memory.subarray(offset, offset + length));
    // Zero is the one state that a generator never leaves.
    if (seed.every((byte) => byte === 0)) seed[0] = 1;
  }
  return { saved, memory };
}
