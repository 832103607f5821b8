/** The parts of Pyodide's and Emscripten's insides that the worker touches; undocumented, pinned to pyodide 0.29.5. */
export interface FsNode {
  readonly id: number;
  name: string;
  mode: number;
  parent: FsNode;
  mount: { readonly root: FsNode };
  node_ops: NodeOps;
  stream_ops: StreamOps;
  contents: unknown;
  usedBytes: number;
  timestamp: number;
}

export interface FsStream {
  readonly node: FsNode;
  /** As it was opened; a rename does not change it. */
  path: string;
  stream_ops: StreamOps;
  flags: number;
  position: number;
}

export interface FsStat {
  readonly dev: number;
  readonly ino: number;
  readonly mode: number;
  readonly nlink: number;
  readonly uid: number;
  readonly gid: number;
  readonly rdev: number;
  readonly size: number;
  readonly atime: Date;
  readonly mtime: Date;
  readonly ctime: Date;
  readonly blksize: number;
  readonly blocks: number;
}

export interface NodeOps {
  getattr(node: FsNode): FsStat;
  setattr(node: FsNode, attributes: { mode?: number; size?: number; timestamp?: number }): void;
  lookup(parent: FsNode, name: string): FsNode;
  mknod(parent: FsNode, name: string, mode: number, device: number): FsNode;
  rename(node: FsNode, parent: FsNode, name: string): void;
  unlink(parent: FsNode, name: string): void;
  rmdir(parent: FsNode, name: string): void;
  readdir(node: FsNode): string[];
  symlink(parent: FsNode, name: string, target: string): void;
  readlink(node: FsNode): string;
}

export interface StreamOps {
  open?(stream: FsStream): void;
  close?(stream: FsStream): void;
  /** Of the new one. */
  dup?(stream: FsStream): void;
  read(stream: FsStream, buffer: Uint8Array, offset: number, length: number, position: number): number;
  write(stream: FsStream, buffer: Uint8Array, offset: number, length: number, position: number): number;
  llseek(stream: FsStream, offset: number, whence: number): number;
  fsync?(stream: FsStream): void;
}

export interface MemoryFileSystem {
  readonly node_ops: NodeOps;
  readonly stream_ops: StreamOps;
  mount(mount: unknown): FsNode;
  createNode(parent: FsNode | null, name: string, mode: number, device: number): FsNode;
}

export interface FileSystem {
  /** By descriptor. */
  readonly streams: readonly (FsStream | null | undefined)[];
  readonly filesystems: { readonly MEMFS: MemoryFileSystem };
  readonly ErrnoError: new (errno: number) => Error;
  createNode(parent: FsNode | null, name: string, mode: number, device: number): FsNode;
  isDir(mode: number): boolean;
  isFile(mode: number): boolean;
  /** Throws where it is not there; asks the node's own `lookup` only for what is not known yet. */
  lookupNode(parent: FsNode, name: string): FsNode;
  hashRemoveNode(node: FsNode): void;
  mkdirTree(path: string): void;
  mount(type: unknown, options: object, path: string): void;
  /** Called by libc, by this name. */
  open: (path: string, flags: number | string, mode?: number) => FsStream;
  readFile(path: string): Uint8Array;
  writeFile(path: string, bytes: Uint8Array | string): void;
  readdir(path: string): string[];
  stat(path: string): { mode: number; size: number };
  unlink(path: string): void;
  rmdir(path: string): void;
  mkdir(path: string): void;
  utime(path: string, atimeMs: number, mtimeMs: number): void;
}

/** Emscripten's module object as Pyodide makes it. */
export interface EmscriptenModule {
  readonly FS: FileSystem;
  readonly HEAPU8: Uint8Array;
  /** Address of the interpreter's thread state. */
  _PyThreadState_Get(): number;
}

export interface PythonCallable {
  (...args: unknown[]): unknown;
  callPromising(...args: unknown[]): Promise<unknown>;
  destroy(): void;
}

export interface Pyodide {
  readonly version: string;
  readonly _module: EmscriptenModule;
  readonly FS: FileSystem;
  readonly globals: { get(name: string): unknown };
  runPython(code: string): unknown;
  registerJsModule(name: string, module: object): void;
  setInterruptBuffer(buffer: unknown): void;
  checkInterrupt(): void;
  pyimport(name: string): Record<'execute' | 'validate' | 'connect' | 'warm_up', PythonCallable>;
  setStdin(options: object): void;
  setStdout(options: object): void;
  setStderr(options: object): void;
}

/** Pyodide's libc numbers its errors as WASI does. */
export const ERRNO = {
  EEXIST: 20,
  EFBIG: 22,
  EINVAL: 28,
  EIO: 29,
  EISDIR: 31,
  ENOENT: 44,
  ENOSPC: 51,
  ENOTDIR: 54,
  ENOTEMPTY: 55,
  EPERM: 63,
  ESTALE: 72,
} as const satisfies Record<string, number>;

export const DIRECTORY_MODE = 0o40777;
export const FILE_MODE = 0o100666;
