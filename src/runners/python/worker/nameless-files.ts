import { ERRNO, type FileSystem, type FsNode, type FsStream } from './emscripten.ts';

/** Null where nothing is there. */
export function nodeAt(fs: FileSystem, parent: FsNode, name: string): FsNode | null {
  try {
    return fs.lookupNode(parent, name);
  } catch {
    return null; // the answer
  }
}

/** Open streams of a file, those that were duplicated as well. */
export function streamsOf(fs: FileSystem, node: FsNode): FsStream[] {
  return fs.streams.filter((stream): stream is FsStream => stream?.node === node);
}

/** Operations by descriptor that Emscripten does by path must not find what stands there now; Linux says it in the same words. */
export function hidePath(stream: FsStream): void {
  stream.path += ' (deleted)';
}

/**
 * Makes a file that has no name any more, and is open, one of Emscripten's own in memory: nothing that is done with it is seen by
 * the file system that it was of. Of a file whose bytes could not be kept each use is refused as stale.
 */
export function keepInMemory(fs: FileSystem, node: FsNode, bytes: Uint8Array | null): void {
  const { node_ops, stream_ops } = fs.filesystems.MEMFS;
  const refuse = (): never => {
    throw new fs.ErrnoError(ERRNO.ESTALE);
  };
  node.contents = bytes;
  node.usedBytes = bytes?.length ?? 0;
  node.node_ops = bytes
    ? { ...node_ops, getattr: (of) => ({ ...node_ops.getattr(of), nlink: 0 }) }
    : { ...node_ops, getattr: refuse, setattr: refuse };
  node.stream_ops = bytes ? stream_ops : { read: refuse, write: refuse, llseek: refuse };
  for (const stream of streamsOf(fs, node)) {
    stream.stream_ops = node.stream_ops;
    hidePath(stream);
  }
}
