import { z } from 'zod';
import { fromBase64 } from '../../base/index.ts';
import type { NetworkRequest } from '../../contracts/network.ts';

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** What a program may set. None of them carries who the person is or where the request comes from. */
const SENT_HEADERS = new Set([
  'accept',
  'accept-language',
  'content-language',
  'content-type',
  'if-modified-since',
  'if-none-match',
  'range',
  'x-requested-with',
]);

/** Libraries set these by themselves; the browser sets its own instead. */
const LEFT_OUT_HEADERS = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'user-agent',
]);

const HEADERS_MOST = 40;
const ADDRESS_UTF16 = 8_192;

const requestSchema = z.strictObject({
  url: z.string().min(1).max(ADDRESS_UTF16),
  method: z.string().max(20),
  headers: z.array(z.tuple([z.string().max(100), z.string().max(2_000)])).max(HEADERS_MOST),
  body: z.string().nullable(),
  upgrades: z.boolean().optional(),
}) satisfies z.ZodType<NetworkRequest>;

/** A request that keeps every rule which does not depend on who asks. */
export interface EgressRequest {
  readonly url: URL;
  readonly method: (typeof METHODS)[number];
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array<ArrayBuffer> | null;
  readonly upgrades: boolean;
}

/** `url` is null where it cannot be told. */
export interface BadRequest {
  readonly reason: string;
  readonly url: URL | null;
}

/** Reads what a program sent; a sentence says what is wrong with it. */
export function parseEgressRequest(json: string): EgressRequest | BadRequest {
  const parsed = requestSchema.safeParse(jsonOf(json));
  if (!parsed.success) return { reason: 'The request is not well formed.', url: null };
  const { data } = parsed;
  const url = addressOf(data.url);
  if ('reason' in url) return url;
  const method = METHODS.find((known) => known === data.method.toUpperCase());
  if (method === undefined) return { reason: `The method ${data.method} is refused; use ${METHODS.join(', ')}.`, url };
  const headers = headersOf(data.headers);
  if (typeof headers === 'string') return { reason: headers, url };
  const body = bodyOf(data.body);
  if (body === undefined) return { reason: 'The body is not well formed.', url };
  if (body !== null && (method === 'GET' || method === 'HEAD'))
    return { reason: `A ${method} request has no body.`, url };
  return { url, method, headers, body, upgrades: data.upgrades === true };
}

function addressOf(text: string): URL | BadRequest {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) return { reason: 'The address is not well formed: it must begin with https://.', url };
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { reason: `Programs can reach https addresses only, not ${url.protocol.slice(0, 40)}`, url: null };
  if (url.username !== '' || url.password !== '')
    return { reason: 'An address with a user name or password is refused.', url };
  return url;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // the schema refuses it with a sentence
  }
}

function bodyOf(base64: string | null): Uint8Array<ArrayBuffer> | null | undefined {
  if (base64 === null || base64 === '') return null;
  try {
    return fromBase64(base64);
  } catch {
    return undefined; // told as a bad body
  }
}

/** The headers that go out, or a sentence about one that may not. */
function headersOf(given: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] | string {
  const sent: (readonly [string, string])[] = [];
  for (const [name, value] of given) {
    const lower = name.toLowerCase();
    // RFC 9110: no control characters, so that no value can begin a line of its own.
    if (!/^[a-z\d-]+$/u.test(lower) || !/^[\t\u0020-\u007e\u0080-\u00ff]*$/u.test(value))
      return 'A header is not well formed.';
    if (LEFT_OUT_HEADERS.has(lower)) continue;
    if (!SENT_HEADERS.has(lower))
      return `The header ${lower} is refused: requests of programs carry no credentials and only ${[...SENT_HEADERS].join(', ')}.`;
    sent.push([lower, value]);
  }
  return sent;
}
