import type { Page } from 'puppeteer-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  barTag,
  cardInState,
  clickPart,
  expectCleanSite,
  finishedCard,
  partWith,
  pressInCard,
  sendMessage,
  turnEnded,
} from '../support/browsers/index.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { conversationOf } from '../support/scenario-world.ts';
import { siteInFirefox } from '../support/site-in-firefox.ts';
import { defaultOptions } from '../support/site/index.ts';

/** In the order of the scene. */
const blocks = { sum: 0, endless: 2 } as const;

describe('blocks for a shell in Firefox', () => {
  beforeAll(needsLinuxImage);
  const world = siteInFirefox();
  let page: Page;

  it('run in Linux and stop there, and the machine goes on', async () => {
    const { site, firefox } = world;
    site.set({ ...defaultOptions, renderer: 'app', codeBlocks: 'mixed' });
    page = await firefox.newChatPage();
    await sendMessage(page, site, 'shell');
    await turnEnded(page);
    await page.waitForFunction((tag) => document.querySelectorAll(tag).length === 3, {}, barTag);
    // The later block first: a press replaces a bar by a card.
    await clickPart(page, '[data-action="run-block"]', { host: barTag, index: blocks.endless });
    await partWith(page, '[data-part="stdout"]', (parts) => parts[0]?.text.includes('started'));
    await pressInCard(page, 'stop');
    expect(await finishedCard(page)).toMatchObject({ outcome: 'cancelled', status: 'Stopped', stdout: 'started\n' });
    await clickPart(page, '[data-action="run-block"]', { host: barTag, index: blocks.sum });
    expect((await finishedCard(page)).stdout).toBe('1+2+3+4+5+6+7+8+9\n45\n');
    expectCleanSite(site, firefox.problems);
  });

  it('install plain Python of the extension, which comes by message here', async () => {
    const { site, firefox } = world;
    site.set({ ...defaultOptions, renderer: 'app', codeBlocks: 'mixed' });
    page = await firefox.newChatPage();
    await sendMessage(page, site, 'shell');
    await turnEnded(page);
    const content = {
      tool_name: 'shell',
      tool_version: 'v1.0',
      command: 'pip install six | head -1; python3 -c "import six"',
    };
    site.seed({ id: 'wheel', type: 'tool_call', conversation_id: await conversationOf(page), content });
    await cardInState(page, 'held');
    await pressInCard(page, 'allow-commands');
    expect(await finishedCard(page)).toMatchObject({
      outcome: 'completed',
      stdout: 'Installed six 1.17.0.\n',
      stderr: '',
    });
    expectCleanSite(site, firefox.problems);
  });

  it('are held where a command is outside of the list, also when it would start by itself', async () => {
    const { site, firefox } = world;
    site.set({ ...defaultOptions, renderer: 'app', codeBlocks: 'mixed' });
    page = await firefox.newChatPage();
    await sendMessage(page, site, 'shell');
    await turnEnded(page);
    const content = { tool_name: 'shell', tool_version: 'v1.0', command: 'mount > /dev/null && echo mounted' };
    site.seed({ id: 'asked', type: 'tool_call', conversation_id: await conversationOf(page), content });
    await cardInState(page, 'held');
    await pressInCard(page, 'allow-commands');
    expect(await finishedCard(page)).toMatchObject({ outcome: 'completed', stdout: 'mounted\n' });
    expectCleanSite(site, firefox.problems);
  });
});
