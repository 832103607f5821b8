/** File operations of a box on its session's tree. Paths are relative to the tree's root, `/`-separated, never `..`. */
export type FileOperation =
  | { readonly op: 'stat'; readonly path: string }
  | { readonly op: 'list'; readonly path: string }
  | { readonly op: 'read'; readonly path: string; readonly position: number; readonly length: number }
  /** Creates the file where it is missing; then sets its size to `truncateTo` if given; then writes. */
  | {
      readonly op: 'write';
      readonly path: string;
      readonly position: number;
      readonly bytes: Uint8Array | null;
      readonly truncateTo: number | null;
    }
  | { readonly op: 'rename'; readonly path: string; readonly to: string }
  | { readonly op: 'mkdir'; readonly path: string }
  | { readonly op: 'remove'; readonly path: string };

/** POSIX names; the runner maps them to its engine's numbers. */
export type FileErrno =
  | 'ENOENT'
  | 'EEXIST'
  | 'ENOTDIR'
  | 'EISDIR'
  | 'ENOTEMPTY'
  | 'ENOSPC'
  | 'EINVAL'
  | 'EFBIG'
  | 'EIO'
  | 'EPERM';

export interface FileStat {
  readonly path: string;
  readonly kind: 'file' | 'directory';
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
}

/** All files of a tree together. */
export interface FileCount {
  readonly count: number;
  readonly bytes: number;
  /** Paths of which something was lost on the disk, until they are written anew or removed; '' for what has no known name. */
  readonly damaged: readonly string[];
}

export type FileAnswer =
  | { readonly ok: true; readonly stat?: FileStat; readonly entries?: readonly FileStat[]; readonly bytes?: Uint8Array }
  | { readonly ok: false; readonly errno: FileErrno };

/** What happened to a tree; `path` and `to` are below its root. `write` makes files as well. */
export type FilesChange =
  | { readonly kind: 'write' | 'mkdir' | 'remove'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string };

export type OnFilesChange = (change: FilesChange) => void;

/** The tree of one session as its box sees it; made by the workspace, handed to a runner by the host. */
export interface SessionFiles {
  /** Where the tree is seen by programs. */
  readonly mountPath: '/mnt/data';
  /** Bytes that are handed over are gone for whoever asked, with all the memory that they lie in; else they are copied. */
  perform(operation: FileOperation, options?: { readonly handsOver: boolean }): Promise<FileAnswer>;
  /** Every file below the root, for engines that must copy in before a run. */
  all(): Promise<readonly FileStat[]>;
  /**
   * Calls back after each change, whoever made it, in order, until the signal aborts; of one's own before `perform` settles.
   */
  onChange(listener: OnFilesChange, options: { readonly signal: AbortSignal }): void;
  /** Puts on the disk what was answered before, at once and not soon; false where the disk does not take it. Absent where there is none. */
  readonly flush?: () => Promise<boolean>;
}

/** What runners and the host keep in a tree for themselves. */
export const KEPT_FOLDER = '.output';

/** True for a path below the root that the runner keeps and no program made: long output, an SVG beside each figure. */
export function isKeptByRunner(path: string): boolean {
  return path === KEPT_FOLDER || path.startsWith(`${KEPT_FOLDER}/`);
}
