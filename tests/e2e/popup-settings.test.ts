import type { Page } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import {
  barTag,
  clickPart,
  finishedCard,
  partsOf,
  partWith,
  pressByKey,
  pressInCard,
  turnEnded,
} from '../support/browsers/index.ts';
import { chatInChromium } from '../support/chat-in-chromium.ts';
import { openMoreSettings, PRINT_RULE, RULES_FIELD, saveRules as saveRulesBy } from '../support/popup-settings.ts';
import { connectRunsClient } from '../support/runs-client/index.ts';

const memory = '[data-tier="memory"]';

const world = chatInChromium({ speed: 'quick' });

async function openChat(): Promise<Page> {
  const chat = await world.play('code', { codeBlocks: 'mixed' });
  chat.setDefaultTimeout(60_000);
  await turnEnded(chat);
  await chat.waitForFunction((tag) => document.querySelectorAll(tag).length === 6, {}, barTag);
  return chat;
}

async function openPopup(): Promise<Page> {
  const popup = await openMoreSettings(await world.chromium.popupPage());
  await popup.waitForSelector(memory);
  return popup;
}

/** What the popup says to these rules. */
const saveRules = (popup: Page, text: string, says: 'rules-note' | 'rules-wrong') =>
  saveRulesBy(popup, { text, says, write: (one) => popup.keyboard.sendCharacter(one) });

describe('more settings in the popup', () => {
  it('a rule of one’s own warns at a code block; “always” and the cache are taken back', async () => {
    const chat = await openChat();
    const popup = await openPopup();
    expect(await saveRules(popup, JSON.stringify({ ownRules: [{ ...PRINT_RULE, id: '' }] }), 'rules-wrong')).toContain(
      'ownRules.0.id',
    );
    expect(await saveRules(popup, JSON.stringify({ ownRules: [PRINT_RULE] }), 'rules-note')).toContain('Saved.');

    await chat.bringToFront();
    await clickPart(chat, '[data-action="run-block"]', { host: barTag });
    const warning = await partWith(chat, '[data-part="warning"]');
    expect(warning.attributes['data-kind']).toBe('securityRisk');
    expect(warning.text).toContain(PRINT_RULE.title);
    await clickPart(chat, '[data-part="always"]');
    await pressInCard(chat, 'run-here');
    expect((await finishedCard(chat)).stdout).toBe('45\n');
    await pressInCard(chat, 'again');
    await partWith(chat, '[data-part="used"]', (parts) => parts[0]?.text.startsWith('from cache'));
    expect(await partsOf(chat, '[data-part="warning"]')).toHaveLength(0);

    await popup.bringToFront();
    await popup.waitForSelector(`${memory}:not([data-entries="0"])`);
    await popup.waitForFunction(() =>
      /^1 of/u.test(document.querySelector('[data-part="hit-rate"]')?.textContent ?? ''),
    );
    await pressByKey(popup, '[data-action="clear-cache"]');
    await popup.waitForSelector(`${memory}[data-entries="0"]`);
    await popup.waitForSelector('[data-chosen="python"]');
    await pressByKey(popup, '[data-action="take-back"]');
    await popup.waitForSelector('[data-chosen="python"]', { hidden: true });

    await chat.bringToFront();
    await pressInCard(chat, 'again');
    await partWith(chat, '[data-part="warning"][data-kind="securityRisk"]');
    await pressInCard(chat, 'cancel-held');
    expect(await saveRules(popup, '', 'rules-note')).toContain('Only the built-in rules');
    await chat.bringToFront();
    await pressInCard(chat, 'again');
    // A run of its own: the cache has nothing of it any more.
    await partWith(chat, '[data-part="used"]', (parts) => parts[0] !== undefined && !parts[0].text.startsWith('from'));
    expect(await partsOf(chat, '[data-part="warning"]')).toHaveLength(0);
    await popup.close();
  });

  it('a language that is set to run elsewhere is held, with a way on', async () => {
    const chat = await openChat();
    const popup = await openPopup();
    await popup.waitForSelector('[data-setting="place-lua"]');
    const client = await connectRunsClient(popup);
    const lua = { sessionId: 'page:settings', language: 'lua', label: null, code: 'print(1)' };
    // The host is told of a setting by way of the background.
    const hostPlaces = (place: string) =>
      expect
        .poll(() => client.call('select', lua), { timeout: 60_000 })
        .toMatchObject({ ok: true, value: { decision: { place } } });
    await popup.select('[data-setting="place-lua"]', 'remote');
    await hostPlaces('remote');
    await chat.bringToFront();
    await clickPart(chat, '[data-action="run-block"]', { host: barTag, index: 2 });
    const warning = await partWith(chat, '[data-part="warning"]');
    expect(warning.text).toContain('You chose to run Lua elsewhere.');
    await popup.bringToFront();
    await popup.select('[data-setting="place-lua"]', 'unset');
    await hostPlaces('onDevice');
    await chat.bringToFront();
    await pressInCard(chat, 'cancel-held');
    await pressInCard(chat, 'run');
    expect((await finishedCard(chat)).stdout).toBe('45\n');
    await popup.close();
  });

  it('keeps the example that it offers, and what is out of its bounds not at all', async () => {
    const popup = await openPopup();
    await pressByKey(popup, '[data-action="rules-example"]');
    await pressByKey(popup, '[data-action="save-rules"]');
    await popup.waitForFunction(() =>
      document.querySelector('[data-part="rules-note"]')?.textContent?.includes('Saved.'),
    );
    await popup.focus('[data-setting="poolMB"]');
    await popup.$eval('[data-setting="poolMB"]', (field) => (field as HTMLInputElement).select());
    await popup.keyboard.type('9');
    await popup.keyboard.press('Tab');
    await popup.waitForFunction(() => document.querySelector('[data-wrong="poolMB"]')?.textContent?.includes('64'));
    await popup.close();
    const again = await openPopup();
    expect(await again.$eval(RULES_FIELD, (field) => (field as HTMLTextAreaElement).value)).toContain('no-deletes');
    expect(await again.$eval('[data-setting="poolMB"]', (field) => (field as HTMLInputElement).value)).toBe('256');
    expect(await saveRules(again, '', 'rules-note')).toContain('Only the built-in rules');
    await again.close();
  });
});
