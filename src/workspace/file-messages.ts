import type { FileAnswer, FileOperation } from '../contracts/files.ts';

/** Between the host and its own file worker; both are ours and of one build, so that types are enough. */
export interface FileRequest {
  readonly id: number;
  /** Folder of the session in the store. */
  readonly folder: string;
  readonly ask:
    | { readonly kind: 'perform'; readonly operation: FileOperation }
    | { readonly kind: 'all' }
    | { readonly kind: 'damaged' }
    | { readonly kind: 'flush' };
}

export interface FileReply {
  readonly id: number;
  readonly answer: FileAnswer;
}
