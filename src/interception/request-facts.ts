import { ownMember, parseJson, savedGetter as getter } from '../base/index.ts';
import {
  copyBytes,
  decodeUtf8,
  readPlain,
  stringifyJson,
  toUpperCase,
  NativeUrl,
  urlHref,
  urlOrigin,
  urlPath,
  urlSearch,
  isObject,
} from './natives.ts';
import { looksLikeTurn, routeOf, type Route } from './routes.ts';
import { REQUEST_LIMIT_UTF16 } from './sink.ts';

export interface RequestFacts {
  readonly route: Route;
  readonly method: string;
  /** Without a fragment; a turn's also without its query. */
  readonly url: string;
}

/** What is known of a request by its method and address; null when it is none of ours to read. */
export function factsOf(method: string, address: string, base: string): RequestFacts | null {
  const url = new NativeUrl(address, base);
  const upper = toUpperCase(method);
  const origin = urlOrigin(url);
  const path = urlPath(url);
  const route = routeOf(upper, origin, path) ?? (looksLikeTurn(upper, origin, path) ? 'unknown' : null);
  if (route === null) return null;
  return { route, method: upper, url: origin + path + (route === 'history' ? urlSearch(url) : '') };
}

/** The request's text; of a longer one only what tells which conversation it is about. */
export function keepRequestText(text: string): string | null {
  if (text.length <= REQUEST_LIMIT_UTF16) return text;
  const request: unknown = parseJson(text);
  const kept: Record<string, unknown> = { __proto__: null };
  const conversation = ownMember(request, 'conversation_id');
  const parent = ownMember(request, 'parent_message_id');
  if (typeof conversation === 'string') kept['conversation_id'] = conversation;
  if (typeof parent === 'string') kept['parent_message_id'] = parent;
  return stringifyJson(kept);
}

/** The text of a body that is already in memory; null for streams, blobs and forms. */
export function readBodyText(body: unknown): string | null {
  if (typeof body === 'string') return keepRequestText(body);
  const bytes = copyBytes(body);
  return bytes ? keepRequestText(decodeUtf8(bytes)) : null;
}

function branded(get: (self: object) => string, value: object): string | null {
  try {
    return get(value);
  } catch {
    return null; // the getter's brand check is the question; its refusal is the answer
  }
}

/** An address given as text or as a URL object; null for objects whose text only code of the page could tell. */
export function readAddress(address: unknown): string | null {
  if (typeof address === 'string') return address;
  return isObject(address) ? branded(urlHref, address) : null;
}

export interface FetchCall {
  readonly facts: RequestFacts;
  /** The Request whose body has to be copied before it is sent, if that is where the body is. */
  readonly carrier: object | null;
  readonly body: unknown;
}

/** Reads the arguments of a `fetch` call without running code of the page. */
export function createFetchReader(): (args: readonly unknown[]) => FetchCall | null {
  const requestUrl = getter<string>(Request.prototype, 'url');
  const requestMethod = getter<string>(Request.prototype, 'method');
  const baseOf = getter<string>(Node.prototype, 'baseURI');
  const page = document;

  /** The address, and the Request that it came from if it did. */
  const readInput = (input: unknown): { address: string | null; carrier: object | null } => {
    const ofRequest = isObject(input) ? branded(requestUrl, input) : null;
    return ofRequest === null
      ? { address: readAddress(input), carrier: null }
      : { address: ofRequest, carrier: input as object };
  };

  return (args) => {
    const { address, carrier } = readInput(args[0]);
    if (address === null) return null;
    let method = carrier === null ? 'GET' : requestMethod(carrier);

    const init = args[1];
    const given = isObject(init) ? readPlain(init, 'method') : { value: undefined };
    if (given === null) return null;
    if (typeof given.value === 'string') method = given.value;
    const body = isObject(init) ? readPlain(init, 'body')?.value : undefined;
    const facts = factsOf(method, address, baseOf(page));
    if (facts === null) return null;
    return { facts, carrier: body === undefined || body === null ? carrier : null, body };
  };
}
