/** How bodies lie on disk. */
export interface Packing {
  pack(text: string): Promise<Uint8Array>;
  unpack(bytes: Uint8Array): Promise<string>;
}

/** As it is: quick to read. */
export const plain: Packing = {
  pack: async (text) => new TextEncoder().encode(text),
  unpack: async (bytes) => new TextDecoder().decode(bytes),
};

/** With gzip: output is text and packs well. */
export const packed: Packing = {
  pack: async (text) => new Uint8Array(await through(new Blob([text]), new CompressionStream('gzip')).arrayBuffer()),
  unpack: (bytes) => through(new Blob([bytes as Uint8Array<ArrayBuffer>]), new DecompressionStream('gzip')).text(),
};

const through = (blob: Blob, stream: CompressionStream | DecompressionStream): Response =>
  new Response(blob.stream().pipeThrough(stream));
