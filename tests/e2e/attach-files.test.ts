import { describe, expect, it } from 'vitest';
import {
  composerText,
  expectCleanSite,
  finishedCard,
  noteOf,
  pressInCard,
  sendMessage,
  turnEnded,
} from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { defaultOptions } from '../support/site/index.ts';

const world = siteInChromium({}, { startsSmall: true });

describe.each(['legacy', 'app'] as const)('files of a result in the %s design', (renderer) => {
  it.each([false, true])(
    'are said to be attached where the page took them, and only there: refuses %s',
    async (refusesFiles) => {
      world.site.set({ ...defaultOptions, renderer, refusesFiles });
      const page = await world.chromium.newChatPage();
      await sendMessage(page, world.site, 'files');
      const { artifacts } = await finishedCard(page);
      expect(artifacts.length).toBeGreaterThan(1);
      await turnEnded(page);
      await pressInCard(page, 'compose');
      const note = await noteOf(page);
      const chips = await page.$$eval('.composer-chips .chip', (all) => all.map((chip) => chip.getAttribute('title')));
      const names = artifacts.map(({ name }) => name);
      if (refusesFiles) expect(note).toContain('did not take the files');
      else expect(note).toBe(`${String(names.length)} files attached: ${names.join(', ')}. Send when you are ready.`);
      expect(chips.toSorted()).toEqual(refusesFiles ? [] : names.toSorted());
      // The names stand in the text either way; they are no proof of anything.
      expect(await composerText(page)).toContain(names[0]);
      await page.close();
      expectCleanSite(world.site, world.chromium.problems);
    },
  );

  it('are named in the text, and nothing in it stands for a figure or is kept for the card', async () => {
    world.site.set({ ...defaultOptions, renderer });
    const page = await world.chromium.newChatPage();
    await sendMessage(page, world.site, 'chart');
    await finishedCard(page);
    await turnEnded(page);
    await pressInCard(page, 'compose');
    expect(await noteOf(page)).toBe('2 files attached: figure-1.png, sales.csv. Send when you are ready.');
    const text = await composerText(page);
    expect(text).toMatch(/- figure-1\.png \(.+\)\s+- \/mnt\/data\/sales\.csv \(.+\)/u);
    expect(text).not.toMatch(/<Figure|\.output/u);
    await page.close();
    expectCleanSite(world.site, world.chromium.problems);
  });
});
