import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterEach, expect, it } from 'vitest';
import {
  cardInState,
  cardSelector,
  chooseFiles,
  clickPart,
  finishedCard,
  noteOf,
  partsOf,
  partWith,
  pressInCard,
  sendMessage,
  turnEnded,
  typeInto,
  watchDownloads,
} from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { defaultOptions } from '../support/site/index.ts';
import { forget, learnedBy, lookAt, spyOn } from '../support/spied-page.ts';
import { testFolder } from '../support/test-folder.ts';

// Threat: scripts of the page listen for what a person does in a card, look for what it shows, and press in it.

const CANARY = 'canary-51c0de';
const file = path.join(testFolder('private', { 'staff.csv': `name,salary\n${CANARY},1000\nBob,2000\n` }), 'staff.csv');
const saved = testFolder('saved');

const world = siteInChromium({}, { startsSmall: true });
let page: Page;

afterEach(() => page.close());

/** Opens a page whose scripts write down what they can. */
async function openSpiedPage(): Promise<void> {
  world.site.set({ ...defaultOptions, renderer: 'app', speed: 'instant' });
  page = await world.chromium.newChatPage();
  await spyOn(page);
}

const learned = () => learnedBy(page);

/** The page saves a file of its own, as it would one of ours. */
const saveOwn = () =>
  page.evaluate(() => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(['own']));
    link.download = 'own.txt';
    link.click();
  });

it('control: the same scripts learn what is typed in a field of the page', async () => {
  await openSpiedPage();
  await page.click('[data-app-shell-active-page="true"] [data-composer-markdown]');
  await page.keyboard.type('q');
  expect(await learned()).toMatch(/keydown q/);
  expect(await learned()).toMatch(/beforeinput {2}q/);
});

it('control: the same scripts learn of a file that the page is given', async () => {
  await openSpiedPage();
  await page.evaluate(() => {
    document.body.append(Object.assign(document.createElement('input'), { type: 'file', id: 'own' }));
  });
  const own = await page.waitForSelector('input#own');
  if (own === null) throw new Error('no field');
  await own.uploadFile(file);
  await expect.poll(learned).toContain(CANARY);
});

it('control: the same scripts learn the address of a file that is saved, by either listener', async () => {
  await openSpiedPage();
  await watchDownloads(world.chromium.browser, saved);
  await saveOwn();
  expect((await learned()).match(/^saved blob:/gm)).toHaveLength(2);
});

it('the page learns nothing of what is typed for a program', async () => {
  await openSpiedPage();
  await sendMessage(page, world.site, 'input');
  await cardInState(page, 'input');
  await forget(page);
  await typeInto(page, '[data-part="input"]', 'Qzx');
  await page.keyboard.press('Enter');
  await partWith(page, '[data-part="prompt"]', (parts) => parts[0]?.text.includes('Qzx'));
  // The field went away while Enter was down: its release, which says nothing, belongs to the page.
  expect((await learned()).replaceAll('keyup Enter ', '').trim()).toBe('');
});

it('the page learns nothing of a chosen file, of its description and of what is saved', async () => {
  await openSpiedPage();
  await sendMessage(page, world.site, 'files');
  await finishedCard(page);
  await turnEnded(page);
  await forget(page);
  await chooseFiles(page, [file], () => pressInCard(page, 'add-file'));
  expect(await noteOf(page)).toContain('staff.csv');
  await pressInCard(page, 'describe');
  await partWith(page, '[data-part="describe-text"]', (parts) => parts[0]?.value);
  await clickPart(page, '[data-part="describe-values"]');
  await partWith(page, '[data-part="describe-text"]', (parts, word) => parts[0]?.value.includes(word), CANARY);
  await pressInCard(page, 'close');
  const downloads = await watchDownloads(world.chromium.browser, saved);
  const place = await downloads.during(() => clickPart(page, '[data-part="artifact"] [data-action="save"]'));
  expect(await readFile(place, 'utf8')).not.toBe('');
  expect(await learned()).toBe('');
  expect(await lookAt(page, cardSelector)).toEqual([null, '', '', '']);
  // Control: up to here they listened.
  await saveOwn();
  expect((await learned()).match(/^saved blob:/gm)).toHaveLength(2);
});

/** Addresses of pictures that the browser tells the page of. */
async function watchPictures(): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    const pictures: string[] = [];
    Object.assign(window, { pictures });
    for (const type of PerformanceObserver.supportedEntryTypes) {
      const observer = new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          const { url = '', largestContentfulPaint } = entry as PerformanceEntry & {
            url?: string;
            largestContentfulPaint?: { url?: string };
          };
          // Whoever knows the address can draw the picture and read its dots.
          for (const address of [url, largestContentfulPaint?.url ?? '', entry.name])
            if (address.startsWith('blob:')) pictures.push(address);
        }
      });
      observer.observe({ type, buffered: true });
    }
  });
  return () => page.evaluate(() => (window as unknown as { pictures: string[] }).pictures);
}

/** A picture of the page's own, as an image in a closed shadow root, put there at a press. */
async function showOwnPicture(): Promise<void> {
  await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 900, height: 500 });
    const context = canvas.getContext('2d');
    for (let index = 0; index < 3000; index += 1) {
      if (context) context.fillStyle = `hsl(${String(index % 360)} 80% 50%)`;
      context?.fillRect((index * 37) % 900, (index * 53) % 500, 25, 25);
    }
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
    const show = () => {
      const image = new Image();
      image.src = URL.createObjectURL(blob ?? new Blob());
      const host = document.createElement('div');
      host.attachShadow({ mode: 'closed' }).append(image);
      host.style.cssText = 'position:fixed;left:20px;top:20px;z-index:9';
      document.body.append(host);
    };
    document.addEventListener('click', show, { once: true });
  });
  await page.mouse.click(5, 5);
}

it('the page learns of no figure: the browser tells it no address by which it could read one', async () => {
  world.site.set({ ...defaultOptions, renderer: 'app', speed: 'instant', historyLagMs: 0 });
  page = await world.chromium.newChatPage();
  const live = await watchPictures();
  await sendMessage(page, world.site, 'chart');
  expect((await finishedCard(page)).figures).toHaveLength(1);
  await turnEnded(page);
  expect(await live()).toEqual([]);
  // Once more without any press before: then the browser names the largest picture that it has painted.
  await page.reload({ waitUntil: 'domcontentloaded' });
  const pictures = await watchPictures();
  expect((await finishedCard(page)).figures).toHaveLength(1);
  // Control, which also waits until all that was painted before it has been told.
  await showOwnPicture();
  await expect.poll(pictures, { timeout: 30_000 }).not.toEqual([]);
  expect(new Set(await pictures()).size).toBe(1);
});

it('presses and changes made by a script do nothing', async () => {
  await openSpiedPage();
  await sendMessage(page, world.site, 'hello');
  await finishedCard(page);
  const before = await partsOf(page, '[data-part="status"]');
  await page.evaluate((selector) => {
    const host = document.querySelector<HTMLElement>(selector);
    host?.click();
    for (const kind of ['click', 'change', 'input', 'pointerdown', 'keydown'])
      host?.dispatchEvent(new Event(kind, { bubbles: true, composed: true }));
  }, cardSelector);
  expect(await partsOf(page, '[data-part="status"]')).toEqual(before);
  expect(await partsOf(page, '[data-part="dialog"]')).toEqual([]);
  // The control: a hand does press in it.
  await pressInCard(page, 'describe');
  await partWith(page, '[data-part="dialog"]');
});
