import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import {
  cardSelector,
  type ChromiumUnderTest,
  clickPart,
  closeTerminals,
  finishedCard,
  launchChromium,
  lineWith,
  partWith,
  prompt,
  sendMessage,
  turnEnded,
  typeLine,
} from '../tests/support/browsers/index.ts';
import { type Site, startSite } from '../tests/support/site/index.ts';
import { ensureBuilt } from './build.ts';
import { LINUX_SCENES, type LinuxScene, shootLinux } from './screenshots/linux-scenes.ts';

/** Pictures of card and popup for the docs: each theme, at desktop and phone width; of the scenes that are named, or all. */
const FOLDER = join(import.meta.dirname, '..', 'docs', 'screenshots');
const SIZES = {
  desktop: { width: 1280, height: 1000 },
  phone: { width: 390, height: 844, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
} as const;
const THEMES = ['light', 'dark'] as const;

async function settle(page: Page, scene: string): Promise<void> {
  if (scene === 'input') {
    await partWith(page, '[data-part="input"]');
    return;
  }
  if (scene === 'thinking') {
    await page.waitForSelector('chatgpt-companion-thinking');
    return;
  }
  if (scene === 'code') {
    await showBlocks(page);
    return;
  }
  await finishedCard(page);
  if (scene === 'chart') await page.waitForSelector(`${cardSelector}[data-figure-ms]`);
}

const BAR = 'chatgpt-companion-run';
const BLOCKS = 'blocks 2026';

/** Each code block of an answer gets a bar with Run once its turn has ended. */
async function barsDrawn(page: Page, count: number): Promise<void> {
  await turnEnded(page);
  for (let index = 0; index < count; index += 1)
    await partWith(page, '[data-action="run-block"]', undefined, null, { host: BAR, index });
}

/** A block that ran, and one that cannot run here. */
async function showBlocks(page: Page): Promise<void> {
  await barsDrawn(page, 6);
  await clickPart(page, '[data-action="run-block"]', { host: BAR, index: 4 });
  await partWith(page, '[data-part="warning"]');
  await clickPart(page, '[data-action="run-block"]', { host: BAR, index: 2 });
  await finishedCard(page);
}

/** Blocks as the page draws them since 2026: programs with a bar, data and output without. */
async function shootBlocks(page: Page, site: Site, path: string): Promise<void> {
  await sendMessage(page, site, BLOCKS);
  await barsDrawn(page, 4);
  await page.$eval(BAR, (bar) => bar.parentElement?.scrollIntoView({ block: 'start' }));
  await page.screenshot({ path });
  await page.close();
}

/** Something in colour, a search, and a second tab. */
async function shootTerminal(chromium: ChromiumUnderTest, size: keyof typeof SIZES, path: string): Promise<void> {
  const page = await chromium.extensionPage('ide.html?session=pictures');
  await page.setViewport(size === 'phone' ? { ...SIZES.phone, width: 360 } : SIZES.desktop);
  await prompt(page);
  await page.click('[data-action="new"]');
  await prompt(page);
  await typeLine(page, 'mkdir -p plots && seq 3 >numbers.txt && ls -l --time-style=+%Y && uname -srm');
  await lineWith(page, /^Linux .*$/);
  await typeLine(
    page,
    String.raw`printf '\e[31mred \e[32mgreen \e[33myellow \e[34mblue\e[0m äöü ΕΛΛ Русский ✓\n' && echo https://example.com`,
  );
  await lineWith(page, /^https:/);
  if (size === 'desktop') {
    await page.click('[data-action="search"]');
    await page.type('[data-part="search"] input', 'numbers');
    await page.waitForFunction(() => document.querySelector('[data-part="found"]')?.textContent !== '');
  }
  await page.screenshot({ path });
  await closeTerminals(page);
  await page.close();
}

async function shoot(
  size: keyof typeof SIZES,
  theme: (typeof THEMES)[number],
  scenes: readonly string[],
): Promise<void> {
  await using site = await startSite({ theme, renderer: size === 'phone' ? 'legacy' : 'app' });
  await using chromium = await launchChromium({
    extension: 'extension/chrome-mv3',
    site,
    viewport: SIZES[size],
    darkMode: theme === 'dark',
  });
  const ofLinux = LINUX_SCENES.filter((scene) => scenes.includes(scene));
  if (ofLinux.length > 0) {
    const pageSize = size === 'phone' ? { ...SIZES.phone, width: 360 } : SIZES.desktop;
    const popupSize = { width: 360, height: size === 'phone' ? SIZES.phone.height : 900 };
    const pathOf = (scene: LinuxScene) => join(FOLDER, `${scene}-${size}-${theme}.png`);
    await shootLinux({ chromium, site, pageSize, popupSize, pathOf }, ofLinux);
  }
  for (const scene of scenes.filter((one) => !ofLinux.some((other) => other === one))) {
    if (scene === 'terminal') {
      await shootTerminal(chromium, size, join(FOLDER, `${scene}-${size}-${theme}.png`));
      continue;
    }
    const page = await chromium.newChatPage();
    if (scene === BLOCKS) {
      await shootBlocks(page, site, join(FOLDER, `blocks-${size}-${theme}.png`));
      continue;
    }
    await sendMessage(page, site, scene);
    await settle(page, scene);
    await turnEnded(page);
    if (scene === 'error') await barsDrawn(page, 1);
    await page.$eval(cardSelector, (card) => card.scrollIntoView({ block: 'center' }));
    await page.screenshot({ path: join(FOLDER, `${scene}-${size}-${theme}.png`) });
    if (scene === 'chart') {
      const popup = await chromium.popupPage();
      await popup.setViewport(size === 'phone' ? SIZES.phone : { width: 360, height: 900, deviceScaleFactor: 2 });
      await popup.waitForSelector('[data-part="runs"] [data-outcome]');
      await popup.waitForSelector('[data-part="meters"]');
      await popup.screenshot({ path: join(FOLDER, `popup-${size}-${theme}.png`), fullPage: true });
      await popup.close();
    }
    await page.close();
  }
}

mkdirSync(FOLDER, { recursive: true });
await ensureBuilt('chrome');
const named = process.argv.slice(2);
const wanted = (scenes: readonly string[]) => scenes.filter((scene) => named.length === 0 || named.includes(scene));
for (const theme of THEMES) {
  await shoot('desktop', theme, wanted(['chart', 'table', 'error', 'code', BLOCKS, 'terminal', ...LINUX_SCENES]));
  await shoot('phone', theme, wanted(['chart', 'input', 'thinking', 'code', BLOCKS, 'terminal', ...LINUX_SCENES]));
}
