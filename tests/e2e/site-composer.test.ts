import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type ChromiumUnderTest,
  composerText,
  editorSelector,
  launchChromium,
  typeMessage,
} from '../support/browsers/index.ts';
import { defaultOptions, type Site, startSite } from '../support/site/index.ts';

async function pasteUntrusted(page: Page, text: string): Promise<void> {
  await page.$eval(
    editorSelector,
    (editor, pasted) => {
      (editor as HTMLElement).focus();
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      editor.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    },
    text,
  );
}

describe.each(['app', 'legacy'] as const)('the composer of the %s design', (renderer) => {
  let site: Site;
  let chrome: ChromiumUnderTest;
  let page: Page;
  beforeAll(async () => {
    site = await startSite({ renderer });
    chrome = await launchChromium({ extension: null, site });
  });
  afterAll(async () => {
    await chrome.close();
    await site.close();
  });
  beforeEach(() => {
    site.set({ ...defaultOptions, renderer });
  });
  const open = async (): Promise<Page> => {
    page = await chrome.newChatPage();
    return page;
  };

  it('keeps typed lines and forgets text that was put into its nodes', async () => {
    await open();
    await typeMessage(page, 'one');
    await page.keyboard.down('Shift');
    await page.keyboard.press('Enter');
    await page.keyboard.up('Shift');
    await page.keyboard.type('two');
    expect(await composerText(page)).toBe('one\ntwo');
    await page.$eval(editorSelector, (editor) => {
      editor.textContent = 'put here by somebody';
    });
    await page.keyboard.type('!');
    expect(await composerText(page)).toBe('one\ntwo!');
    await page.close();
  });

  it('takes pasted pieces, characters beyond the basic plane too', async () => {
    await open();
    const pieces = ['first\n\nthird 😀', '漢字\n'.repeat(200), 'end'];
    for (const piece of pieces) await pasteUntrusted(page, piece);
    expect(await composerText(page)).toBe(pieces.join(''));
    await page.close();
  });

  it('makes a file of a paste above the limit', async () => {
    await open();
    await pasteUntrusted(page, 'x'.repeat(10_001));
    expect(await composerText(page)).toBe('');
    expect(await page.$eval('.chip', (chip) => chip.textContent)).toContain('Pasted text');
    await page.close();
  });

  it('refuses scripted pastes in the variant, where execCommand works', async () => {
    site.set({ refusesUntrustedPaste: true });
    await open();
    await pasteUntrusted(page, 'refused');
    expect(await composerText(page)).toBe('');
    await page.$eval(editorSelector, () => {
      document.execCommand('insertText', false, 'line one\nline two');
    });
    expect(await composerText(page)).toBe('line one\nline two');
    await page.close();
  });

  it('sends nothing for a scripted click or key, and says so', async () => {
    await open();
    await typeMessage(page, 'never sent');
    const before = site.reports.length;
    await page.$eval(
      '[data-testid="send-button"], [data-app-shell-active-page="true"] .bg-composer-primary',
      (button) => {
        (button as HTMLElement).click();
      },
    );
    await page.$eval(editorSelector, (editor) => {
      editor.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    });
    await site.until(() => site.reports.length >= before + 2);
    expect(site.reports.slice(before).map((entry) => entry.kind)).toEqual(
      expect.arrayContaining(['untrusted-click', 'untrusted-send']),
    );
    expect(site.sent).toEqual([]);
    await page.close();
  });

  it('shows a plain field first and loses what was put there', async () => {
    site.set({ hydrationMs: 1500 });
    const fresh = await chrome.newPage();
    await fresh.goto(site.origin);
    await fresh.waitForSelector('textarea.fallback');
    await fresh.type('textarea.fallback', 'lost');
    await fresh.waitForSelector('html[data-hydrated]');
    await fresh.waitForSelector(editorSelector);
    expect(await fresh.$eval(editorSelector, (editor) => editor.textContent)).toBe('');
    await fresh.close();
  });

  it('sees what is dropped on it and uploads it', async () => {
    await open();
    await page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['a,b\n1,2\n'], 'table.csv', { type: 'text/csv' }));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    });
    await page.waitForSelector('.chip');
    await site.until(() => site.reports.some((entry) => entry.kind === 'drop-seen'));
    expect(site.log.some((entry) => entry.method === 'PUT' && entry.body === 'a,b\n1,2\n')).toBe(true);
    await page.close();
  });
});

