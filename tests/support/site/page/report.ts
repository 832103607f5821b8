import type { PageReport } from '../server/records.ts';
import { savedFetch } from './natives.ts';

/** Tells the test what the page noticed. Lost reports would hide a failure, so they outlive the page. */
export function report(kind: PageReport['kind'], detail: Record<string, unknown>): void {
  const body = JSON.stringify({ kind, detail });
  void savedFetch
    .call(window, '/__page/report', { method: 'POST', body, keepalive: body.length < 60_000 })
    .catch(() => {
      // The site is closing: nobody is left to read the report.
    });
}
