import * as v from 'valibot';
import { countSchema as count, listWithin, numberWithin, textWithin } from '../bounded.ts';
import type { SessionId } from '../ids.ts';
import { oneOfKinds } from '../kinds.ts';
import { LIMITS } from '../limits.ts';
import type { HeaderList, SocketEvent, SocketTarget } from '../preview.ts';
import type { DoorAnswers, DoorPolicy, DoorRequests } from './door.ts';
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

const METHOD = /^[A-Z]{1,20}$/;
/** Of visible ASCII, without a fragment. */
const PATH = /^\/[!-"$-~]*$/;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/** Latin-1 without what ends a line. */
const VALUE = /^[^\0\r\n\u0100-\uffff]*$/;

const matching = (pattern: RegExp, most: number) =>
  v.custom<string>((value) => typeof value === 'string' && value.length <= most && pattern.test(value));
const bytesWithin = (most: number) =>
  v.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array && value.byteLength <= most);
const isHeader = (value: unknown): value is HeaderList[number] =>
  Array.isArray(value) &&
  value.length === 2 &&
  value.every((part) => typeof part === 'string') &&
  NAME.test(String(value[0])) &&
  VALUE.test(String(value[1]));

const port = v.pipe(numberWithin(1, 65_535), v.integer());
const path = matching(PATH, LIMITS.previewPathUtf16.standard);
const socketId = textWithin(1, 64);
const body = bytesWithin(LIMITS.previewBodyBytes.standard);
const headers = v.pipe(
  listWithin(LIMITS.previewHeaders.standard, isHeader),
  v.check((lines) => lines.flat().reduce((sum, { length }) => sum + length, 0) <= LIMITS.previewHeadBytes.standard),
);
const data = v.union([
  textWithin(0, LIMITS.previewMessageBytes.standard),
  bytesWithin(LIMITS.previewMessageBytes.standard),
]);

/** What each method takes; checked where the door is served. */
export const PREVIEWS_REQUESTS: DoorRequests<PreviewsDoor> = {
  servers: v.strictObject({ sessionId: sessionIdSchema }),
  fetch: v.strictObject({
    sessionId: sessionIdSchema,
    port,
    method: matching(METHOD, 20),
    path,
    headers,
    body: v.nullable(body),
  }),
  socketSend: v.strictObject({ socketId, data }),
  socketClose: v.strictObject({
    socketId,
    code: v.nullable(v.pipe(numberWithin(1_000, 4_999), v.integer())),
    reason: textWithin(0, 123),
  }),
};

export type PreviewWatch = { readonly after: number; readonly sessionId: SessionId } & (
  | { readonly kind: 'servers' }
  | ({ readonly kind: 'socket'; readonly socketId: string } & SocketTarget)
);

export interface NumberedPreviewEvent extends Numbered {
  readonly event: { readonly kind: 'servers'; readonly ports: readonly number[] } | SocketEvent;
}

const protocols = listWithin(
  20,
  (value): value is string => typeof value === 'string' && value.length <= 100 && TOKEN.test(value),
);

/** Which servers there are, or what happens on a websocket, which the first reading opens. */
export const PREVIEWS_STREAM: StreamPolicy<PreviewWatch> = {
  callers: ['extension'],
  request: oneOfKinds('kind', {
    servers: { after: count, sessionId: sessionIdSchema },
    socket: { after: count, sessionId: sessionIdSchema, socketId, port, path, protocols },
  }),
};

const ports = v.array(v.number());

/** What the host answers. */
export const PREVIEWS_ANSWERS: DoorAnswers<PreviewsDoor> = {
  servers: ports,
  fetch: v.strictObject({
    status: v.number(),
    statusText: v.string(),
    headers: v.array(v.tuple([v.string(), v.string()])),
    body,
  }),
  socketSend: v.null(),
  socketClose: v.null(),
};

export const PREVIEWS_ITEM: v.GenericSchema<unknown, NumberedPreviewEvent> = v.strictObject({
  n: numberWithin(1, Number.MAX_VALUE),
  event: oneOfKinds('kind', {
    servers: { ports },
    open: { protocol: v.string() },
    text: { text: v.string() },
    bytes: { bytes: bytesWithin(LIMITS.previewMessageBytes.standard) },
    closed: { code: v.number(), reason: v.string(), wasClean: v.boolean() },
  }),
});
