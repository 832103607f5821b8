import type { Page } from 'puppeteer-core';

/** What went wrong in a page: uncaught errors, and console lines that name a broken policy. */
export interface PageProblems {
  readonly errors: string[];
  readonly policy: string[];
  readonly console: string[];
}

export function createProblems(): PageProblems {
  return { errors: [], policy: [], console: [] };
}

export function watchPage(page: Page, problems: PageProblems): void {
  page.on('pageerror', (error) => {
    problems.errors.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  });
  page.on('console', (message) => {
    const text = message.text();
    problems.console.push(`${message.type()}: ${text}`);
    if (/Content Security Policy|Content-Security-Policy/.test(text)) problems.policy.push(text);
  });
}
