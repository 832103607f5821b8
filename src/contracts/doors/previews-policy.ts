import * as v from 'valibot';
import { countSchema as count, numberWithin, textWithin } from '../bounded.ts';
import type { SessionId } from '../ids.ts';
import { oneOfKinds } from '../kinds.ts';
import { LIMITS } from '../limits.ts';
import type { SocketEvent, SocketTarget, StreamEvent, StreamTarget } from '../preview.ts';
import type { DoorAnswers, DoorPolicy, DoorRequests } from './door.ts';
import {
  bodySchema,
  bytesWithin,
  closingEntries,
  messageSchema,
  pathSchema,
  protocolsSchema,
  requestEntries,
} from './preview-request-schema.ts';
import type { PreviewsDoor } from './previews.ts';
import { sessionIdSchema } from './runs-schema.ts';
import type { Numbered, StreamPolicy } from './stream.ts';

/** The site's content script has no business here. */
const OWN_PAGES = { callers: ['extension'], deadlineMs: 10_000, whenAway: 'start' } as const;
const ONLY_IF_THERE = { ...OWN_PAGES, deadlineMs: 60_000, whenAway: 'fail' } as const;

export const PREVIEWS_POLICY: DoorPolicy<PreviewsDoor> = {
  servers: OWN_PAGES,
  // It waits for others of its page, and then has its own time.
  fetch: { ...OWN_PAGES, deadlineMs: 2 * LIMITS.previewTimeMs.standard },
  socketSend: ONLY_IF_THERE,
  socketClose: ONLY_IF_THERE,
};

const port = v.pipe(numberWithin(1, 65_535), v.integer());
const socketId = textWithin(1, 64);

/** What each method takes; checked where the door is served. */
export const PREVIEWS_REQUESTS: DoorRequests<PreviewsDoor> = {
  servers: v.strictObject({ sessionId: sessionIdSchema }),
  fetch: v.strictObject({ sessionId: sessionIdSchema, port, ...requestEntries }),
  socketSend: v.strictObject({ socketId, data: messageSchema }),
  socketClose: v.strictObject({ socketId, ...closingEntries }),
};

export type PreviewWatch = { readonly after: number; readonly sessionId: SessionId } & (
  | { readonly kind: 'servers' }
  | ({ readonly kind: 'socket'; readonly socketId: string } & SocketTarget)
  | ({ readonly kind: 'stream'; readonly socketId: string } & StreamTarget)
);

export interface NumberedPreviewEvent extends Numbered {
  readonly event: { readonly kind: 'servers'; readonly ports: readonly number[] } | SocketEvent | StreamEvent;
}

/** Which servers there are, or what happens on a websocket or comes of a request, which the first reading opens. */
export const PREVIEWS_STREAM: StreamPolicy<PreviewWatch> = {
  callers: ['extension'],
  request: oneOfKinds('kind', {
    servers: { after: count, sessionId: sessionIdSchema },
    socket: {
      after: count,
      sessionId: sessionIdSchema,
      socketId,
      port,
      path: pathSchema,
      protocols: protocolsSchema,
      headers: requestEntries.headers,
    },
    stream: { after: count, sessionId: sessionIdSchema, socketId, port, request: v.strictObject(requestEntries) },
  }),
};

const ports = v.array(v.number());
const head = {
  status: v.number(),
  statusText: v.string(),
  headers: v.array(v.tuple([v.string(), v.string()])),
};

/** What the host answers. */
export const PREVIEWS_ANSWERS: DoorAnswers<PreviewsDoor> = {
  servers: ports,
  fetch: v.strictObject({ ...head, body: bodySchema }),
  socketSend: v.null(),
  socketClose: v.null(),
};

export const PREVIEWS_ITEM: v.GenericSchema<unknown, NumberedPreviewEvent> = v.strictObject({
  n: numberWithin(1, Number.MAX_VALUE),
  event: oneOfKinds('kind', {
    servers: { ports },
    head,
    open: { protocol: v.string() },
    text: { text: v.string() },
    bytes: { bytes: bytesWithin(LIMITS.previewMessageBytes.standard) },
    closed: { code: v.number(), reason: v.string(), wasClean: v.boolean() },
  }),
});
