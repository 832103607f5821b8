import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  cardInState,
  cardSelector,
  clickPart,
  finishedCard,
  noteOf,
  partsOf,
  partWith,
  pressInCard,
  sendMessage,
  turnEnded,
  violationsIn,
  watchDownloads,
} from '../support/browsers/index.ts';
import { chatInChromium } from '../support/chat-in-chromium.ts';
import { testFolder } from '../support/test-folder.ts';
import { designs } from '../support/whole.ts';

const REPORT = 'region,revenue\nNorth,15018\nSouth,14721\nWest,11259\n';
const ROW = '[data-part="artifact"][data-name="report.csv"]';

const saves = testFolder('files');
const chat = chatInChromium({ speed: 'quick' }, { startsSmall: true });

describe.each(designs('app'))('the controls of a card in the %s design', (renderer) => {
  it('open, save and attach one file', async () => {
    const page = await chat.play('files', { renderer });
    await finishedCard(page);
    await turnEnded(page);
    await clickPart(page, `${ROW} [data-action="open"]`);
    expect((await partWith(page, '[data-part="dialog"] pre')).text).toBe(REPORT);
    await page.keyboard.press('Escape');
    await expect.poll(() => partsOf(page, '[data-part="dialog"]')).toEqual([]);

    const downloads = await watchDownloads(chat.chromium.browser, saves);
    const file = await downloads.during(() => clickPart(page, `${ROW} [data-action="save"]`));
    expect(readFileSync(file, 'utf8')).toBe(REPORT);

    await clickPart(page, `${ROW} [data-action="attach"]`);
    expect(await noteOf(page)).toBe('1 file attached: report.csv. Send when you are ready.');
    const chips = await page.$$eval('.composer-chips .chip', (all) => all.map((chip) => chip.getAttribute('title')));
    expect(chips).toEqual(['report.csv']);
  });

  it('open a figure large, and attach it', async () => {
    const page = await chat.play('chart', { renderer });
    await finishedCard(page);
    await turnEnded(page);
    await clickPart(page, '[data-part="figure"] [data-action="open"]');
    expect(await partsOf(page, '[data-part="dialog"] canvas')).toHaveLength(1);
    await page.keyboard.press('Escape');
    await expect.poll(() => partsOf(page, '[data-part="dialog"]')).toEqual([]);
    await clickPart(page, '[data-part="figure"] [data-action="attach"]');
    expect(await noteOf(page)).toBe('1 file attached: figure-1.png. Send when you are ready.');
  });

  it('restart Python: its variables are gone, which is said, and its files are kept', async () => {
    const scene = (name: string, code: string) =>
      chat.site.scene({
        name,
        prompt: name,
        title: name,
        isShown: false,
        steps: [{ kind: 'call', code, form: 'whole', result: null }],
      });
    scene('keep', 'x = 1\nprint(open("/mnt/data/kept.txt", "w").write("kept"))');
    scene('look', 'from pathlib import Path\nprint("x" in globals(), Path("/mnt/data/kept.txt").read_text())');
    const page = await chat.play('keep', { renderer });
    await finishedCard(page);
    await pressInCard(page, 'restart');
    expect(await noteOf(page)).toBe('Variables are gone; files are kept.');
    await sendMessage(page, chat.site, 'look');
    expect((await finishedCard(page, 1)).stdout).toBe('False kept\n');
  });

  it('leave the focus in the card when they go away: what is typed next does not reach the page', async () => {
    const page = await chat.play('endless loop', { renderer });
    await cardInState(page, 'running');
    await page.evaluate(() => {
      addEventListener('keydown', () => (document.documentElement.dataset['typed'] = 'yes'), { capture: true });
    });
    await pressInCard(page, 'stop');
    await finishedCard(page);
    await page.keyboard.type('q');
    expect(await page.$eval('html', (html) => html.dataset['typed'])).toBeUndefined();
  });

  it('stop a run also while the page moves the card below the hand', async () => {
    const page = await chat.play('endless loop', { renderer });
    await cardInState(page, 'running');
    await page.$eval(cardSelector, (host) => {
      const move = () => ((host.parentElement as HTMLElement).style.cssText = 'position:relative;top:4px');
      window.addEventListener('pointerdown', move, { capture: true });
    });
    await pressInCard(page, 'stop');
    expect((await finishedCard(page)).outcome).toBe('cancelled');
  });

  it('are told apart by a screen reader where there are two cards', async () => {
    const page = await chat.play('two calls at once', { renderer });
    await finishedCard(page, 0);
    await finishedCard(page, 1);
    await turnEnded(page);
    expect(await violationsIn(page, cardSelector)).toEqual([]);
  });
});
