/** What we use of a file's exclusive handle; exists in dedicated workers only, hence not in the DOM's types. */
export interface SyncAccess {
  read(into: Uint8Array, options: { readonly at: number }): number;
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  truncate(sizeBytes: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}

export interface FileSnapshot {
  readonly size: number;
  readonly lastModified: number;
  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

export interface OpfsFile {
  readonly kind: 'file';
  readonly name: string;
  getFile(): Promise<FileSnapshot>;
  createSyncAccessHandle(): Promise<SyncAccess>;
}

export interface OpfsDirectory {
  readonly kind: 'directory';
  readonly name: string;
  getFileHandle(name: string, options?: { readonly create: boolean }): Promise<OpfsFile>;
  getDirectoryHandle(name: string, options?: { readonly create: boolean }): Promise<OpfsDirectory>;
  removeEntry(name: string, options?: { readonly recursive: boolean }): Promise<void>;
  values(): AsyncIterable<OpfsFile | OpfsDirectory>;
}

/** A short write is a full disk. Throws ENOSPC. */
export function writeAll(access: SyncAccess, bytes: Uint8Array, at: number): void {
  if (bytes.length > 0 && access.write(bytes, { at }) < bytes.length) {
    throw new DOMException('short write', 'QuotaExceededError');
  }
}
