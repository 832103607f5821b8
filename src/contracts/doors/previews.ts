import type { Result } from '../../base/index.ts';
import type { AppError } from '../errors.ts';
import type { SessionId } from '../ids.ts';
import type { HeaderList, PreviewRequest, PreviewResponse, SocketEvent, StreamEvent } from '../preview.ts';

type Answer<T> = Promise<Result<T, AppError>>;

/** The servers that programs of a session's Linux run: for pages of the extension only. */
export interface PreviewsDoor {
  /**
   * Ports on which programs of the session's machine listen for TCP on 127.0.0.1 or all addresses, ascending; none where no
   * machine stands. Nothing is started for it. Our own ports are left out.
   */
  servers(request: { readonly sessionId: SessionId }): Answer<readonly number[]>;
  /**
   * One request and its whole answer; redirects are not followed. `preview/not-listening`, `preview/broke-off`, `preview/not-http`,
   * `preview/too-large`, `preview/timed-out`, `preview/no-machine`; `run/queue-full` where too many wait.
   */
  fetch(request: { readonly sessionId: SessionId; readonly port: number } & PreviewRequest): Answer<PreviewResponse>;
  /** Keeps the session's machine from standing still while a page shows it, and tells the list of servers as it changes. */
  watchServers(request: {
    readonly sessionId: SessionId;
    readonly onServers: (ports: readonly number[]) => void;
    readonly onLost: (error: AppError) => void;
    readonly signal: AbortSignal;
  }): void;
  /**
   * A websocket to a server of the guest. Events come each once, in order; `closed` is the last, and also tells that there was no
   * connection. `socketId` is the page's own, good for this one socket. Aborting closes it.
   */
  openSocket(request: {
    readonly sessionId: SessionId;
    readonly port: number;
    readonly path: string;
    readonly protocols: readonly string[];
    readonly headers: HeaderList;
    readonly socketId: string;
    readonly onEvent: (event: SocketEvent) => void;
    /** The host is gone, or the connection to it broke and the socket with it. */
    readonly onLost: (error: AppError) => void;
    readonly signal: AbortSignal;
  }): void;
  /** One request, its answer as it comes; `socketId` as for a websocket. Redirects are not followed. Aborting ends it. */
  openStream(request: {
    readonly sessionId: SessionId;
    readonly port: number;
    readonly request: PreviewRequest;
    readonly socketId: string;
    readonly onEvent: (event: StreamEvent) => void;
    readonly onLost: (error: AppError) => void;
    readonly signal: AbortSignal;
  }): void;
  /** Answered when the server's end took it: what was not answered yet is the page's `bufferedAmount`. Nothing after `closed`. */
  socketSend(request: { readonly socketId: string; readonly data: string | Uint8Array }): Answer<null>;
  socketClose(request: {
    readonly socketId: string;
    readonly code: number | null;
    readonly reason: string;
  }): Answer<null>;
}

/** Name of the port of this door. */
export const PREVIEWS_PORT = 'host:previews';
