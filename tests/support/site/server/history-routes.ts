import { randomUUID } from 'node:crypto';
import { longConversation } from '../wire/long-conversation.ts';
import { type Exchange, json, type Route } from './answer.ts';
import type { Conversation } from './conversation.ts';
import type { SiteState } from './site-state.ts';
import { smallImage } from './small-image.ts';
import { socketPath } from './socket-hub.ts';

const listedTotal = 852;
const turnsPerPage = 10;

export const historyRoutes: readonly Route[] = [
  { method: 'GET', path: /^\/backend-api\/conversation\/([^/]+)$/, answer: tree },
  {
    method: 'GET',
    path: /^\/backend-api\/conversation\/([^/]+)\/textdocs$/,
    answer: ({ response }) => {
      json(response, []);
    },
  },
  { method: 'GET', path: /^\/backend-api\/conversations$/, answer: list },
  { method: 'GET', path: /^\/backend-api\/conversations\/([^/]+)$/, answer: newestPage },
  { method: 'GET', path: /^\/backend-api\/conversations\/([^/]+)\/messages$/, answer: olderPage },
  {
    method: 'GET',
    path: /^\/backend-api\/gizmos\/([^/]+)\/conversations$/,
    answer: ({ response }) => {
      json(response, { items: [], cursor: null });
    },
  },
  { method: 'GET', path: /^\/backend-api\/files\/download\/([^/]+)$/, answer: download },
  { method: 'GET', path: /^\/backend-api\/estuary\/content$/, answer: image },
  {
    method: 'PUT',
    path: /^\/backend-api\/files\/([^/]+)\/content$/,
    answer: ({ response }) => {
      json(response, { status: 'success' });
    },
  },
  {
    method: 'POST',
    path: /^\/backend-api\/files$/,
    answer: ({ response }) => {
      json(response, { status: 'success', file_id: `file_${randomUUID()}` });
    },
  },
  {
    method: 'GET',
    path: /^\/backend-api\/celsius\/ws\/user$/,
    answer: ({ response }) => {
      json(response, { websocket_url: socketPath() });
    },
  },
  { method: 'GET', path: /^\/api\/auth\/session$/, answer: session },
  {
    method: 'GET',
    path: /^\/backend-api\/me$/,
    answer: ({ response }) => {
      json(response, { id: 'user-standin', name: 'Alex Example', email: 'alex@example.invalid' });
    },
  },
  {
    method: 'GET',
    path: /^\/backend-(?:api|anon)\/models$/,
    answer: ({ response }) => {
      json(response, { models: [{ slug: 'gpt-5-5-thinking', title: 'Stand-in' }] });
    },
  },
  {
    method: 'POST',
    path: /^\/(?:ces|backend-(?:api|anon)\/sentinel)\/.*$/,
    answer: ({ response }) => {
      response.writeHead(200);
      response.end();
    },
  },
];

function tree({ state, response }: Exchange, [id = '']: readonly string[]): void {
  const conversation = findConversation(state, id);
  if (conversation === undefined) return json(response, { detail: { code: 'conversation_not_found' } }, 404);
  json(response, conversation.tree(Date.now()));
}

/** Listed titles have a short invented conversation behind them, made when it is first opened. */
function findConversation(state: SiteState, id: string): Conversation | undefined {
  const known = state.conversations.get(id);
  const listed = /^listed-(\d+)$/.exec(id)?.[1];
  if (known !== undefined || listed === undefined) return known;
  const made = state.remember(listedTitle(Number(listed)), longConversation(3), id);
  made.isHidden = true;
  return made;
}

function newestPage({ state, response }: Exchange, [id = '']: readonly string[]): void {
  const conversation = findConversation(state, id);
  if (conversation === undefined) return json(response, { detail: { code: 'conversation_not_found' } }, 404);
  const page = conversation.page(Date.now(), turnsPerPage, null);
  json(response, {
    conversation_id: id,
    title: conversation.title,
    current_node: page.messages.at(-1)?.id ?? null,
    messages: page.messages,
    page_info: { has_previous_page: page.hasPrevious, start_cursor: page.startCursor },
    async_status: null,
  });
}

function olderPage({ state, response, url }: Exchange, [id = '']: readonly string[]): void {
  const page = state.conversations.get(id)?.page(Date.now(), turnsPerPage, url.searchParams.get('before'));
  if (page === undefined) return json(response, { detail: { code: 'conversation_not_found' } }, 404);
  json(response, {
    messages: page.messages,
    page_info: { has_previous_page: page.hasPrevious, start_cursor: page.startCursor },
    safe_urls: [],
    blocked_urls: [],
  });
}

function list({ state, response, url }: Exchange): void {
  const { limitsList } = state.options;
  const now = Date.now();
  state.quickListPages = [...state.quickListPages.filter((atMs) => now - atMs < 2000), now];
  if (limitsList !== 'never' && state.quickListPages.length > 3) {
    const headers: Record<string, string> = limitsList === 'with-retry-after' ? { 'retry-after': '2' } : {};
    return json(response, { detail: { message: 'Too many requests', clears_in: 2 } }, 429, headers);
  }
  const offset = Number(url.searchParams.get('offset') ?? 0);
  const limit = Number(url.searchParams.get('limit') ?? 28);
  const own = [...state.conversations.values()].filter((entry) => !entry.isHidden).reverse();
  const items = Array.from({ length: Math.max(0, Math.min(limit, listedTotal - offset)) }, (_, index) => {
    const at = offset + index;
    const mine = own[at];
    const time = new Date(now - at * 3_600_000).toISOString();
    return {
      id: mine?.id ?? `listed-${String(at)}`,
      title: mine?.title ?? listedTitle(at),
      create_time: time,
      update_time: time,
    };
  });
  json(response, { items, total: listedTotal, limit, offset });
}

function listedTitle(index: number): string {
  const subjects = [
    'Sourdough timings',
    'Bike route to the lake',
    'Unit tests for a parser',
    'Balcony tomatoes',
    'Letter to the landlord',
    'Regex for dates',
    'Swim training plan',
  ];
  return `${subjects[index % subjects.length] ?? ''}${index < subjects.length ? '' : ` ${String(Math.floor(index / subjects.length) + 1)}`}`;
}

function session({ response, request }: Exchange): void {
  const isGuest = request.headers.referer?.includes('/auth/') ?? false;
  json(
    response,
    isGuest ? {} : { user: { id: 'user-standin', name: 'Alex Example' }, accessToken: 'SYNTHETIC-ACCESS-TOKEN' },
  );
}

function download({ response }: Exchange, [id = '']: readonly string[]): void {
  const query = `id=${id}&sig=SYNTHETIC-SIGNATURE&se=2099-01-01`;
  json(response, {
    status: 'success',
    download_url: `https://chatgpt.com/backend-api/estuary/content?${query}`,
    file_name: `${id}.png`,
  });
}

function image({ response }: Exchange): void {
  response.writeHead(200, { 'content-type': 'image/png', 'cache-control': 'private' });
  response.end(smallImage());
}
