import type { PageAnswer } from '../contracts/doors/page-report.ts';
import { onTabRequest } from '../platform/index.ts';

/** Lets the popup ask this tab what was seen in it. */
export function servePageReport(report: () => PageAnswer, options: { readonly signal: AbortSignal }): void {
  onTabRequest(() => report(), options);
}
