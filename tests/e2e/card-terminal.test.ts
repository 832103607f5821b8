import type { Page } from 'puppeteer-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  barTag,
  cardSelector,
  clickPart,
  closeTab,
  closeTerminals,
  finishedCard,
  lineWith,
  outsideOf,
  partsOf,
  pressInCard,
  prompt,
  terminalTabs,
  turnEnded,
  typeLine,
  violationsIn,
} from '../support/browsers/index.ts';
import { chatInChromium } from '../support/chat-in-chromium.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { conversationOf } from '../support/scenario-world.ts';

const BUTTON = '[data-action="terminal"]';
/** Outside of /mnt/data: in this machine and in no other. */
const MARK = 'echo of-this-machine > /root/mark; cd /mnt/data; echo shared > shared.txt; echo done';

describe('a card of a shell', () => {
  beforeAll(needsLinuxImage);
  const chat = chatInChromium({ speed: 'quick' });
  let page: Page;
  let terminals: Page | null = null;
  afterEach(async () => {
    await terminals?.close();
    terminals = null;
  });

  async function ran(renderer: 'legacy' | 'app'): Promise<void> {
    chat.site.scene({
      name: 'marks',
      prompt: 'marks',
      title: 'marks',
      isShown: false,
      steps: [{ kind: 'text', channel: 'final', text: `\`\`\`bash\n${MARK}\n\`\`\`` }],
    });
    page = await chat.play('marks', { renderer });
    await turnEnded(page);
    await clickPart(page, '[data-action="run-block"]', { host: barTag, index: 0 });
    expect(await finishedCard(page)).toMatchObject({ outcome: 'completed', stdout: 'done\n' });
  }
  /** A press opens a page of terminals, which is in the machine that the program ran in. */
  async function opens(press: () => Promise<void>): Promise<void> {
    const opening = chat.chromium.browser.waitForTarget((target) => target.url().includes('/ide.html'));
    await press();
    const target = await opening;
    terminals = await target.page();
    if (terminals === null) throw new Error('no page of terminals');
    // the target's own address: the page object hears of its own a little later
    expect(new URL(target.url()).searchParams.get('session')).toBe(await conversationOf(page));
    await prompt(terminals);
    await typeLine(terminals, 'clear; cat /root/mark shared.txt');
    await lineWith(terminals, /^of-this-machine$/);
    await lineWith(terminals, /^shared$/);
    await closeTerminals(terminals);
  }

  it.each(['app', 'legacy'] as const)(
    'opens a terminal of its machine by one press, in the %s design',
    async (renderer) => {
      await ran(renderer);
      await opens(() => pressInCard(page, 'terminal'));
    },
  );

  it('opens it by the keyboard, on a page of 360 pixels, and is named for who hears it', async () => {
    await ran('app');
    await page.setViewport({ width: 360, height: 740 });
    expect(await outsideOf(page)).toEqual([]);
    expect(await violationsIn(page, cardSelector)).toEqual([]);
    const [button] = await partsOf(page, BUTTON);
    expect(button).toMatchObject({
      text: 'Terminal',
      attributes: { title: 'In the same Linux, in another tab' },
    });
    for (let presses = 0; (await partsOf(page, `${BUTTON}:focus`)).length === 0; presses += 1) {
      if (presses === 60) throw new Error('Tab does not reach the button');
      await page.keyboard.press('Tab');
    }
    await opens(() => page.keyboard.press('Enter'));
  });

  it('shows the tab that has them already, opens another for another conversation, and a new one once they are closed', async () => {
    await ran('app');
    const own = await chat.chromium.popupPage();
    const tabs = async (count: number) => {
      await expect.poll(async () => (await terminalTabs(own)).length).toBe(count);
      return terminalTabs(own);
    };
    const pressed = async () => {
      await page.bringToFront();
      await pressInCard(page, 'terminal');
    };
    await pressed();
    const [first] = await tabs(1);
    await page.bringToFront();
    await expect.poll(() => terminalTabs(own)).toMatchObject([{ id: first?.id, isInFront: false }]);
    await pressed();
    await expect.poll(() => terminalTabs(own)).toMatchObject([{ id: first?.id, isInFront: true }]);
    const firstPage = page;
    await ran('app');
    await pressed();
    const both = await tabs(2);
    expect(new Set(both.map(({ session }) => session))).toEqual(
      new Set([await conversationOf(firstPage), await conversationOf(page)]),
    );
    for (const { id } of both) await closeTab(own, id);
    await tabs(0);
    await pressed();
    const [again] = await tabs(1);
    expect(again?.session).toBe(await conversationOf(page));
    if (again) await closeTab(own, again.id);
    await own.close();
  });

  it('has no such button where the program ran in no machine', async () => {
    page = await chat.play('hello');
    await finishedCard(page);
    expect(await partsOf(page, BUTTON)).toEqual([]);
  });
});
