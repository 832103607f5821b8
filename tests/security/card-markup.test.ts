import { describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../tools/build.ts';
import { finishedCard, launchChromium, launchFirefox, partsOf, sendMessage } from '../support/browsers/index.ts';
import { hostilePieces, type Site, startSite } from '../support/site/index.ts';

// Threat: a program shows markup that asks the network, runs as the site or changes the page around the card.

const launch = {
  chromium: async (site: Site) => {
    await ensureBuilt('chrome');
    return launchChromium({ extension: 'extension/chrome-mv3', site });
  },
  firefox: async (site: Site) => {
    await ensureBuilt('firefox');
    return launchFirefox({ extension: 'extension/firefox-mv3', site });
  },
} as const;

const canaries = (site: Site) => site.log.filter((entry) => JSON.stringify(entry).includes('/canary/'));

describe.each(['chromium', 'firefox'] as const)('markup shown in a card in %s', (name) => {
  it(`asks for nothing and runs nothing, all ${String(hostilePieces.length)} pieces of it`, async () => {
    await using site = await startSite({ renderer: 'app', speed: 'instant' });
    await using browser = await launch[name](site);
    const page = await browser.newChatPage();
    await sendMessage(page, site, 'hostile markup');
    let shown = 0;
    for (const index of [0, 1, 2]) {
      expect(await finishedCard(page, index)).toMatchObject({ stdout: 'shown\n', outcome: 'completed' });
      shown += (await partsOf(page, '[data-part="html"]', { index })).length;
      const active = '[data-part="html"] :is(img, svg, script, style, link, iframe, input, a)';
      expect(await partsOf(page, active, { index })).toEqual([]);
    }
    expect(shown).toBe(hostilePieces.length);
    // A drawing is shown as dots: no document that could be opened by itself.
    expect(await partsOf(page, '[data-part="figure"] canvas')).toHaveLength(1);
    expect(await partsOf(page, '[data-part="figure"] img')).toEqual([]);
    expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined();
    expect(canaries(site)).toEqual([]);

    // Control: the same pieces, put in the page as they are, do reach the site's server.
    await page.evaluate((pieces) => {
      for (const piece of pieces) {
        const place = document.createElement('div');
        place.innerHTML = piece;
        document.body.append(place);
      }
    }, hostilePieces);
    await site.until(() => canaries(site).length > 20);
  });
});
