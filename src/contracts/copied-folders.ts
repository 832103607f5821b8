import type { SessionId } from './ids.ts';

/** Enough to see that a file is another one than before. */
export interface FileMark {
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
}

/** A file of a copied folder, on the device and in the conversation, when both were last the same. */
export interface CopiedFile {
  /** Below the folder. */
  readonly path: string;
  readonly device: FileMark;
  readonly here: FileMark;
}

/** What is remembered of a folder that was copied into a conversation. */
export interface CopiedFolder {
  readonly sessionId: SessionId;
  /** Name of the folder in `/mnt/data`. */
  readonly target: string;
  /** The browser's handle of the folder; null where the browser gives none that can be kept. */
  readonly handle: unknown;
  readonly takesAll: boolean;
  readonly atMs: number;
  readonly files: readonly CopiedFile[];
}

/** The folders that were copied into conversations; the oldest are forgotten. Everything rejects where the browser keeps nothing. */
export interface CopiedFolders {
  /** Those of one conversation, under whichever of its names; the latest first. */
  of(sessionId: SessionId): Promise<readonly CopiedFolder[]>;
  /** In place of what was remembered under that name. */
  keep(folder: CopiedFolder): Promise<void>;
  forget(folder: Pick<CopiedFolder, 'sessionId' | 'target'>): Promise<void>;
}
