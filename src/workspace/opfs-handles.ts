import type { FileErrno } from '../contracts/files.ts';

/** What we use of a file's exclusive handle; exists in dedicated workers only, hence not in the DOM's types. */
export interface SyncAccess {
  read(into: Uint8Array, options: { readonly at: number }): number;
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  truncate(sizeBytes: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}

/** A file as it was when asked for; reading it fails once the file was written. */
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
  /** Missing in older browsers. */
  move?(to: OpfsDirectory, name: string): Promise<void>;
}

export interface OpfsDirectory {
  readonly kind: 'directory';
  readonly name: string;
  getFileHandle(name: string, options?: { readonly create: boolean }): Promise<OpfsFile>;
  getDirectoryHandle(name: string, options?: { readonly create: boolean }): Promise<OpfsDirectory>;
  removeEntry(name: string, options?: { readonly recursive: boolean }): Promise<void>;
  values(): AsyncIterable<OpfsFile | OpfsDirectory>;
}

const ERRNOS: Readonly<Record<string, FileErrno>> = {
  NotFoundError: 'ENOENT',
  TypeMismatchError: 'EISDIR',
  QuotaExceededError: 'ENOSPC',
  NoModificationAllowedError: 'EPERM',
  NotAllowedError: 'EPERM',
  SecurityError: 'EPERM',
  InvalidModificationError: 'ENOTEMPTY',
  TypeError: 'EINVAL',
};

/** A store's exception as the number that a program knows. */
export function errnoOf(error: unknown): FileErrno {
  return (error instanceof Error || error instanceof DOMException ? ERRNOS[error.name] : undefined) ?? 'EIO';
}
