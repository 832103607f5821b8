import type { FileAnswer, FileOperation, FileStat } from '../contracts/files.ts';

/** Between the host and its own file worker; both are ours and of one build, so that types are enough. */
export interface FileRequest {
  readonly id: number;
  /** Folder of the session in the store. */
  readonly folder: string;
  readonly ask: { readonly kind: 'perform'; readonly operation: FileOperation } | { readonly kind: 'all' };
}

export type FileReply =
  | { readonly id: number; readonly kind: 'answer'; readonly answer: FileAnswer }
  | { readonly id: number; readonly kind: 'all'; readonly files: readonly FileStat[] };
