import type { RecordedEnvelope } from '../../contracts/recording.ts';
import { isObject, textOrNull } from '../json.ts';
import type { EventMasks } from './streams/bodies.ts';
import { maskUnread } from './values/mask.ts';
import { valueOf } from './values/parse.ts';
import { topPlace } from './values/mask-values.ts';

export type Opening = Extract<RecordedEnvelope, { kind: 'open' }>;

const CONTENT_TYPE =
  /^\s*(?:text\/event-stream|application\/json|text\/(?:html|plain))\s*(?:;\s*charset=[\w-]{1,12}\s*)?$/i;
const RESUME = /\/resume\/*(?:\?|$)/;
const SECONDS = /^\s*\d{1,6}\s*$/;

export function isEventStream({ contentType }: Opening): boolean {
  return contentType.trim().toLowerCase().startsWith('text/event-stream');
}

/** What a resume asks for; null for other requests. */
export function resumeOf({
  url,
  request,
}: Opening): { readonly conversationId: string; readonly offset: unknown } | null {
  const value = RESUME.test(url) ? valueOf(request ?? 'null') : null;
  if (!isObject(value) || typeof value['conversation_id'] !== 'string') return null;
  return { conversationId: value['conversation_id'], offset: value['offset'] };
}

export function conversationOf({ request }: Opening): string | null {
  const value = valueOf(request ?? 'null');
  return isObject(value) ? textOrNull(value['conversation_id']) : null;
}

/** What a request and the head of its answer said, as the fields of a step. */
export function maskOpening(opening: Opening, { names, values }: EventMasks): Readonly<Record<string, unknown>> {
  const { method, status, contentType, retryAfter, request } = opening;
  const value = request === null ? undefined : valueOf(request);
  return {
    method,
    url: maskAddress(names.address(opening.url)),
    status,
    type: maskType(contentType),
    ...(retryAfter === null ? {} : { headers: { 'retry-after': SECONDS.test(retryAfter) ? retryAfter : 'later' } }),
    ...(request === null
      ? {}
      : { request: value === undefined ? maskUnread(request) : values.mask(value, topPlace('x')) }),
  };
}

/** The site's own origin is left out, as in the other fixtures. */
function maskAddress(address: string | null): string {
  return (address ?? '/').replace(/^https:\/\/(?:chatgpt\.com|chat\.openai\.com)(?=\/|$)/, '') || '/';
}

function maskType(contentType: string): string {
  if (contentType.trim() === '' || CONTENT_TYPE.test(contentType)) return contentType;
  const known = /^\s*(?:text\/event-stream|application\/json)/i.exec(contentType)?.[0];
  return known ?? 'application/octet-stream';
}
