import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type ChromiumUnderTest,
  expectCleanSite,
  launchChromium,
  sendMessage,
  turnEnded,
} from '../support/browsers/index.ts';
import { awkwardBlocks, defaultOptions, type Site, startSite, twoHundredBlocks } from '../support/site/index.ts';

/** Code that a page draws, with line ends where a person sees them. */
interface Drawn {
  readonly code: string;
  readonly header: string;
  readonly start: number;
  readonly end: number;
}

/** Runs in the page. */
function readDrawn(selector: string, body: string): Drawn[] {
  return [...document.querySelectorAll(selector)].map((block) => {
    const code = block.querySelector(body)?.cloneNode(true);
    if (!(code instanceof Element)) throw new Error('a block without code');
    for (const end of code.querySelectorAll('br')) end.replaceWith('\n');
    const lines = [...code.querySelectorAll('.cm-line')];
    return {
      code: lines.length > 0 ? lines.map((line) => line.textContent.replace(/\n$/u, '')).join('\n') : code.textContent,
      header: block.querySelector('.sticky .font-medium, .truncate')?.textContent ?? '',
      start: Number(block.getAttribute('data-start')),
      end: Number(block.getAttribute('data-end')),
    };
  });
}

let site: Site;
let chrome: ChromiumUnderTest;
let page: Page;
beforeAll(async () => {
  site = await startSite();
  chrome = await launchChromium({ extension: null, site });
});
afterAll(async () => {
  await chrome.close();
  await site.close();
});
beforeEach(() => {
  site.set(defaultOptions);
});

async function draw(scene: string, options: Parameters<Site['set']>[0]): Promise<string> {
  site.set(options);
  page = await chrome.newChatPage();
  site.scene(scene);
  await sendMessage(page, site, 'go');
  await turnEnded(page);
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  const { messages } = site.conversation(id)?.page(Number.POSITIVE_INFINITY, 10, null) ?? { messages: [] };
  const parts = messages.at(-1)?.content['parts'];
  return Array.isArray(parts) ? String(parts[0]) : '';
}

const inView = (code: string): string => code.split('\n').slice(0, 36).join('\n');

describe('blocks as the stand-in draws them', () => {
  it.each(['viewer-div', 'viewer-pre-br', 'viewer-pre-newlines'] as const)(
    'are a viewer on the legacy page: %s',
    async (legacyBlocks) => {
      const text = await draw('blocks 2026', { renderer: 'legacy', legacyBlocks });
      const body = legacyBlocks === 'viewer-div' ? 'div.cm-content' : 'pre.cm-content > code';
      const drawn = await page.evaluate(readDrawn, 'pre[data-start]', `#code-block-viewer > .cm-scroller > ${body}`);
      expect(drawn.map(({ code }) => code)).toEqual(awkwardBlocks.map(({ code }) => code));
      expect(drawn.slice(0, 3).map(({ header }) => header)).toEqual(['Python', 'Lua', 'Python']);
      expect(drawn[9]?.header, 'a fence without a word has no header').toBe('');
      for (const { start, end } of drawn) expect(text.slice(start, end)).toMatch(/^(?:`{3,4}|~~~)[^]*(?:`{3}|~~~)$/u);
      expect(await page.$$('.markdown :is(.cm-line, [data-language], [class*="language-"])')).toHaveLength(0);
      expect(await page.$$eval('.markdown br', (ends) => ends.length > 0)).toBe(legacyBlocks !== 'viewer-pre-newlines');
      await page.close();
    },
  );

  it.each(['flat', 'pre', 'editor'] as const)(
    'say their language in the header of the new page: %s',
    async (codeBlocks) => {
      await draw('blocks 2026', { codeBlocks, language: 'de' });
      const body = codeBlocks === 'editor' ? '.cm-content' : 'code';
      const drawn = await page.evaluate(readDrawn, '[data-markdown-copy="code-block"]', body);
      const isEditor = codeBlocks === 'editor';
      expect(drawn.map(({ code }) => code)).toEqual(awkwardBlocks.map(({ code }) => (isEditor ? inView(code) : code)));
      expect(drawn.map(({ header }) => header).slice(9, 15)).toEqual([
        'Nur Text',
        'JSON',
        'Diff',
        'Nur Text',
        'SQL',
        'TypeScript',
      ]);
      expect(await page.$$('[class*="language-"]')).toHaveLength(0);
      expect(await page.$$eval('[data-language]', (marks) => marks.length > 0)).toBe(isEditor);
      expect(await page.$$('.cm-gap')).toHaveLength(isEditor ? 1 : 0);
      await page.close();
    },
  );

  it('show other lines of a long editor as it scrolls', async () => {
    await draw('blocks 2026', { codeBlocks: 'editor' });
    await page.evaluate(() => {
      const long = document.querySelector('.cm-scroller:has(.cm-gap)');
      if (long !== null) long.scrollTop = 100 * 21;
    });
    await page.waitForFunction(() => document.querySelectorAll('.cm-gap').length === 2);
    await page.close();
  });

  it('may have their text in an attribute, be a drawing, or stand beside a document', async () => {
    await draw('diagram', { blocksHaveRawText: true });
    expect(await page.$$('[data-chatgpt-mermaid-preview]')).toHaveLength(1);
    const raw = await page.$$eval('[data-markdown-copy-text]', (all) =>
      all.map((block) => block.getAttribute('data-markdown-copy-text')),
    );
    expect(raw).toEqual(['print("after the drawing")']);
    await page.close();
    await draw('writing', {});
    expect(await page.$$('[data-oai-writing-block-surface][data-testid="chatgpt-writing-block"]')).toHaveLength(1);
    expect(await page.$$('[data-markdown-copy="code-block"]')).toHaveLength(1);
    await page.close();
  });

  it('were classes until 2025', async () => {
    await draw('plain', { renderer: 'legacy', legacyBlocks: 'until-2025' });
    expect(await page.$$('pre code.language-python')).toHaveLength(2);
    await page.close();
  });

  it('are two hundred in an old conversation', async () => {
    site.set({ renderer: 'legacy' });
    const { id } = site.remember('Two hundred blocks', twoHundredBlocks());
    page = await chrome.newChatPage(`/c/${id}`);
    await page.waitForFunction(() => document.querySelectorAll('pre[data-start]').length === 200);
    await page.close();
    expectCleanSite(site, chrome.problems);
  });
});
