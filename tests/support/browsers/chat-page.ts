import type { Page } from 'puppeteer-core';
import type { Site } from '../site/index.ts';

/** Routes that were visited before stay mounted, hidden. */
const onScreen = ':not([data-app-shell-active-page="false"] *)';
export const editorSelector = `:is(#prompt-textarea, [data-composer-markdown], form[data-thread-find-composer] .ProseMirror)${onScreen}`;
const primarySelector = `form .bg-composer-primary${onScreen}`;
const sendSelector = `[data-testid="send-button"], ${primarySelector}`;
const stopSelector = `[data-testid="stop-button"], ${primarySelector}`;

/** Types a message, at once or a key every so many milliseconds, and presses send, as a person does. Resolves when the site has it. */
export async function sendMessage(page: Page, site: Site, text: string, keyEveryMs = 0): Promise<void> {
  await typeMessage(page, text, keyEveryMs);
  await pressSend(page, site);
}

export async function typeMessage(page: Page, text: string, keyEveryMs = 0): Promise<void> {
  await page.click(editorSelector);
  await page.type(editorSelector, text, { delay: keyEveryMs });
}

/** Sends a text that comes into the composer without a key, as from a menu's Paste or a suggestion. */
export async function sendInserted(page: Page, site: Site, text: string): Promise<void> {
  await page.click(editorSelector);
  // Over WebDriver BiDi, which Firefox is driven by, one character at a time is all that goes without a key.
  for (const character of text) await page.keyboard.sendCharacter(character);
  await pressSend(page, site);
}

async function pressSend(page: Page, site: Site): Promise<void> {
  const before = site.sent.length;
  await page.click(sendSelector);
  await site.until(() => site.sent.length > before);
}

export async function pressStop(page: Page): Promise<void> {
  await page.click(stopSelector);
}

/** The composer's text as a person sees it, line by line; what begins an item of a list is none of it. */
export async function composerText(page: Page): Promise<string> {
  return await page.$eval(editorSelector, (node) => {
    const paragraphs = [...node.querySelectorAll('p, pre, h1, h2, h3, h4, h5, h6')];
    return paragraphs
      .map((paragraph) => {
        const shown = paragraph.cloneNode(true) as Element;
        for (const end of shown.querySelectorAll('br'))
          end.replaceWith(end.classList.contains('ProseMirror-trailingBreak') ? '' : '\n');
        return shown.textContent;
      })
      .join('\n');
  });
}

/** Waits until the page shows no running turn. */
export async function turnEnded(page: Page): Promise<void> {
  await page.waitForSelector('.turn-action-controls');
}

/** Text of every turn on screen, as the page drew it. */
export async function shownText(page: Page): Promise<string> {
  return await page.evaluate(() => {
    const shown = document.querySelector('.thread');
    return shown instanceof HTMLElement ? shown.innerText : '';
  });
}
