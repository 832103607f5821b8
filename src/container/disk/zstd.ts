/** What v86's wasm exports for its own states: one context a frame, of which the plain bytes are read. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly zstd_create_ctx: (packedBytes: number) => number;
  readonly zstd_get_src_ptr: (context: number) => number;
  readonly zstd_read: (context: number, bytes: number) => number;
  readonly zstd_read_free: (pointer: number, bytes: number) => void;
  readonly zstd_free_ctx: (context: number) => void;
}

/** Of its table of functions, as v86 itself makes it. */
const TABLE_ENTRIES = 1924;

/** Gives the plain bytes of one Zstandard frame, whose length is known, at once. */
export type Unpack = (packed: Uint8Array, bytes: number) => Uint8Array;

function isUnpacker(exports: WebAssembly.Exports): exports is WebAssembly.Exports & Exports {
  return ['zstd_create_ctx', 'zstd_get_src_ptr', 'zstd_read', 'zstd_read_free', 'zstd_free_ctx'].every(
    (name) => typeof exports[name] === 'function',
  );
}

/** Calls of the machine, which this instance is not. */
function refuse(): never {
  throw new Error('this instance only unpacks');
}

/** The decoder that v86.wasm brings, in an instance of its own (10 MB, half a millisecond): the machine's memory stays its own. */
function decoderOf(module: WebAssembly.Module): Exports {
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    const value = kind === 'table' ? new WebAssembly.Table({ element: 'anyfunc', initial: TABLE_ENTRIES }) : refuse;
    imports[from] = { ...imports[from], [name]: value };
  }
  const { exports } = new WebAssembly.Instance(module, imports);
  if (!isUnpacker(exports)) throw new Error('this wasm of v86 has no decoder of Zstandard');
  return exports;
}

/** Zstandard of small frames, three times as fast as an inflate in script. */
export function zstdOf(module: WebAssembly.Module): Unpack {
  const decoder = decoderOf(module);
  return (packed, bytes) => {
    const context = decoder.zstd_create_ctx(packed.length);
    new Uint8Array(decoder.memory.buffer).set(packed, decoder.zstd_get_src_ptr(context) >>> 0);
    const pointer = decoder.zstd_read(context, bytes) >>> 0;
    const plain = new Uint8Array(decoder.memory.buffer).slice(pointer, pointer + bytes);
    decoder.zstd_read_free(pointer, bytes);
    decoder.zstd_free_ctx(context);
    return plain;
  };
}

/** Of a large frame is read so much at once, for the decoder's memory holds what is read. */
const STEP_BYTES = 2 ** 20;

/** Gives the next plain bytes, as many as there is room for. Throws where there are not so many. */
export type Fill = (into: Uint8Array) => void;

/**
 * Reads one large frame, whose length is known, from its beginning on: 43 MB in 100 ms, where the browser's own inflate takes 200.
 * What it gives throws WebAssembly.RuntimeError where the bytes are no such frame or are cut off, and Error for more than its length.
 */
export function readLarge(module: WebAssembly.Module, packed: Uint8Array, bytes: number): Fill {
  const decoder = decoderOf(module);
  const context = decoder.zstd_create_ctx(packed.length);
  new Uint8Array(decoder.memory.buffer).set(packed, decoder.zstd_get_src_ptr(context) >>> 0);
  /** What was read and is still in the decoder's memory: a call of it costs as much for a page as for many (Firefox, 20 us). */
  let [pointer, length, given] = [0, 0, 0];
  let left = bytes;
  const readOn = (): void => {
    if (left === 0) throw new Error('a frame has no more bytes');
    length = Math.min(STEP_BYTES, left);
    pointer = decoder.zstd_read(context, length) >>> 0;
    left -= length;
    given = 0;
  };
  return (into) => {
    for (let at = 0; at < into.length; ) {
      if (given === length) readOn();
      const taken = Math.min(length - given, into.length - at);
      into.set(new Uint8Array(decoder.memory.buffer, pointer + given, taken), at);
      given += taken;
      at += taken;
      if (given === length) decoder.zstd_read_free(pointer, length);
    }
  };
}

/** All the plain bytes of one large frame, whose length is known; throws as `readLarge` says. */
export function unpackLarge(module: WebAssembly.Module, packed: Uint8Array, bytes: number): Uint8Array<ArrayBuffer> {
  const plain = new Uint8Array(bytes);
  readLarge(module, packed, bytes)(plain);
  return plain;
}
