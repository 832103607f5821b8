import type { Page } from 'puppeteer-core';
import { afterEach, describe, expect, it } from 'vitest';
import {
  barTag,
  cardInState,
  clickPart,
  expectCleanSite,
  finishedCard,
  partWith,
  pressInCard,
  readCards,
  replaceText,
  sendMessage,
  turnEnded,
} from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { callScene } from '../support/scenario-world.ts';
import { connectRunsClient } from '../support/runs-client/index.ts';
import { defaultOptions } from '../support/site/index.ts';
import { designs } from '../support/whole.ts';

const world = siteInChromium({}, { startsSmall: true });
let page: Page;

afterEach(async () => {
  await page.close();
  expectCleanSite(world.site, world.chromium.problems);
});

const ELAPSED = '[data-part="elapsed"]';

/** How many runs the host has ever admitted. */
async function runCount(): Promise<number> {
  const client = await connectRunsClient(await world.chromium.extensionPage('popup.html'));
  const answer = await client.call('recentRuns', { most: 100 });
  await client.page.close();
  await page.bringToFront();
  return answer.ok && Array.isArray(answer.value) ? answer.value.length : -1;
}
async function reload(): Promise<void> {
  await page.reload({ waitUntil: 'domcontentloaded' });
  await page.waitForSelector('html[data-hydrated]');
}

describe.each(designs('legacy'))('after a reload in the %s design', (renderer) => {
  it('a run that is under way goes on in its card, can be stopped, and is not started again', async () => {
    world.site.set({ ...defaultOptions, renderer, historyLagMs: 0, pauseAt: ['after-call'] });
    page = await world.chromium.newChatPage();
    await sendMessage(page, world.site, 'endless loop');
    await cardInState(page, 'running');
    await partWith(page, '[data-part="stdout"]', (parts) => parts[0]?.text.includes('counting'));
    // Two seconds: as long as a count that began anew would not show yet.
    await partWith(page, ELAPSED, (parts) => Number.parseInt(parts[0]?.text ?? '', 10) >= 2);
    const before = await runCount();
    await reload();
    await cardInState(page, 'running');
    expect(Number.parseInt((await partWith(page, ELAPSED)).text, 10)).toBeGreaterThanOrEqual(2);
    expect((await readCards(page)).map(({ stdout }) => stdout)).toEqual(['counting …\n']);
    await pressInCard(page, 'stop');
    expect(await finishedCard(page)).toMatchObject({ outcome: 'cancelled', status: 'Stopped' });
    world.site.goOn();
    await turnEnded(page);
    expect(await runCount()).toBe(before);
  });

  it('a code block has its card and its last run again, with the program that a person made of it', async () => {
    world.site.set({ ...defaultOptions, renderer, historyLagMs: 0, codeBlocks: 'mixed' });
    page = await world.chromium.newChatPage();
    await sendMessage(page, world.site, 'code');
    await turnEnded(page);
    await page.waitForFunction((tag) => document.querySelectorAll(tag).length === 6, {}, barTag);
    await clickPart(page, '[data-action="run-block"]', { host: barTag, index: 2 });
    expect(await finishedCard(page)).toMatchObject({ outcome: 'completed', stdout: '45\n' });
    await clickPart(page, '[data-action="edit-block"]', { host: barTag, index: 0 });
    await replaceText(page, '[data-part="code-field"]', 'print("made anew")');
    await pressInCard(page, 'run');
    expect(await finishedCard(page)).toMatchObject({ outcome: 'completed', stdout: 'made anew\n' });
    const shown = (await readCards(page)).map(({ stdout, callKey }) => [stdout, callKey]);
    const before = await runCount();
    await reload();
    await finishedCard(page, 1);
    expect((await readCards(page)).map(({ stdout, callKey }) => [stdout, callKey])).toEqual(shown);
    expect((await readCards(page)).map(({ text }) => text.split(' on this device')[0])).toEqual(['Python', 'Lua']);
    await page.waitForFunction((tag) => document.querySelectorAll(tag).length === 4, {}, barTag);
    expect(await runCount()).toBe(before);
  });

  it('what changed the stream with every line stands whole in its card, live and again', async () => {
    const code = 'import sys\nfor i in range(8000): print(i); print(i, file=sys.stderr)\n';
    world.site.set({ ...defaultOptions, renderer, historyLagMs: 0 });
    page = await world.chromium.newChatPage();
    world.site.scene(callScene(code, 'It printed to both.'));
    await sendMessage(page, world.site, 'print to both');
    const lines = Array.from({ length: 8000 }, (_, i) => `${i}\n`).join('');
    const whole = { outcome: 'completed', stdout: lines, stderr: lines };
    expect(await finishedCard(page)).toMatchObject(whole);
    await turnEnded(page);
    await reload();
    expect(await finishedCard(page)).toMatchObject(whole);
  });

  it('a run that has ended stands in its card with all it made, and is not started again', async () => {
    world.site.set({ ...defaultOptions, renderer, historyLagMs: 0 });
    page = await world.chromium.newChatPage();
    await sendMessage(page, world.site, 'chart');
    const shown = await finishedCard(page);
    await turnEnded(page);
    const before = await runCount();
    await reload();
    const kept = await finishedCard(page);
    expect(kept).toMatchObject({ outcome: 'completed', status: 'Done', stdout: shown.stdout });
    expect(kept.artifacts).toEqual(shown.artifacts);
    expect(kept.figures).toEqual(shown.figures);
    expect((await readCards(page)).length).toBe(1);
    expect(await runCount()).toBe(before);
    await pressInCard(page, 'again');
    await partWith(page, '[data-part="status"]', (parts) => parts[0]?.attributes['data-outcome'] === 'completed');
    expect(await runCount()).toBe(before + 1);
  });
});
