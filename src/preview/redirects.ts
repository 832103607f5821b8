import { fail, ok, type Result } from '../base/index.ts';
import type { AppError } from '../contracts/errors.ts';
import type { HeaderList, PreviewRequest, ResponseHead } from '../contracts/preview.ts';
import { ownAddress } from './own-address.ts';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
export const MOST_REDIRECTS = 20;
export const TOO_MANY: AppError = {
  code: 'preview/broke-off',
  detail: `more than ${String(MOST_REDIRECTS)} redirects`,
};

/** Where an answer leads on within its server; null for one that does not. `preview/leads-away` with the address for others. */
export function afterRedirect(
  request: PreviewRequest,
  status: number,
  headers: HeaderList,
  origin: string,
): Result<PreviewRequest, AppError> | null {
  const to = REDIRECTS.has(status) ? headers.find(([name]) => name === 'location')?.[1] : undefined;
  if (to === undefined) return null;
  const url = ownAddress(to, origin + request.path, origin);
  if (!url) return fail({ code: 'preview/leads-away', detail: to.slice(0, 500) });
  const keeps = status === 307 || status === 308 || request.method === 'GET' || request.method === 'HEAD';
  const path = url.pathname + url.search;
  return ok(keeps ? { ...request, path } : { method: 'GET', path, headers: [], body: null });
}

/** Scripts see no cookie but by `document.cookie`. */
export const withoutCookies = <Head extends ResponseHead>(head: Head): Head => ({
  ...head,
  headers: head.headers.filter(([name]) => name !== 'set-cookie'),
});
