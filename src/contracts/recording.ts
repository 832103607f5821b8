/** Content as a browser's messages between worlds can carry it: text, or bytes in base64. */
export type RecordedContent = { readonly text: string } | { readonly base64: string };

/** One thing that the page hook saw, as the first content script keeps it for a recorder. `atMs` is of a steady clock. */
export type RecordedEnvelope = { readonly atMs: number } & (
  | {
      readonly kind: 'open';
      readonly stream: number;
      readonly method: string;
      readonly url: string;
      readonly status: number;
      readonly contentType: string;
      readonly retryAfter: string | null;
      readonly request: string | null;
    }
  | { readonly kind: 'chunk'; readonly stream: number; readonly base64: string }
  | { readonly kind: 'end'; readonly stream: number; readonly how: 'complete' | 'cancelled' | 'failed' }
  | ({ readonly kind: 'socket'; readonly direction: 'in' | 'out' } & RecordedContent)
);

/** What was seen last in one tab, oldest first. */
export type Recording = readonly RecordedEnvelope[];
