import type { EmscriptenModule, MemoryFileNode, StreamOperations } from './emscripten.ts';

/**
 * Where each file of an image lies. Offsets and lengths count bytes in the inflated image; an entry with length -1 is a
 * folder and comes before what is in it. Files of equal content may share bytes.
 */
export interface ImageIndex {
  readonly version: 1;
  /** Size of the inflated image. */
  readonly bytes: number;
  readonly entries: readonly ImageEntry[];
}
export type ImageEntry = readonly [path: string, offset: number, length: number];

/** A regular file that everybody may read and write. */
const FILE_MODE = 0o100666;

/**
 * Makes the files of an image appear in the interpreter's file system, as views of `image`: nothing is copied or inflated.
 * A file is copied when the program first writes to it, so `image` may be shared with other workers. Folders that exist
 * are kept, a file that exists is an error of the file system.
 * Call it before the heap is restored or, in a running interpreter, follow it by `importlib.invalidate_caches()`.
 */
export function mountImage(main: EmscriptenModule, index: ImageIndex, image: Uint8Array): void {
  let copyOnWrite: StreamOperations | undefined;
  mountFiles(main, index, (node, offset, length) => {
    copyOnWrite ??= copyBeforeWrite(node.stream_ops, image.buffer);
    node.contents = image.subarray(offset, offset + length);
    node.stream_ops = copyOnWrite;
  });
}

/** Gives `length` bytes from `offset` on, at once. */
export type ReadBytes = (offset: number, length: number) => Uint8Array;

/**
 * Mounts an image of which nothing but its index is in memory: a file is read when the program first looks into it, and is
 * the interpreter's own from then on. `read` counts offsets in the image.
 */
export function mountOnDemand(main: EmscriptenModule, index: ImageIndex, read: ReadBytes): void {
  mountFiles(main, index, (node, offset, length) => {
    const own = (contents: Uint8Array | null): Uint8Array | null => {
      Object.defineProperty(node, 'contents', { value: contents, writable: true, configurable: true });
      return contents;
    };
    Object.defineProperty(node, 'contents', { get: () => own(read(offset, length)), set: own, configurable: true });
  });
}

/** Makes the files of an index appear; `fill` gives each its bytes. */
function mountFiles(
  main: EmscriptenModule,
  index: ImageIndex,
  fill: (node: MemoryFileNode, offset: number, length: number) => void,
): void {
  const folders = new Map<string, MemoryFileNode>();
  const folderOf = (path: string): MemoryFileNode => {
    const parent = path.slice(0, path.lastIndexOf('/')) || '/';
    const known = folders.get(parent) ?? main.FS.lookupPath(parent).node;
    folders.set(parent, known);
    return known;
  };
  for (const [path, offset, length] of index.entries) {
    const parent = folderOf(path);
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (length < 0) {
      folders.set(path, folderAt(main, path));
      continue;
    }
    const node = parent.node_ops.mknod(parent, name, FILE_MODE, 0);
    node.usedBytes = length;
    fill(node, offset, length);
  }
}

function folderAt(main: EmscriptenModule, path: string): MemoryFileNode {
  const parent = path.slice(0, path.lastIndexOf('/')) || '/';
  const name = path.slice(path.lastIndexOf('/') + 1);
  return main.FS.readdir(parent).includes(name) ? main.FS.lookupPath(path).node : main.FS.mkdir(path);
}

function copyBeforeWrite(base: StreamOperations, shared: ArrayBufferLike): StreamOperations {
  return {
    ...base,
    write(stream, ...rest) {
      const node = stream.node;
      if (node.contents?.buffer === shared) node.contents = node.contents.slice();
      return base.write(stream, ...rest);
    },
  };
}

/**
 * Reads a block as the build writes it: length of the index in four bytes (little endian), the index as JSON, the image.
 * `image` is a view; the offset of a file in the block is `imageStart` plus its offset in the index.
 */
export function readBlock(block: Uint8Array): {
  readonly index: ImageIndex;
  readonly image: Uint8Array;
  readonly imageStart: number;
} {
  const indexLength = new DataView(block.buffer, block.byteOffset).getUint32(0, true);
  const imageStart = 4 + indexLength;
  // TextDecoder refuses views of shared memory, hence the copy.
  const index = JSON.parse(new TextDecoder().decode(block.slice(4, imageStart))) as ImageIndex;
  return { index, image: block.subarray(imageStart), imageStart };
}

/** `mountImage` for a block. */
export function mountBlock(main: EmscriptenModule, block: Uint8Array): void {
  const { index, image } = readBlock(block);
  mountImage(main, index, image);
}
