import type { Page } from 'puppeteer-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  barTag,
  clickPart,
  closeTab,
  expectCleanSite,
  finishedCard,
  pressInCard,
  sendMessage,
  terminalTabs,
  turnEnded,
} from '../support/browsers/index.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { conversationOf } from '../support/scenario-world.ts';
import { siteInFirefox } from '../support/site-in-firefox.ts';

describe('the terminal button of a card in Firefox', () => {
  beforeAll(needsLinuxImage);
  const world = siteInFirefox();

  async function ran(): Promise<Page> {
    world.site.scene({
      name: 'marks',
      prompt: 'marks',
      title: 'marks',
      isShown: false,
      steps: [{ kind: 'text', channel: 'final', text: '```bash\necho done\n```' }],
    });
    const page = await world.firefox.newChatPage();
    await sendMessage(page, world.site, 'marks');
    await turnEnded(page);
    await clickPart(page, '[data-action="run-block"]', { host: barTag, index: 0 });
    expect(await finishedCard(page)).toMatchObject({ outcome: 'completed', stdout: 'done\n' });
    return page;
  }

  it('opens one tab, shows that again with the next press, and another once it is closed', async () => {
    const page = await ran();
    const session = await conversationOf(page);
    const popup = await world.firefox.popupPage();
    const shown = { session, isInFront: true, text: expect.stringContaining('/mnt/data') as string };
    const inFront = async (): Promise<number> => {
      await expect.poll(() => terminalTabs(popup)).toEqual([{ ...shown, id: expect.any(Number) as number }]);
      return (await terminalTabs(popup))[0]?.id ?? -1;
    };
    await page.bringToFront();
    await pressInCard(page, 'terminal');
    const first = await inFront();
    await page.bringToFront();
    await expect.poll(() => terminalTabs(popup)).toMatchObject([{ id: first, isInFront: false }]);
    await pressInCard(page, 'terminal');
    expect(await inFront()).toBe(first);
    await closeTab(popup, first);
    await page.bringToFront();
    await pressInCard(page, 'terminal');
    expect(await inFront()).not.toBe(first);
    await popup.close();
    await page.close();
    expectCleanSite(world.site, world.firefox.problems);
  });
});
