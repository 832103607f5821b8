import type { Page } from 'puppeteer-core';
import type { PageReport } from '../../src/contracts/doors/page-report.ts';

/** Runs in a page of the extension. */
async function askReport(): Promise<unknown> {
  interface Tabs {
    query(filter: { url: string }): Promise<{ id: number }[]>;
    sendMessage(tab: number, message: unknown, options: { frameId: number }): Promise<unknown>;
  }
  const { tabs } = (globalThis as unknown as { chrome: { tabs: Tabs } }).chrome;
  const chats = await tabs.query({ url: 'https://chatgpt.com/*' });
  return tabs.sendMessage(chats.at(-1)?.id ?? -1, { 'companion-page': 'report' }, { frameId: 0 });
}

/** What the content script of the chat opened last tells the popup, asked by a page of the extension. */
export async function pageReport(tools: Page): Promise<PageReport> {
  return (await tools.evaluate(askReport)) as PageReport;
}
