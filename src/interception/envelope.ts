/** What the page hook sends out: raw bytes with origin, transport and sequence. Untrusted where it arrives. */
export type Envelope = { readonly v: 1; readonly seq: number } & (
  | {
      readonly kind: 'open';
      readonly stream: number;
      readonly transport: 'fetch' | 'xhr';
      readonly method: string;
      readonly url: string;
      readonly status: number;
      readonly contentType: string;
      readonly retryAfter: string | null;
      /** Request body text of conversation routes only, null when absent or unreadable; of a long one see `keepRequestText`. */
      readonly request: string | null;
    }
  | { readonly kind: 'chunk'; readonly stream: number; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly stream: number; readonly how: 'complete' | 'cancelled' | 'failed' }
  | {
      readonly kind: 'socket';
      readonly socket: number;
      /** Without its query: `verify` is a secret. */
      readonly url: string;
      readonly direction: 'in' | 'out';
      readonly data: string | Uint8Array;
    }
  | { readonly kind: 'health'; readonly counts: Readonly<Record<string, number>> }
);

type WithoutNumber<T> = T extends unknown ? Omit<T, 'v' | 'seq'> : never;

/** An envelope before the channel numbers it. */
export type Observation = WithoutNumber<Envelope>;
