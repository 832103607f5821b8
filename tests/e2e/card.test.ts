import { readFileSync } from 'node:fs';
import type { Page } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import {
  cardSelector,
  clickPart,
  finishedCard,
  noteOf,
  partsOf,
  partWith,
  pressInCard,
  readCards,
  sendMessage,
  turnEnded,
  typeInto,
  watchDownloads,
} from '../support/browsers/index.ts';
import { chatInChromium } from '../support/chat-in-chromium.ts';
import type { Site } from '../support/site/index.ts';
import { testFolder } from '../support/test-folder.ts';
import { designs } from '../support/whole.ts';

const LONG_TABLE = `import pandas as pd
pd.DataFrame({"n": range(1500), "square": [n * n for n in range(1500)]})`;

const saves = testFolder('tables');
const chat = chatInChromium({ speed: 'quick' });
let page: Page;

async function play(scene: string, options: Parameters<Site['set']>[0] = {}): Promise<void> {
  page = await chat.play(scene, options);
}

describe.each(designs('legacy'))('the card in the %s design', (renderer) => {
  it('shows what a run printed, its table, its figure and its file, at its turn and once', async () => {
    await play('chart', { renderer });
    const card = await finishedCard(page);
    expect(card).toMatchObject({ outcome: 'completed', status: 'Done' });
    expect(card.stdout).toBe('12 rows, 40,998 EUR in all\n');
    const cells = await partsOf(page, '[data-part="table"] tbody tr:first-of-type :is(th, td)');
    expect(cells.map(({ text }) => text)).toEqual(['North', '1377', '15018']);
    expect(card.figures).toHaveLength(1);
    expect(card.artifacts.map(({ name }) => name)).toEqual(['sales.csv']);
    await page.waitForSelector(`${cardSelector}[data-figure-ms]`);
    await turnEnded(page);
    // The page replaces the turn's nodes when it ends; the card comes back, once, behind the answer.
    await page.waitForFunction(
      (selector) => {
        const cards = document.querySelectorAll(selector);
        const turn = cards[0]?.closest('[data-turn-key], [data-testid^="conversation-turn-"]');
        return cards.length === 1 && turn?.lastElementChild === cards[0];
      },
      {},
      cardSelector,
    );
  });

  it('takes answers to a program that asks', async () => {
    await play('input', { renderer });
    await typeInto(page, '[data-part="input"]', 'Ada');
    await page.keyboard.press('Enter');
    await partWith(page, '[data-part="prompt"]', (parts) => parts[0]?.text.includes('Ada'));
    // By keys alone: the next question's field has the focus.
    await page.keyboard.type('42');
    await page.keyboard.press('Enter');
    expect((await finishedCard(page)).stdout).toContain('Right!');
  });

  it('stops a loop that never ends, and does not say that variables are gone', async () => {
    await play('endless loop', { renderer });
    await partWith(page, '[data-part="stdout"]', (parts) => parts[0]?.text.includes('counting'));
    await pressInCard(page, 'stop');
    const card = await finishedCard(page);
    expect(card).toMatchObject({ outcome: 'cancelled', status: 'Stopped' });
    expect(card.text).not.toContain('Variables are gone');
  });
});

