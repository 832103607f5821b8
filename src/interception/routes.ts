import { endsWith, indexOf, slice, startsWith } from './natives.ts';

/**
 * `turn`: an event stream with a request body worth keeping; `history`: a JSON document; `unknown`: asked like a turn at an
 * address that is not read, and told of only if an event stream answers.
 */
export type Route = 'turn' | 'history' | 'unknown';

const SITES = ['https://chatgpt.com', 'https://chat.openai.com'] as const;
const BASES = ['/backend-api/', '/backend-anon/', '/backend-alt/'] as const;

function afterApi(path: string): string | null {
  for (let at = 0; at < BASES.length; at += 1) {
    const base = BASES[at] as string;
    if (startsWith(path, base)) return slice(path, base.length);
  }
  return null;
}

function isOneSegment(text: string): boolean {
  return text !== '' && indexOf(text, '/') === -1;
}

function isHistory(route: string): boolean {
  if (route === 'conversations') return true;
  if (startsWith(route, 'conversations/')) {
    const rest = slice(route, 14);
    return isOneSegment(endsWith(rest, '/messages') ? slice(rest, 0, -9) : rest);
  }
  if (startsWith(route, 'conversation/')) {
    const rest = slice(route, 13);
    if (endsWith(rest, '/stream_status')) return isOneSegment(slice(rest, 0, -14));
    if (endsWith(rest, '/textdocs')) return isOneSegment(slice(rest, 0, -9));
    return isOneSegment(rest);
  }
  if (startsWith(route, 'gizmos/') && endsWith(route, '/conversations')) {
    return isOneSegment(slice(route, 7, -14));
  }
  return false;
}

function isTurn(route: string): boolean {
  const plain = startsWith(route, 'f/') ? slice(route, 2) : route;
  return plain === 'conversation' || plain === 'conversation/resume' || isFeed(plain);
}

/** A conversation about a card of the daily feed. */
function isFeed(route: string): boolean {
  if (route === 'feed/feedback/conversation') return true;
  return startsWith(route, 'feed/card/') && endsWith(route, '/conversation') && isOneSegment(slice(route, 10, -13));
}

/**
 * Which of the page's requests are read, by method and path; everything else passes unseen.
 * Source: docs/wire.md, X1 to X3.
 */
export function routeOf(method: string, origin: string, path: string): Route | null {
  if (origin !== SITES[0] && origin !== SITES[1]) return null;
  const route = afterApi(path);
  if (route === null) return null;
  if (method === 'POST') return isTurn(route) ? 'turn' : null;
  if (method === 'GET') return isHistory(route) ? 'history' : null;
  return null;
}

/** A request that looks like a turn's, though its address is none that is read: another base, or another product. */
export function looksLikeTurn(method: string, origin: string, path: string): boolean {
  if (method !== 'POST' || (origin !== SITES[0] && origin !== SITES[1]) || !startsWith(path, '/backend-')) return false;
  return endsWith(path, '/conversation') || endsWith(path, '/conversation/resume');
}

/** The content types in which a route carries anything to read. */
export function carries(route: Route, contentType: string): boolean {
  if (route === 'unknown') return false;
  return route === 'turn' ? startsWith(contentType, 'text/event-stream') : startsWith(contentType, 'application/json');
}

/** Hosts whose sockets carry turns. Source: docs/wire.md, section 9 and Z1. */
export function isTurnSocketHost(host: string): boolean {
  return (
    host === 'chatgpt.com' ||
    endsWith(host, '.chatgpt.com') ||
    host === 'chat.openai.com' ||
    endsWith(host, '.webpubsub.azure.com')
  );
}
