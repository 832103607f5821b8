import type { Page } from 'puppeteer-core';

export type DragStep = 'dragEnter' | 'dragOver' | 'drop';

/** Drags a file of the disk to a place of the page, as the browser itself does. Chromium only. */
export async function dragFile(
  page: Page,
  file: string,
  at: { readonly x: number; readonly y: number },
  steps: readonly DragStep[] = ['dragEnter', 'dragOver', 'drop'],
): Promise<void> {
  const session = await page.createCDPSession();
  const data = { items: [], files: [file], dragOperationsMask: 1 };
  for (const type of steps) await session.send('Input.dispatchDragEvent', { type, ...at, data });
  await session.detach();
}
