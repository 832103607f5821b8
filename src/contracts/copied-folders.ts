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
  /**
   * A copying begins: the folder as it is said here, with the files that are remembered under that name by now, from whichever tab, but
   * for those at the paths in `without`, which are about to be written over. Makes it where it is missing.
   */
  begin(folder: Omit<CopiedFolder, 'files'>, without: readonly string[]): Promise<void>;
  /**
   * These files are the same on both sides now; what is remembered of the others stays. False, and nothing is changed, where the folder
   * was forgotten or copied anew (another `atMs`) meanwhile.
   */
  add(to: Pick<CopiedFolder, 'sessionId' | 'target' | 'atMs'>, files: readonly CopiedFile[]): Promise<boolean>;
  forget(folder: Pick<CopiedFolder, 'sessionId' | 'target'>): Promise<void>;
}
