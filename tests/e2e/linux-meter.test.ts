import type { Page } from 'puppeteer-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { HostStatus } from '../../src/contracts/doors/runs.ts';
import {
  barTag,
  clickPart,
  closeTerminals,
  finishedCard,
  lineWith,
  pressByKey,
  prompt,
  turnEnded,
  violationsIn,
} from '../support/browsers/index.ts';
import { chatInChromium } from '../support/chat-in-chromium.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { connectRunsClient, outcomeOf, runRequest, type RunsClient } from '../support/runs-client/index.ts';

const THEMES = ['light', 'dark'] as const;
const ALERT = '[data-part="machine-alert"][data-alert="cpu"]';

const inTheme = (page: Page, theme: (typeof THEMES)[number]) =>
  page.evaluate((name) => document.documentElement.setAttribute('data-theme', name), theme);

describe('the meter of a conversation’s Linux', () => {
  beforeAll(needsLinuxImage);
  const world = chatInChromium({ speed: 'quick' });

  it('shows what it uses in the popup; what is short is said there and beside the terminals, which show where it goes', async () => {
    const client: RunsClient = await connectRunsClient(
      await world.chromium.extensionPage('vendor/python/LICENCES.txt'),
    );
    const machines = async () => {
      const status = (await client.call('status', {})) as { readonly value: HostStatus };
      return status.value.sessions.filter(({ saved }) => saved !== null).map(({ sessionId }) => sessionId);
    };
    const before = await machines();
    const chat = await world.play('shell', { codeBlocks: 'mixed' });
    await turnEnded(chat);
    await chat.waitForFunction((tag) => document.querySelectorAll(tag).length === 3, {}, barTag);
    await clickPart(chat, '[data-action="run-block"]', { host: barTag, index: 0 });
    await finishedCard(chat);
    const sessionId = (await machines()).find((each) => !before.includes(each));
    if (sessionId === undefined) throw new Error('no machine');
    const run = async (code: string) => {
      const done = await client.run({ ...runRequest(code, 'any', { language: 'shell' }), sessionId });
      expect(outcomeOf(done)).toMatchObject({ kind: 'completed', exitCode: 0 });
    };

    const popup = await world.chromium.popupPage();
    await popup.setViewport({ width: 360, height: 600 });
    await popup.waitForSelector('[data-part="machine-meter"]', { timeout: 60_000 });
    const rows = await popup.$$eval('[data-part="machine-meter"] dl > div', (all) =>
      all.map((row) => [row.querySelector('dt')?.textContent, row.querySelector('dd')?.textContent?.trim()]),
    );
    expect(rows).toEqual([
      ['Linux memory', expect.stringMatching(/^\d[\d.]* MB of \d{3} MB$/)],
      ['Linux processor', expect.stringMatching(/^\d+ %$/)],
      ['Linux disk', expect.stringMatching(/^\d+ MB of \d{3} MB$/)],
      ['Linux network', '0 B out, 0 B in'],
    ]);
    expect(await popup.$('[data-part="machine-alert"]')).toBeNull();

    await run('(while :; do :; done) >/dev/null 2>&1 & echo $! >/tmp/busy');
    await popup.bringToFront();
    await popup.waitForSelector(ALERT, { timeout: 60_000 });
    for (const theme of THEMES) {
      await inTheme(popup, theme);
      expect(await violationsIn(popup, '[data-part="machine-meter"]')).toEqual([]);
    }
    // A popup is 360 pixels wide: nothing of it may be cut off or make it scroll sideways.
    expect(await popup.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);

    const opening = world.chromium.browser.waitForTarget((target) => target.url().includes('ide.html'));
    await pressByKey(popup, `${ALERT} [data-action="alert-terminal"]`);
    const terminal = await (await opening).page();
    if (terminal === null) throw new Error('no page of terminals');
    await prompt(terminal);
    await terminal.waitForSelector(ALERT, { timeout: 60_000 });
    for (const theme of THEMES) {
      await inTheme(terminal, theme);
      expect(await violationsIn(terminal, 'main')).toEqual([]);
    }
    await terminal.click(`${ALERT} [data-action="show-use"]`);
    // Of procps: the programs by what they use, the busy one first.
    await lineWith(terminal, /^ *\d+ root .* R +\d\d\.\d .* bash$/);
    await run('kill "$(cat /tmp/busy)"');
    await terminal.bringToFront();
    await terminal.waitForFunction((alert) => document.querySelector(alert) === null, { timeout: 60_000 }, ALERT);

    await closeTerminals(terminal);
    for (const page of [terminal, popup, client.page]) await page.close();
  }, 300_000);
});
