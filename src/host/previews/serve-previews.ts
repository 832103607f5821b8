import { serveDoor } from '../../bridge/index.ts';
import {
  type NumberedPreviewEvent,
  PREVIEWS_POLICY,
  PREVIEWS_REQUESTS,
  PREVIEWS_STREAM,
  type PreviewWatch,
} from '../../contracts/doors/previews-policy.ts';
import { PREVIEWS_PORT, type PreviewsDoor } from '../../contracts/doors/previews.ts';
import { appError } from '../../contracts/errors.ts';
import { onPort, ownOrigin, type IncomingPort } from '../../platform/index.ts';
import type { PreviewService } from './preview-service.ts';

export interface ServedPreviews {
  readonly service: PreviewService;
  readonly signal: AbortSignal;
  /** For tests; the browser's own otherwise. */
  readonly onPort?: (listener: (port: IncomingPort) => void, options: { readonly signal: AbortSignal }) => void;
  readonly ownOrigin?: string;
}

type Request<Name extends keyof PreviewsDoor> = Parameters<PreviewsDoor[Name]>[0];

/** Serves the door to previews. Registers its listener before it returns. */
export function servePreviews({ service, signal, ...test }: ServedPreviews): void {
  serveDoor<PreviewsDoor, PreviewWatch, NumberedPreviewEvent>({
    door: PREVIEWS_PORT,
    methods: PREVIEWS_POLICY,
    requests: PREVIEWS_REQUESTS,
    handlers: {
      servers: ({ sessionId }: Request<'servers'>, context: { readonly signal: AbortSignal }) =>
        service.servers(sessionId, context.signal),
      fetch: ({ sessionId, port, ...request }: Request<'fetch'>, context: { readonly signal: AbortSignal }) =>
        service.fetch(sessionId, port, request, context.signal),
      socketSend: ({ socketId, data }: Request<'socketSend'>) => service.send(socketId, data),
      socketClose: async ({ socketId, code, reason }: Request<'socketClose'>) =>
        service.closeSocket(socketId, code, reason),
    },
    stream: PREVIEWS_STREAM,
    openStream: (watch) => (watch.kind === 'servers' ? service.watchServers(watch.sessionId) : service.open(watch)),
    // A websocket whose connection broke; it is not opened a second time.
    gone: appError('host/lost'),
    ownOrigin: test.ownOrigin ?? ownOrigin(),
    onPort: test.onPort ?? ((listener, options) => onPort(PREVIEWS_PORT, listener, options)),
    signal,
  });
}
