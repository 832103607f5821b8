import { fail, ok } from '../../../src/base/index.ts';
import type { PreviewsDoor } from '../../../src/contracts/doors/previews.ts';
import { appError } from '../../../src/contracts/errors.ts';
import { sessionIdOf } from '../../../src/contracts/ids.ts';
import { LIMITS } from '../../../src/contracts/limits.ts';
import { closedFor, CONNECTIONS_FULL, type PreviewRequest, type SocketEvent } from '../../../src/contracts/preview.ts';
import { PreviewState } from '../../../src/ui/preview/preview-state.ts';

/** What the test answers for the guest: a real server on the loopback. */
declare function askServer(request: AskedServer): Promise<AnsweredServer>;
declare function streamServer(id: string, request: AskedServer): Promise<void>;
declare function leaveServer(id: string): Promise<void>;

export interface AskedServer {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | null;
}

export interface AnsweredServer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly [string, string][];
  readonly body: string;
}

/** What comes of a streamed answer, on its way into the page. */
export type StreamedServer =
  | {
      readonly kind: 'head';
      readonly status: number;
      readonly statusText: string;
      readonly headers: readonly [string, string][];
    }
  | { readonly kind: 'bytes'; readonly base64: string }
  | { readonly kind: 'closed'; readonly code: number; readonly reason: string; readonly wasClean: boolean };

const toText = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

const toBytes = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
const askedOf = (port: number, { method, path, headers, body }: PreviewRequest): AskedServer => ({
  port,
  method,
  path,
  headers,
  body: body && btoa(toText(body)),
});
const streams = new Map<string, (event: StreamedServer) => void>();

const staying = new Map<string, (event: SocketEvent) => void>();

const REFUSED = closedFor(CONNECTIONS_FULL);
/** As the host counts them, streams and websockets together; those by which a page hears what a test wants of it are none. */
const taken = new Set<string>();
const isFull = (): boolean => taken.size >= LIMITS.previewSockets.standard;
const ofTest = (path: string): boolean => /^\/(?:control|said)\b/.test(path);

/** The page around a preview, as the workbench has it, with a door that leads to a server of the test. */
const door: Pick<PreviewsDoor, 'fetch' | 'watchServers' | 'openSocket' | 'socketClose' | 'openStream'> = {
  fetch: async ({ port, ...request }) => {
    const answer = await askServer(askedOf(port, request)).catch(() => null);
    if (!answer) return fail(appError('preview/broke-off'));
    return ok({ ...answer, body: toBytes(answer.body) });
  },
  openStream: ({ port, request, socketId, onEvent, signal }) => {
    if (!ofTest(request.path)) {
      if (isFull()) return onEvent(REFUSED);
      taken.add(socketId);
    }
    streams.set(socketId, (event) => {
      if (event.kind === 'closed') taken.delete(socketId);
      if (!signal.aborted) onEvent(event.kind === 'bytes' ? { kind: 'bytes', bytes: toBytes(event.base64) } : event);
    });
    const leave = (): void => {
      taken.delete(socketId);
      void leaveServer(socketId);
    };
    signal.addEventListener('abort', leave, { once: true });
    void streamServer(socketId, askedOf(port, request));
  },
  watchServers: () => undefined,
  openSocket: ({ path, protocols, headers, socketId, onEvent, signal }) => {
    if (isFull()) return onEvent(REFUSED);
    if (path === '/stays') {
      staying.set(socketId, onEvent);
      taken.add(socketId);
      signal.addEventListener('abort', () => taken.delete(socketId), { once: true });
      return onEvent({ kind: 'open', protocol: protocols[0] ?? '' });
    }
    onEvent({ kind: 'open', protocol: protocols[0] ?? '' });
    onEvent({ kind: 'text', text: ['connected', path, ...headers.flat()].join(' ') });
    onEvent({ kind: 'closed', code: 1000, reason: 'bye', wasClean: true });
  },
  socketClose: async ({ socketId }) => {
    taken.delete(socketId);
    staying.get(socketId)?.({ kind: 'closed', code: 1000, reason: '', wasClean: true });
    return ok(null);
  },
};

const place = document.createElement('div');
document.body.append(place);
const state = new PreviewState(
  {
    door: door as PreviewsDoor,
    sessionId: sessionIdOf('own:preview'),
    pageUrl: '/preview.html',
    signal: new AbortController().signal,
  },
  place,
);
Object.assign(globalThis, {
  host: state,
  takeStreamed: (id: string, event: StreamedServer) => streams.get(id)?.(event),
});
