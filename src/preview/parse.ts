import * as v from 'valibot';
import { countSchema, textWithin } from '../contracts/bounded.ts';
import {
  closingEntries,
  messageSchema,
  pathSchema as path,
  protocolsSchema,
  requestEntries,
} from '../contracts/doors/preview-request-schema.ts';
import { oneOfKinds } from '../contracts/kinds.ts';
import { LIMITS } from '../contracts/limits.ts';
import { changesSchema } from './kept-areas.ts';
import type { FromPreview } from './messages.ts';

const request = v.strictObject(requestEntries);

const message = oneOfKinds('op', {
  ask: { id: countSchema, request },
  go: { request },
  outside: { address: textWithin(1, LIMITS.previewPathUtf16.standard) },
  address: { path },
  shown: { title: textWithin(0, 300) },
  cookie: { text: textWithin(0, LIMITS.previewCookieUtf16.standard) },
  keep: { area: v.picklist(['local', 'session']), changes: changesSchema },
  'stream-open': { id: countSchema, request },
  'stream-close': { id: countSchema },
  'socket-open': { id: countSchema, path, protocols: protocolsSchema },
  'socket-send': { id: countSchema, data: messageSchema },
  'socket-close': { id: countSchema, ...closingEntries },
});

/** Null for whatever our own script in the frame would not send. */
export function parseFromPreview(value: unknown): FromPreview | null {
  const parsed = v.safeParse(message, value);
  return parsed.success ? parsed.output : null;
}
