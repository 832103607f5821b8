import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json, type Route } from './answer.ts';
import { controlRoutes } from './control-routes.ts';
import { ensureCertificate } from './certificate.ts';
import { historyRoutes } from './history-routes.ts';
import { pageRoutes } from './page-routes.ts';
import type { RequestRecord } from './records.ts';
import type { SiteState } from './site-state.ts';
import { turnRoutes } from './turn-routes.ts';

const ownHosts = /^(?:chatgpt\.com|[a-z]+\.chatgpt\.com|chat\.openai\.com|[a-z.]+\.oaiusercontent\.com)(?::\d+)?$/;
const routes: readonly Route[] = [...turnRoutes, ...historyRoutes, ...controlRoutes, ...pageRoutes];

/** Listens on the loopback, any free port. */
export async function listen(state: SiteState): Promise<{ server: Server; port: number; spki: string }> {
  const { key, cert, spki } = await ensureCertificate();
  const server = createServer({ key, cert }, (request, response) => {
    void answer(state, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  return { server, port: address.port, spki };
}

async function answer(state: SiteState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const url = new URL(request.url ?? '/', 'https://chatgpt.com');
    const body = await readBody(request);
    const host = request.headers.host ?? '';
    const kind = !ownHosts.test(host) ? 'foreign' : kindOf(url.pathname);
    const record: RequestRecord = {
      method: request.method ?? 'GET',
      host,
      path: url.pathname,
      search: url.search,
      body,
      kind,
    };
    state.records.requests.push(record);
    if (kind === 'foreign') return json(response, { detail: 'not a host of the stand-in' }, 502);
    for (const route of routes) {
      const match = route.method === request.method ? route.path.exec(url.pathname) : null;
      if (match === null) continue;
      await route.answer({ state, request, response, url, body, record }, match.slice(1));
      state.records.changed();
      return;
    }
    state.records.changed();
    json(response, { detail: 'Not Found' }, 404);
  } catch (error) {
    if (!response.headersSent) json(response, { detail: String(error) }, 500);
    else response.destroy();
  }
}

function kindOf(path: string): RequestRecord['kind'] {
  if (path.startsWith('/__page/') || path.startsWith('/__test/')) return 'report';
  return path.startsWith('/assets/') ? 'asset' : 'site';
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part as Uint8Array));
  return Buffer.concat(parts).toString('utf8');
}
