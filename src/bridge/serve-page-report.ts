import type { PageAnswer } from '../contracts/doors/page-report.ts';
import type { Recording } from '../contracts/recording.ts';
import { onTabRequest } from '../platform/index.ts';

interface PageAnswers {
  readonly report: () => PageAnswer;
  readonly recording: () => Recording;
}

/** Lets the popup ask this tab what was seen in it. */
export function servePageReport(answers: PageAnswers, options: { readonly signal: AbortSignal }): void {
  onTabRequest((request) => answers[request](), options);
}
