import type { AppError } from '../contracts/errors.ts';
import type { PreviewRequest, PreviewResponse, ResponseHead, SocketEvent, StreamEvent } from '../contracts/preview.ts';

/** The frame's first word, and the answer that brings its one port, on which the frame says its first word again. */
export const PREVIEW_READY = 'preview-ready';
export const PREVIEW_CONNECT = 'preview-connect';

/** From the frame: written by a stranger's page as far as anybody knows. */
export type FromPreview =
  | { readonly op: 'ask'; readonly id: number; readonly request: PreviewRequest }
  | { readonly op: 'go'; readonly request: PreviewRequest }
  | { readonly op: 'outside'; readonly address: string }
  | { readonly op: 'address'; readonly path: string }
  | { readonly op: 'shown'; readonly title: string }
  | { readonly op: 'cookie'; readonly text: string }
  | { readonly op: 'keep'; readonly area: KeptArea; readonly changes: readonly KeptChange[] }
  | { readonly op: 'stream-open'; readonly id: number; readonly request: PreviewRequest }
  | { readonly op: 'stream-close'; readonly id: number }
  | { readonly op: 'socket-open'; readonly id: number; readonly path: string; readonly protocols: readonly string[] }
  | { readonly op: 'socket-send'; readonly id: number; readonly data: string | Uint8Array<ArrayBuffer> }
  | { readonly op: 'socket-close'; readonly id: number; readonly code: number | null; readonly reason: string };

export type KeptArea = 'local' | 'session';
/** Null for what is kept no more. */
export type KeptChange = readonly [key: string, value: string | null];

/** What the server's pages before this one kept. */
export interface KeptState {
  /** As `document.cookie` says it. */
  readonly cookies: string;
  readonly local: readonly KeptChange[];
  readonly session: readonly KeptChange[];
}

/** `path` is where redirects led. */
export type PreviewAnswer =
  | { readonly kind: 'response'; readonly path: string; readonly response: PreviewResponse }
  | { readonly kind: 'failed'; readonly error: Pick<AppError, 'code' | 'detail'> };

/** What comes of a request whose answer is passed on as it comes; `path` is where redirects led. */
export type StreamedEvent =
  | ({ readonly kind: 'head'; readonly path: string } & ResponseHead)
  | Exclude<StreamEvent, { readonly kind: 'head' }>;

export type ToPreview =
  | {
      readonly op: 'page';
      readonly origin: string;
      readonly path: string;
      readonly response: PreviewResponse;
      readonly kept: KeptState;
    }
  | { readonly op: 'cookies'; readonly cookies: string }
  | { readonly op: 'answer'; readonly id: number; readonly answer: PreviewAnswer }
  | { readonly op: 'stream'; readonly id: number; readonly event: StreamedEvent }
  | { readonly op: 'socket'; readonly id: number; readonly event: SocketEvent };
