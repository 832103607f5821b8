import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../../tools/build.ts';
import {
  barTag,
  clickPart,
  expectCleanSite,
  finishedCard,
  type FirefoxUnderTest,
  launchFirefox,
  partsOf,
  partWith,
  pressByKey,
  pressInCard,
  readCards,
  sendMessage,
  turnEnded,
} from '../support/browsers/index.ts';
import { openMoreSettings, PRINT_RULE, saveRules as saveRulesBy } from '../support/popup-settings.ts';
import { defaultOptions, type Site, startSite } from '../support/site/index.ts';
import { designs } from '../support/whole.ts';

let site: Site;
let firefox: FirefoxUnderTest;

beforeAll(async () => {
  await ensureBuilt('firefox');
  site = await startSite({ speed: 'quick' });
  firefox = await launchFirefox({ extension: 'extension/firefox-mv3', site });
});
afterAll(async () => {
  await firefox.close();
  await site.close();
});

async function openChat(scene: string, renderer: 'legacy' | 'app'): Promise<Page> {
  site.set({ ...defaultOptions, speed: 'quick', renderer });
  const chat = await firefox.newChatPage();
  chat.setDefaultTimeout(60_000);
  await sendMessage(chat, site, scene);
  await turnEnded(chat);
  await chat.waitForFunction((tag) => document.querySelectorAll(tag).length === 6, {}, barTag);
  return chat;
}

const openPopup = async () => openMoreSettings(await firefox.popupPage());

/** What the popup says to these rules. */
const saveRules = (popup: Page, text: string, says: 'rules-note' | 'rules-wrong') =>
  saveRulesBy(popup, { text, says, write: (one) => popup.keyboard.type(one) });

const pressBlock = (chat: Page, index: number) => clickPart(chat, '[data-action="run-block"]', { host: barTag, index });

it.each(designs('legacy'))('code to think about is held, cancelled, and run (%s design)', async (renderer) => {
  const chat = await openChat('risky', renderer);
  await pressBlock(chat, 0);
  const warning = await partWith(chat, '[data-part="warning"]');
  expect(warning.text).toContain('What the text holds is only known when it runs.');
  expect((await readCards(chat))[0]).toMatchObject({ state: 'held', status: 'Your decision', outcome: '', stdout: '' });
  await pressInCard(chat, 'cancel-held');
  await partWith(chat, '[data-part="status"]', (parts) => parts[0]?.text === 'Ready to run');
  await pressInCard(chat, 'run');
  await partWith(chat, '[data-part="warning"]');
  await pressInCard(chat, 'run-here');
  expect(await finishedCard(chat)).toMatchObject({ outcome: 'completed', stdout: '42\n' });
  await chat.close();
  expectCleanSite(site, firefox.problems);
});

it('a rule of one’s own warns at a code block; “always” is taken back in the popup', async () => {
  const chat = await openChat('code', 'app');
  const popup = await openPopup();
  expect(await saveRules(popup, JSON.stringify({ ownRules: [{ ...PRINT_RULE, id: '' }] }), 'rules-wrong')).toContain(
    'ownRules.0.id',
  );
  expect(await saveRules(popup, JSON.stringify({ ownRules: [PRINT_RULE] }), 'rules-note')).toContain('Saved.');

  await chat.bringToFront();
  await pressBlock(chat, 0);
  const warning = await partWith(chat, '[data-part="warning"]');
  expect(warning.attributes['data-kind']).toBe('securityRisk');
  expect(warning.text).toContain(PRINT_RULE.title);
  await clickPart(chat, '[data-part="always"]');
  await pressInCard(chat, 'run-here');
  expect((await finishedCard(chat)).stdout).toBe('45\n');

  await popup.bringToFront();
  await popup.waitForSelector('[data-chosen="python"]');
  await pressByKey(popup, '[data-action="take-back"]');
  await popup.waitForSelector('[data-chosen="python"]', { hidden: true });
  expect(await saveRules(popup, '', 'rules-note')).toContain('Only the built-in rules');

  await chat.bringToFront();
  await pressInCard(chat, 'again');
  await partWith(chat, '[data-part="used"]', (parts) => parts[0]?.text.startsWith('from cache'));
  expect(await partsOf(chat, '[data-part="warning"]')).toHaveLength(0);
  await popup.close();
  await chat.close();
  expectCleanSite(site, firefox.problems);
});

it('settings outlive the popup; what is out of its bounds is not kept', async () => {
  const popup = await openPopup();
  const memory = '[data-setting="poolMB"]';
  const type = async (text: string) => {
    await popup.focus(memory);
    await popup.$eval(memory, (field) => (field as HTMLInputElement).select());
    await popup.keyboard.type(text);
    await popup.keyboard.press('Tab');
  };
  await type('9');
  await popup.waitForFunction(() => document.querySelector('[data-wrong="poolMB"]')?.textContent?.includes('64'));
  await popup.select('[data-setting="place-lua"]', 'remote');
  // Another popup shows what is stored; the first is closed once that is so.
  const isStored = () => document.querySelector<HTMLSelectElement>('[data-setting="place-lua"]')?.value === 'remote';
  const other = await openPopup();
  await other.waitForFunction(isStored);
  await other.close();
  await popup.close();
  const again = await openPopup();
  await again.waitForFunction(isStored);
  expect(await again.$eval(memory, (field) => (field as HTMLInputElement).value)).toBe('256');
  await again.close();
});
