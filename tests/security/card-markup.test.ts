import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { renderSafeHtml } from '../../src/ui/kit/safe-html.ts';
import { ensureBuilt } from '../../tools/build.ts';
import { finishedCard, launchChromium, launchFirefox, partsOf, sendMessage } from '../support/browsers/index.ts';
import { bundleScript } from '../support/bundle-script.ts';
import { hostilePieces, nestedPieces, type Site, startSite } from '../support/site/index.ts';

// Threat: a program shows markup that asks the network, runs as the site or changes the page around the card.

const launch = {
  chromium: async (site: Site) => {
    await ensureBuilt('chrome');
    return launchChromium({ isCalm: true, startsSmall: true, extension: 'extension/chrome-mv3', site });
  },
  firefox: async (site: Site) => {
    await ensureBuilt('firefox');
    return launchFirefox({ extension: 'extension/firefox-mv3', site });
  },
} as const;

/** What asked by a piece whose address begins like that. */
const canaries = (site: Site, begin = '') =>
  site.log.filter((entry) => JSON.stringify(entry).includes(`/canary/${begin}`));

describe.each(['chromium', 'firefox'] as const)('markup shown in a card in %s', (name) => {
  let site: Site;
  let browser: Awaited<ReturnType<(typeof launch)[typeof name]>>;
  beforeAll(async () => {
    site = await startSite({ renderer: 'app', speed: 'instant' });
    browser = await launch[name](site);
  });
  afterAll(async () => {
    await browser.close();
    await site[Symbol.asyncDispose]();
  });

  it(`asks for nothing and runs nothing, all ${String(hostilePieces.length)} pieces of it`, async () => {
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

  it(`leaves nothing of ${String(nestedPieces.length)} nested pieces that could ask or run`, async () => {
    const page = await browser.newChatPage();
    await page.evaluate(await bundleScript(join(import.meta.dirname, '../support/markup-script.ts')));
    const left = await page.evaluate((pieces) => {
      const { renderSafeHtml: render } = globalThis as unknown as { renderSafeHtml: typeof renderSafeHtml };
      const found = new Set<string>();
      for (const piece of pieces) {
        const place = document.createElement('div');
        const fragment = render(piece);
        if (fragment === null) found.add('a piece that could not be read');
        else place.append(fragment);
        document.body.append(place);
        for (const element of place.querySelectorAll('*')) {
          found.add(element.localName);
          for (const { name: attribute, value } of element.attributes) found.add(`${attribute}=${value}`);
        }
        place.remove();
      }
      return [...found].sort();
    }, nestedPieces);
    const isStyle = (one: string): boolean => one.startsWith('style=');
    expect(left.filter((one) => !isStyle(one))).toEqual(['li', 'p', 'table', 'tbody', 'td', 'tr', 'ul']);
    for (const style of left.filter(isStyle))
      expect(style).toMatch(/^style=color: red; background-color: [a-z]+(?:\([\d, ]+\))?;$/u);
    expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined();
    expect(canaries(site, 'nested-')).toEqual([]);
  });
});
