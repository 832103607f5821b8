import { type Exchange, json, parseRecord, type Route } from './answer.ts';
import { ensurePageAssets } from './page-assets.ts';
import { pageDocument } from './page-document.ts';
import type { PageReport } from './records.ts';
import type { Language, Renderer, SiteOptions, Theme } from '../options.ts';

export const pageRoutes: readonly Route[] = [
  { method: 'GET', path: /^\/assets\/([a-z]+\.(?:js|css))$/, answer: asset },
  { method: 'POST', path: /^\/__page\/report$/, answer: report },
  { method: 'POST', path: /^\/__page\/csp-report$/, answer: violation },
  {
    method: 'GET',
    path: /^\/auth\/log(?:in|out)$/,
    answer: (exchange) => {
      page(exchange, true);
    },
  },
  {
    method: 'GET',
    path: /^\/(?:c\/.*|g\/.*|share\/.*)?$/,
    answer: (exchange) => {
      page(exchange, false);
    },
  },
];

function page({ state, response, url }: Exchange, isGuest: boolean): void {
  if (state.options.hasSceneBar) state.options = { ...state.options, ...chosenInBar(url) };
  const served = pageDocument(state.options, isGuest);
  response.writeHead(200, served.headers);
  if (!state.options.holdsDocument) return void response.end(served.html);
  response.write(served.html);
  state.openDocuments.push(() => response.end('</body></html>\n'));
}

/** A person picks design, language and theme by links of the bar. */
function chosenInBar(url: URL): Partial<SiteOptions> {
  const pick = <T extends string>(name: string, allowed: readonly T[]): T | undefined =>
    allowed.find((value) => value === url.searchParams.get(name));
  const renderer = pick<Renderer>('renderer', ['legacy', 'app']);
  const language = pick<Language>('language', ['en', 'de', 'ko', 'ar']);
  const theme = pick<Theme>('theme', ['light', 'dark', 'system']);
  return {
    ...(renderer === undefined ? {} : { renderer }),
    ...(language === undefined ? {} : { language }),
    ...(theme === undefined ? {} : { theme }),
  };
}

async function asset({ response }: Exchange, [name = '']: readonly string[]): Promise<void> {
  const { scripts, css } = await ensurePageAssets();
  const text = name === 'site.css' ? css : scripts.get(name);
  if (text === undefined) return json(response, {}, 404);
  const type = name.endsWith('.css') ? 'text/css' : 'text/javascript';
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' });
  response.end(text);
}

function report({ state, response, body }: Exchange): void {
  // The only sender is this stand-in's own page.
  state.records.reports.push(JSON.parse(body) as PageReport);
  response.writeHead(204);
  response.end();
}

function violation({ state, response, body }: Exchange): void {
  const wrapped = parseRecord(body)['csp-report'];
  state.records.violations.push(typeof wrapped === 'object' && wrapped !== null ? { ...wrapped } : { body });
  response.writeHead(204);
  response.end();
}
