import type { AppErrorCode } from '../contracts/errors.ts';

/** Raised when the two ends of a door could no longer understand each other; both are of one package, so only a reload mixes them. */
export const DOOR_VERSION = 1;

interface WireError {
  readonly code: AppErrorCode;
  readonly detail?: string | undefined;
}

/** What the served side sends. */
export type ServerMessage =
  | { readonly kind: 'hello'; readonly version: number; readonly hostId: string }
  | { readonly kind: 'answer'; readonly id: string; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly id: string; readonly error: WireError }
  | { readonly kind: 'items'; readonly id: string; readonly batch: number; readonly items: readonly unknown[] }
  /** Nothing follows the items that were sent. */
  | { readonly kind: 'done'; readonly id: string }
  | { readonly kind: 'lost'; readonly id: string; readonly error: WireError }
  | { readonly kind: 'pong'; readonly n: number };

/** Says of what comes from the other end whether it is what it should be. */
export interface DoorChecks {
  readonly isFrame: (raw: unknown) => boolean;
  readonly isMessage: (raw: unknown) => boolean;
  /** Of an answer of a method, or (null) of an item of the stream. */
  readonly isAnswer: (method: string | null, value: unknown) => boolean;
}