describe.each(['chatgpt', 'work'] as const)('Markdown in the %s composer', (composer) => {
  let site: Site;
  let chrome: ChromiumUnderTest;
  let page: Page;
  beforeAll(async () => {
    site = await startSite({ composer });
    chrome = await launchChromium({ extension: null, site });
  });
  afterAll(async () => {
    await chrome.close();
    await site.close();
  });

  /** What the site stores of what stands there. */
  const sent = async (): Promise<string> => {
    const before = site.sent.length;
    await page.keyboard.press('Enter');
    await site.until(() => site.sent.length > before);
    await page.close();
    return site.sent.at(-1)?.text ?? '';
  };
  const open = async (options: Parameters<Site['set']>[0] = {}): Promise<void> => {
    site.set({ ...defaultOptions, composer, ...options });
    page = await chrome.newChatPage();
  };
  const command = (name: string, value: string) =>
    page.$eval(
      editorSelector,
      (editor, how, text) => {
        (editor as HTMLElement).focus();
        document.execCommand(how, false, text);
      },
      name,
      value,
    );
  const literal = 'a_b*c* and **d**\n\n- 1\n  # two';

  it('is made of what is typed', async () => {
    await open();
    await typeMessage(page, '- one **two** and `three` *four*');
    expect(await composerText(page)).toBe('one two and three four');
    expect(await page.$$(`${editorSelector} > ul > li strong`)).toHaveLength(1);
    expect(await sent()).toBe('- one **two** and `three` *four*');
    await open();
    await typeMessage(page, '2. a');
    expect(await page.$$(`${editorSelector} > ol > li`)).toHaveLength(1);
    expect(await sent()).toBe('2. a');
    await open();
    await typeMessage(page, '# a_b*c* 2*3');
    expect(await page.$$(`${editorSelector} > h1`)).toHaveLength(1);
    expect(await sent()).toBe(String.raw`# a\_b\*c\* 2\*3`);
  });

  it('is made of what insertText puts in, and escaped', async () => {
    await open();
    await command('insertText', 'a_b*c*');
    expect(await composerText(page)).toBe('a_b*c*');
    expect(await sent()).toBe(String.raw`a\_b\*c\*`);
    await open();
    await command('insertText', '- 1');
    expect(await page.$$(`${editorSelector} > ul > li`)).toHaveLength(1);
    expect(await composerText(page)).toBe('1');
    await page.close();
  });

  it('is not made of a paste, which is stored as it is', async () => {
    await open();
    await typeMessage(page, 'a*b ');
    await pasteUntrusted(page, literal);
    await pasteUntrusted(page, '_end_');
    expect(await composerText(page)).toBe(`a*b ${literal}_end_`);
    expect(await page.$$(`${editorSelector} > p > span[data-prompt-literal-paste]`)).toHaveLength(1);
    expect(await page.$$(`${editorSelector} span[data-prompt-literal-paste] > br`)).toHaveLength(3);
    expect(await sent()).toBe(String.raw`a\*b ` + `${literal}_end_`);
  });

  it('is not made of markup that says it is a paste, where markup is taken', async () => {
    const markup = `<span data-prompt-literal-paste="">${literal.replaceAll('\n', '<br>')}</span>`;
    await open();
    await command('insertHTML', markup);
    expect(await composerText(page)).toBe(literal);
    expect(await sent()).toBe(literal);
    await open({ refusesMarkup: true });
    await command('insertHTML', markup);
    expect(await composerText(page)).toBe('');
    await page.close();
  });

  it('goes when it is deleted, and stays beside what is', async () => {
    await open();
    await pasteUntrusted(page, 'one\ntwo');
    await page.focus(editorSelector);
    await page.keyboard.press('Backspace');
    await page.keyboard.type('*');
    expect(await composerText(page)).toBe('one\ntw*');
    expect(await sent()).toBe(String.raw`one` + '\ntw' + String.raw`\*`);
  });
});
