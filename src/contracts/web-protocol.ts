/** What host and worker of a runner say to each other of the servers in its machine; beside runs and apart from them. */
import { z } from 'zod';
import { LIMITS } from './limits.ts';
import type { PreviewRequest, SocketTarget, StreamTarget } from './preview.ts';

/** For one request, websocket or watch of that number: its first word begins it, `end` says that nobody waits for it any more. */
export type WebRequest =
  | { readonly kind: 'fetch'; readonly port: number; readonly request: PreviewRequest }
  | ({ readonly kind: 'socket' } & SocketTarget)
  | ({ readonly kind: 'stream' } & StreamTarget)
  | { readonly kind: 'watch' }
  | { readonly kind: 'send'; readonly data: string | Uint8Array }
  | { readonly kind: 'close'; readonly code: number | null; readonly reason: string }
  | { readonly kind: 'taken'; readonly bytes: number }
  | { readonly kind: 'end' };

/** Why a request has no answer. */
export const WEB_FAILURES = [
  'preview/not-listening',
  'preview/broke-off',
  'preview/not-http',
  'preview/too-large',
  'preview/timed-out',
  'preview/no-machine',
] as const;

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/** What no line of a head may hold. */
const BREAKS = /[\0\r\n]/;

const port = z.number().int().min(1).max(65_535);
const line = z
  .string()
  .max(LIMITS.previewHeadBytes.standard)
  .refine((value) => !BREAKS.test(value));
const headers = z
  .array(z.tuple([z.string().regex(TOKEN), line]))
  .max(LIMITS.previewHeaders.standard)
  .refine(
    (lines) =>
      lines.reduce((sum, [name, value]) => sum + name.length + value.length, 0) <= LIMITS.previewHeadBytes.standard,
  );
const bytes = (most: number) => z.instanceof(Uint8Array).refine((value) => value.byteLength <= most);

const head = { status: z.number().int().min(200).max(999), statusText: line, headers };

export const webNewsSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('head'), ...head }),
  z.strictObject({
    kind: z.literal('response'),
    ...head,
    body: bytes(LIMITS.previewBodyBytes.standard),
  }),
  z.strictObject({ kind: z.literal('failed'), code: z.enum(WEB_FAILURES), detail: z.string().max(1_000).nullable() }),
  z.strictObject({ kind: z.literal('servers'), ports: z.array(port).max(LIMITS.previewServers.standard) }),
  z.strictObject({ kind: z.literal('open'), protocol: z.string().max(1_000) }),
  z.strictObject({ kind: z.literal('text'), text: z.string().max(LIMITS.previewMessageBytes.standard) }),
  z.strictObject({ kind: z.literal('bytes'), bytes: bytes(LIMITS.previewMessageBytes.standard) }),
  /** The oldest `send` that was not told of yet is on its way into the server. */
  z.strictObject({ kind: z.literal('sent') }),
  z.strictObject({
    kind: z.literal('closed'),
    code: z.number().int().min(1_000).max(4_999),
    reason: z.string().max(1_000),
    wasClean: z.boolean(),
  }),
]);

export type WebNews = z.infer<typeof webNewsSchema>;
export type WebFailure = (typeof WEB_FAILURES)[number];
