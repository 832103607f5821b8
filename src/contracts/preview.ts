import type { Result } from '../base/index.ts';
import type { AppError } from './errors.ts';

/** Names in lower case, one line each; of several lines of one name only `set-cookie` stays apart, others are joined. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

export interface PreviewRequest {
  /** In capitals. */
  readonly method: string;
  /** Begins with '/', with its query; no fragment. */
  readonly path: string;
  /** Those of the connection itself (host, length, encodings) are set anew. */
  readonly headers: HeaderList;
  readonly body: Uint8Array | null;
}

export interface ResponseHead {
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeaderList;
}

/** Whole, as the server gave it; redirects are not followed. */
export interface PreviewResponse extends ResponseHead {
  readonly body: Uint8Array<ArrayBuffer>;
}

/** What happens on a websocket; `closed` is the last. */
export type SocketEvent =
  | { readonly kind: 'open'; readonly protocol: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** `reason`: of the server, or why there was no connection. */
  | { readonly kind: 'closed'; readonly code: number; readonly reason: string; readonly wasClean: boolean };

/**
 * What comes of a request whose answer is passed on as it comes: its head, then pieces of its body. `closed` is the last: clean where
 * that was all of it, else with one of `preview/*` or words for why as its reason.
 */
export type StreamEvent =
  | ({ readonly kind: 'head' } & ResponseHead)
  | Extract<SocketEvent, { readonly kind: 'bytes' | 'closed' }>;

/** How a stream or websocket ends of which its server did not say that it does. 1006: of RFC 6455, no close was said. */
export const closedFor = (reason: string) => ({ kind: 'closed', code: 1006, reason, wasClean: false }) as const;

/** Why one more stream or websocket is not opened, as the reason of its `closed`: words for who made the page. */
export const CONNECTIONS_FULL = 'too many streams and websockets at once: close one';

/** What a message of a websocket, or a piece of an answer, counts where many wait: also an empty one takes room. */
export const socketMessageSize = (data: string | Uint8Array): number => data.length + 64;

/** Where a websocket leads. */
export interface SocketTarget {
  readonly port: number;
  readonly path: string;
  readonly protocols: readonly string[];
  /** Of the handshake, besides those of the connection itself. */
  readonly headers: HeaderList;
}

/** What is asked of a server whose answer is passed on as it comes. */
export interface StreamTarget {
  readonly port: number;
  readonly request: PreviewRequest;
}

/** A websocket of an engine, from the host's side. After `closed` nothing of it has an effect. */
export interface EngineSocket {
  /** Settles once the server's end took it, or the socket is closed. */
  send(data: string | Uint8Array): Promise<void>;
  close(code: number | null, reason: string): void;
  /** So much of what came was passed on; a server that sends faster waits for this. */
  taken(bytes: number): void;
  /** Ends it at once, without a word of it. */
  end(): void;
}

/** An answer on its way. */
export type EngineStream = Pick<EngineSocket, 'taken' | 'end'>;

/** The servers that programs of an engine's machine run. */
export interface EngineWeb {
  /** `preview/*`. */
  fetch(
    port: number,
    request: PreviewRequest,
    options: { readonly signal: AbortSignal },
  ): Promise<Result<PreviewResponse, AppError>>;
  openSocket(target: SocketTarget, onEvent: (event: SocketEvent) => void): EngineSocket;
  /** One request, its answer as it comes, without an end where the server wants it so. */
  openStream(target: StreamTarget, onEvent: (event: StreamEvent) => void): EngineStream;
  /**
   * Tells on which ports programs listen, at once and whenever that changes, and meanwhile keeps the machine from standing still;
   * one that does stand still is not woken by it. Settles when it is aborted or the engine is gone.
   */
  watchServers(onServers: (ports: readonly number[]) => void, options: { readonly signal: AbortSignal }): Promise<void>;
}

/** Ports of the guest's 127.0.0.1 and 127.0.0.2 that lead to the network gate: no servers of programs. */
export const OWN_PORTS: readonly number[] = [3128, 3129];