describe('the card', () => {
  it('says that a program ended with an error and shows the traceback', async () => {
    await play('error', { renderer: 'app' });
    const card = await finishedCard(page);
    expect(card).toMatchObject({ outcome: 'completed', status: 'Finished with an error' });
    expect(card.text).toContain('ZeroDivisionError');
    expect(await partsOf(page, '[data-part="error"]')).toHaveLength(1);
  });

  it('sorts a table and says how long it is', async () => {
    await play('table', { renderer: 'app' });
    await finishedCard(page);
    const fourth = { nth: 3 };
    expect((await partWith(page, '[data-part="table-count"]')).text).toContain('60 rows × 4 columns');
    await clickPart(page, '[data-action="sort"]', fourth);
    await clickPart(page, '[data-action="sort"]', fourth);
    const rows = await partsOf(page, 'tbody tr td:nth-of-type(4)');
    const sorted = rows.map(({ text }) => Number(text));
    expect(sorted).toEqual([...sorted].sort((a, b) => b - a));
  });

  it('saves all of a table of which it shows a part', async () => {
    chat.site.scene({
      name: 'long table',
      prompt: 'long table',
      title: 'Long table',
      isShown: false,
      steps: [{ kind: 'call', code: LONG_TABLE, form: 'whole', result: null }],
    });
    page = await chat.chromium.newChatPage();
    await sendMessage(page, chat.site, 'long table');
    await finishedCard(page);
    expect((await partWith(page, '[data-part="table-count"]')).text).toContain('First 1,000 of 1,500 rows');
    const downloads = await watchDownloads(chat.chromium.browser, saves);
    const file = await downloads.during(() => clickPart(page, '[data-part="table"] [data-action="save"]'));
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(1 + 1500);
    expect(lines.at(-1)).toBe('1499,2247001');
  });

  it('saves the rows that it shows of a table that is too large to be written ahead, and says how many', async () => {
    const code = 'import pandas as pd\npd.DataFrame({"n": range(60_000), "m": 0})';
    chat.site.scene({
      name: 'large table',
      prompt: 'large table',
      title: 'Large table',
      isShown: false,
      steps: [{ kind: 'call', code, form: 'whole', result: null }],
    });
    page = await chat.chromium.newChatPage();
    await sendMessage(page, chat.site, 'large table');
    await finishedCard(page);
    const said = "Saves the first 1,000 of 60,000 rows; df.to_csv('name.csv') writes all";
    expect((await partWith(page, '[data-part="saves-part"]')).text).toBe(said);
    const downloads = await watchDownloads(chat.chromium.browser, saves);
    const file = await downloads.during(() => clickPart(page, '[data-part="table"] [data-action="save"]'));
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(1 + 1000);
  });

  it('saves the table that it shows, also after a later call and beside one of the same title', async () => {
    page = await chat.chromium.newChatPage();
    for (const [turn, first] of [111, 333].entries()) {
      const code = `import pandas as pd
from ace_tools import display_dataframe_to_user
for n in (${first}, ${first + 111}): display_dataframe_to_user("Sales", pd.DataFrame({"n": [n]}))`;
      chat.site.scene({
        name: `tables from ${first}`,
        prompt: 'tables',
        title: 'Tables',
        isShown: false,
        steps: [{ kind: 'call', code, form: 'whole', result: null }],
      });
      await sendMessage(page, chat.site, 'tables');
      await finishedCard(page, turn);
    }
    const downloads = await watchDownloads(chat.chromium.browser, saves);
    for (const [at, n] of [111, 222, 333, 444].entries()) {
      const place = { index: Math.floor(at / 2), nth: at % 2 };
      const file = await downloads.during(() => clickPart(page, '[data-part="table"] [data-action="save"]', place));
      expect(file).toMatch(/Sales[^/]*\.csv$/u);
      expect(readFileSync(file, 'utf8')).toBe(`n\n${n}\n`);
    }
  });

  it('stays answerable under a flood of output, and says what was cut', async () => {
    await play('big output', { renderer: 'app' });
    const card = await finishedCard(page);
    expect(card.outcome).toBe('completed');
    expect(card.text).toContain('Output was cut');
    const [output] = await partsOf(page, '[data-part="output"]');
    expect(output?.text.length).toBeLessThanOrEqual(2 * 1024 * 1024);
  });

  it('comes back once when the conversation is left and opened again, and runs nothing twice', async () => {
    await play('chart', { renderer: 'app', historyLagMs: 0 });
    const before = await finishedCard(page);
    await turnEnded(page);
    await page.evaluate(() => {
      history.pushState(null, '', '/');
      dispatchEvent(new PopStateEvent('popstate'));
    });
    await page.waitForFunction((selector) => document.querySelector(selector) === null, {}, cardSelector);
    await page.evaluate(() => history.back());
    expect((await finishedCard(page)).stdout).toBe(before.stdout);
    expect(await readCards(page)).toHaveLength(1);
  });

  it('copies its result, to the letter; and says so where the browser refuses', async () => {
    await play('hello', { renderer: 'app' });
    await finishedCard(page);
    await turnEnded(page);
    const session = await page.createCDPSession();
    const { origin } = new URL(page.url());
    const allow = (name: string, setting: 'granted' | 'denied') =>
      session.send('Browser.setPermission', { permission: { name }, setting, origin });
    await allow('clipboard-read', 'granted');
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    await pressInCard(page, 'copy');
    expect(await noteOf(page)).toBe('Copied');
    const result = 'Result of running your Python code on my device:\n\nstdout:\n```\nhello from Python\n```\n';
    expect(await clipboard()).toBe(result);

    await page.evaluate(() => navigator.clipboard.writeText('of somebody else'));
    await allow('clipboard-write', 'denied');
    await pressInCard(page, 'copy');
    const said = await partWith(page, '[data-part="note"]', (parts) => parts[0]?.text !== 'Copied');
    expect(said.text).toBe('The browser did not allow it; select the text and copy it.');
    expect(await clipboard()).toBe('of somebody else');
    await session.send('Browser.resetPermissions');
    await session.detach();
  });
});
