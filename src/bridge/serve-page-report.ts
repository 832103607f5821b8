import type { PageReport } from '../contracts/doors/page-report.ts';
import { onTabRequest } from '../platform/index.ts';

/** Lets the popup ask this tab what was seen in it. */
export function servePageReport(report: () => PageReport | null, options: { readonly signal: AbortSignal }): void {
  onTabRequest(() => report(), options);
}
