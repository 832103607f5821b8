import type { Page } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import {
  composerText,
  editorSelector,
  finishedCard,
  noteOf,
  partWith,
  pressInCard,
  replaceText,
  turnEnded,
} from '../support/browsers/index.ts';
import { chatInChromium } from '../support/chat-in-chromium.ts';
import { defaultOptions, type SiteOptions } from '../support/site/index.ts';
import { crossed } from '../support/whole.ts';

const chat = chatInChromium({ speed: 'instant' }, { startsSmall: true });
let page: Page;

const EDITOR = '[data-app-shell-active-page="true"] [data-composer-markdown]';

async function openWithCard(options: Partial<SiteOptions>, scene = 'files'): Promise<void> {
  page = await chat.play(scene, { ...defaultOptions, speed: 'instant', ...options });
  await finishedCard(page);
  await turnEnded(page);
}

const note = () => noteOf(page);

/** Puts any text in the composer by way of the description's field, which a person may edit freely. */
async function insert(text: string): Promise<string> {
  await sendDescription(text);
  return note();
}

async function sendDescription(text: string): Promise<void> {
  await pressInCard(page, 'describe');
  await partWith(page, '[data-part="describe-text"]', (parts) => parts[0]?.value);
  await replaceText(page, '[data-part="describe-text"]', text);
  await pressInCard(page, 'insert-description');
}

/** Emoji at and around every cut of 4,000 characters. */
const sample = (length: number) => {
  const base = Array.from({ length }, (_, at) => (at % 61 === 60 ? '\n' : 'abcdefghij'[at % 10])).join('');
  const units = [...base.slice(0, Math.max(0, length - 40))];
  for (let cut = 4_000; cut < units.length; cut += 4_000) units.splice(cut - 3, 4, '😀', '😀');
  const text = units.join('');
  return text + 'x'.repeat(length - text.length);
};

const EDITORS = [
  ['an editor that refuses synthetic pastes', { renderer: 'app', refusesUntrustedPaste: true }],
  ['the legacy design', { renderer: 'legacy' }],
  ['the app design', { renderer: 'app' }],
] as const;

describe('text', () => {
  for (const [[editor, options], length] of crossed(EDITORS, [4_001, 50_000, 4_000, 3, 3_999])) {
    it(`arrives whole in ${editor}: ${String(length)} characters`, async () => {
      await openWithCard(options);
      const text = sample(length);
      expect(await insert(text)).toContain('Put in the composer');
      expect(await composerText(page)).toBe(text);
    });
  }
});

/** Every sign and line that Markdown would read. */
const SIGNS = 'a_b*c* and **d**\n\n- 1\n  # two\n1. `x` <b> [y](z)';

describe.each([
  ['a paste is taken', {}],
  ['no paste is taken', { refusesUntrustedPaste: true }],
] as const)('signs of Markdown where %s', (_where, refusals) => {
  it.each([
    ['the new composer', { renderer: 'app' }],
    ['the composer of Work', { renderer: 'app', composer: 'work' }],
    ['the older composer', { renderer: 'legacy' }],
  ] as const)('arrive as they are in %s, and are stored so', async (_editor, options) => {
    await openWithCard({ ...options, ...refusals });
    expect(await insert(SIGNS)).toContain('Put in the composer');
    expect(await composerText(page)).toBe(SIGNS);
    const before = chat.site.sent.length;
    await page.focus(editorSelector);
    await page.keyboard.press('Enter');
    await chat.site.until(() => chat.site.sent.length > before);
    expect(chat.site.sent.at(-1)?.text).toBe(SIGNS);
  });
});

describe('Put in composer', () => {
  it('says that it must be pasted by hand where typing would change its signs', async () => {
    await openWithCard({ renderer: 'app', refusesUntrustedPaste: true, refusesMarkup: true });
    await sendDescription(SIGNS);
    // The description is back, with the text and the reason.
    await partWith(page, '[data-part="describe"]', (parts) => parts[0]?.text.includes('has to be pasted by hand'));
    expect((await partWith(page, '[data-part="describe-text"]')).value).toBe(SIGNS);
    expect(await composerText(page)).toBe('');
  });

  it.each(['legacy', 'app'] as const)(
    'writes the result, attaches the files and sends nothing (%s)',
    async (renderer) => {
      await openWithCard({ renderer });
      const before = chat.site.sent.length;
      await pressInCard(page, 'compose');
      expect(await note()).toMatch(/attached/);
      expect(await composerText(page)).toContain('/mnt/data/');
      expect(chat.site.sent.length).toBe(before);
    },
  );

  it('keeps what the person has written already', async () => {
    await openWithCard({ renderer: 'app' }, 'hello');
    await page.click(EDITOR);
    await page.keyboard.type('My question');
    await pressInCard(page, 'compose');
    await note();
    const text = await composerText(page);
    expect(text.startsWith('My question\n')).toBe(true);
    expect(text).toContain('hello from Python');
  });

  it('does not write while the person types on', async () => {
    await openWithCard({ renderer: 'app' }, 'hello');
    await page.click(EDITOR);
    await page.keyboard.type('ab');
    await pressInCard(page, 'compose');
    await page.click(EDITOR);
    await page.keyboard.type('cdefghijkl', { delay: 300 });
    expect(await note()).toMatch(/typing/);
    expect(await composerText(page)).toBe('abcdefghijkl');
  });

  it('says so when the page does not take the text', async () => {
    await openWithCard({ renderer: 'app' });
    await page.$eval(EDITOR, (editor) => {
      const refuse = (event: Event): void => {
        event.preventDefault();
        event.stopImmediatePropagation();
        // An insertion by command cannot be prevented, only taken back.
        if (event.type === 'input') editor.replaceChildren();
      };
      for (const kind of ['paste', 'input']) window.addEventListener(kind, refuse, true);
    });
    await sendDescription('plain words');
    // The description is back, with the text and the reason, and the button is there for another try.
    await partWith(page, '[data-part="describe"]', (parts) => parts[0]?.text.includes('could not be put in'));
    expect(await composerText(page)).toBe('');
    await pressInCard(page, 'insert-description');
    await partWith(page, '[data-part="describe"]', (parts) => parts[0]?.text.includes('could not be put in'));
    expect((await partWith(page, '[data-part="describe-text"]')).value).toBe('plain words');
  });

  it('says so when the page made an attachment of the text', async () => {
    await openWithCard({ renderer: 'app', pasteLimit: 50 }, 'files');
    await sendDescription('x'.repeat(400));
    // The description is back, with the text and the reason.
    await partWith(page, '[data-part="describe"]', (parts) => parts[0]?.text.includes('became an attachment'));
    expect((await partWith(page, '[data-part="describe-text"]')).value).toBe('x'.repeat(400));
  });
});
