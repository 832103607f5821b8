import type { EngineModule, EngineStage } from '../contracts/box.ts';
import type { FileAnswer } from '../contracts/files.ts';

/** A file of an engine on its way. */
export interface BoxFile {
  readonly name: string;
  /** The number of bytes that come by themselves (`CarriedBytes`), or a blob. */
  readonly content: Blob | number;
  readonly asBlob: boolean;
  /** Where it lies in its blob; null for all of it. Small files share one: each blob costs a browser a round of its own. */
  readonly slice: { readonly offset: number; readonly length: number } | null;
}

/** What a worker gets that is started to be ended again. */
export interface Rehearsal {
  readonly script: string;
  readonly posts: readonly unknown[];
  /** `kind` of the message after which it is over. */
  readonly lastKind: string;
}

/** What the host sends through the wall, over the one port of a box. */
export type ToBox =
  | { readonly op: 'start'; readonly script: string }
  | {
      readonly op: 'part';
      /** Whose part it is. */
      readonly engine: string;
      readonly stage: EngineStage;
      readonly files: readonly BoxFile[];
      readonly modules: readonly EngineModule[];
      /** From here on the worker gets what the host posts. */
      readonly opensPosts: boolean;
      readonly isLast: boolean;
    }
  /** Modules to compile before their engine is wanted; files are those that they lie in, and those that a rehearsal needs. */
  | {
      readonly op: 'compile';
      readonly engine: string;
      readonly files: readonly BoxFile[];
      readonly modules: readonly EngineModule[];
      readonly rehearsal: Rehearsal | null;
    }
  /** For the worker. */
  | {
      readonly op: 'post';
      readonly message: unknown;
      readonly transfer: readonly Transferable[];
      /** To a question of the worker's own. */
      readonly isAnswer: boolean;
    }
  | { readonly op: 'interrupt' }
  | { readonly op: 'settle' }
  | { readonly op: 'answer'; readonly id: number; readonly answer: FileAnswer }
  | { readonly op: 'took'; readonly units: number }
  /** Answered at once by a box page that lives. */
  | { readonly op: 'beat' };

/** What a box sends; the host parses each. */
export type FromBox =
  | { readonly op: 'proof'; readonly failures: readonly string[] }
  | { readonly op: 'batch'; readonly messages: readonly unknown[]; readonly units: number }
  | { readonly op: 'file'; readonly id: number; readonly operation: unknown }
  | { readonly op: 'beat' }
  | { readonly op: 'crashed'; readonly reason: string };

/** Posted to the parent document when the box page listens, and again whenever it is asked before it is connected. */
export const BOX_READY = 'chatgpt-companion:box-ready';
export const BOX_CONNECT = 'chatgpt-companion:box-connect';

/** Posted to a box page that may have been ready before its parent listened: it says so once more. */
export const BOX_ASK = 'chatgpt-companion:box-ask';

export const BOX_BYTES = 'chatgpt-companion:box-bytes';

/**
 * Bytes of a file, from window to window: within one process that hands them over, where a port copies them and a blob is
 * read back through another process (Firefox, decision 0122).
 */
export interface CarriedBytes {
  readonly op: typeof BOX_BYTES;
  readonly number: number;
  readonly bytes: ArrayBuffer;
}

export interface BoxReady {
  readonly op: typeof BOX_READY;
  readonly hasSharedMemory: boolean;
}
