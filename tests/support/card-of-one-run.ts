import type { Page } from 'puppeteer-core';
import { finishedCard, sendMessage, turnEnded } from './browsers/index.ts';
import { defaultOptions, type Site } from './site/index.ts';

interface World {
  readonly site: Site;
  newChatPage(path?: string): Promise<Page>;
}

/**
 * Opens a card whose run has ended, in a new page each time: the first time by a run, then by opening its conversation again,
 * which starts no engine. `world` is asked at each call.
 */
export function cardOfOneRun(world: () => World): () => Promise<Page> {
  let path: string | null = null;
  return async () => {
    const { site, newChatPage } = world();
    site.set({ ...defaultOptions, renderer: 'app', speed: 'instant' });
    const page = await newChatPage(path ?? '/');
    if (path === null) await sendMessage(page, site, 'hello');
    await finishedCard(page);
    await turnEnded(page);
    path ??= new URL(page.url()).pathname;
    return page;
  };
}
