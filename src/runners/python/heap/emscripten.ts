/** What Pyodide 0.29.5 shows of its Emscripten module and what heap replay needs of it. None of it is documented: pinned. */
export interface MemoryFileNode {
  contents: Uint8Array | null;
  usedBytes: number;
  stream_ops: StreamOperations;
  node_ops: { mknod(parent: MemoryFileNode, name: string, mode: number, device: number): MemoryFileNode };
}

export interface StreamOperations {
  write(stream: { node: MemoryFileNode }, ...rest: unknown[]): number;
}

export interface EmscriptenFileSystem {
  mkdir(path: string): MemoryFileNode;
  lookupPath(path: string): { node: MemoryFileNode };
  readdir(path: string): string[];
  lstat(path: string): { mode: number };
  isDir(mode: number): boolean;
  isFile(mode: number): boolean;
  readFile(path: string): Uint8Array;
}

export type SideExport = number | CallableExport;
export interface CallableExport {
  (...args: unknown[]): unknown;
  readonly stub?: boolean;
}

/** One dynamically linked library, as the main module's linker keeps it. */
export interface LinkedLibrary {
  refcount: number;
  name: string;
  readonly exports: Record<string, SideExport>;
  global: boolean;
}

export interface EmscriptenModule {
  readonly FS: EmscriptenFileSystem;
  readonly HEAPU8: Uint8Array;
  readonly wasmTable: WebAssembly.Table;
  readonly wasmTableMirror: unknown[];
  readonly freeTableIndexes: number[];
  readonly wasmExports?: Record<string, CallableExport>;
  readonly LDSO: {
    readonly loadedLibsByName: Record<string, LinkedLibrary>;
    readonly loadedLibsByHandle: Record<number, LinkedLibrary>;
  };
  readonly GOT: Record<string, WebAssembly.Global>;
  setWasmTableEntry(index: number, value: CallableExport): void;
  /** What a side module says about itself; sizes in bytes. Absent in tests of ours without libraries that have any. */
  getDylinkMetadata?(module: WebAssembly.Module): { readonly memorySize: number; readonly tableSize: number };
  updateTableMap?(offset: number, count: number): void;
  mergeLibSymbols(exports: Record<string, SideExport>, name: string): void;
  resolveGlobalSymbol(name: string): { sym?: CallableExport };
}
