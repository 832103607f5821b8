import type { Page } from 'puppeteer-core';
import {
  barTag,
  cardInState,
  cardSelector,
  type ChromiumUnderTest,
  clickPart,
  closeTerminals,
  finishedAgain,
  finishedCard,
  lineWith,
  partWith,
  pressInCard,
  prompt,
  sendMessage,
  turnEnded,
  typeLine,
} from '../../tests/support/browsers/index.ts';
import { connectRunsClient, runRequest } from '../../tests/support/runs-client/index.ts';
import { WRITE_LIVE_SITE } from '../../tests/support/preview/live-site.ts';
import { conversationOf } from '../../tests/support/scenario-world.ts';
import type { Site } from '../../tests/support/site/index.ts';
import { sessionIdOf, type SessionId } from '../../src/contracts/ids.ts';

export const LINUX_SCENES = ['shell', 'consent', 'gave-up', 'meter', 'machines', 'machine-form', 'preview'] as const;
export type LinuxScene = (typeof LINUX_SCENES)[number];

/** What a picture of a scene is taken of. */
export interface Stage {
  readonly chromium: ChromiumUnderTest;
  readonly site: Site;
  /** Sizes of a page of the extension, and of the popup. */
  readonly pageSize: { readonly width: number; readonly height: number };
  readonly popupSize: { readonly width: number; readonly height: number };
  readonly pathOf: (scene: LinuxScene) => string;
}

const PANIC = 'echo 1 >/proc/sys/kernel/sysrq; echo c >/proc/sysrq-trigger; sleep 20';
/** The first time and three restarts: then it is given up. */
const BREAKDOWNS = 4;

/** A conversation whose first shell block ran, and whose cards of calls come after it. */
async function openChat({ chromium, site }: Stage): Promise<{ readonly page: Page; readonly sessionId: SessionId }> {
  site.set({ codeBlocks: 'mixed' });
  const page = await chromium.newChatPage();
  await sendMessage(page, site, 'shell');
  await turnEnded(page);
  await page.waitForFunction((tag) => document.querySelectorAll(tag).length === 3, {}, barTag);
  await clickPart(page, '[data-action="run-block"]', { host: barTag, index: 0 });
  await finishedCard(page);
  return { page, sessionId: sessionIdOf(await conversationOf(page)) };
}

async function shootCard(page: Page, index: number, path: string): Promise<void> {
  await page.$$eval(cardSelector, (cards, at) => cards[at]?.scrollIntoView({ block: 'center' }), index);
  await page.screenshot({ path });
}

/** The card of a call that comes by itself. */
function send({ site }: Stage, sessionId: SessionId, command: string): void {
  const content = { tool_name: 'shell', tool_version: 'v1.0', command };
  site.seed({ id: command, type: 'tool_call', conversation_id: sessionId, content });
}

async function breakDown(page: Page): Promise<void> {
  let card = await finishedCard(page, 1);
  for (let broken = 1; broken < BREAKDOWNS; broken += 1) {
    await pressInCard(page, 'again', 1);
    card = await finishedAgain(page, card);
  }
}

/** The popup while something in the machine takes all of its processor. */
async function shootMeter({ chromium, popupSize, pathOf }: Stage, sessionId: SessionId): Promise<void> {
  const popup = await chromium.popupPage();
  await popup.setViewport({ ...popupSize, deviceScaleFactor: 2 });
  const client = await connectRunsClient(popup);
  const run = (code: string) => client.run({ ...runRequest(code, 'any', { language: 'shell' }), sessionId });
  await run('(while :; do :; done) >/dev/null 2>&1 & echo $! >/tmp/busy');
  const alert = await popup.waitForSelector('[data-part="machine-alert"]', { timeout: 60_000 });
  await alert?.scrollIntoView();
  await popup.screenshot({ path: pathOf('meter') });
  await run('kill "$(cat /tmp/busy)"');
  await popup.close();
}

async function shootMachines({ chromium, pageSize, pathOf }: Stage, wanted: readonly LinuxScene[]): Promise<void> {
  const page = await chromium.extensionPage('ide.html?session=pictures-of-machines');
  await page.setViewport(pageSize);
  await prompt(page);
  const make = async (name: string): Promise<void> => {
    await page.click('[data-action="new-machine"]');
    await page.click('[data-field="name"]', { count: 3 });
    await page.keyboard.type(name);
  };
  await page.click('[data-action="machines"]');
  await make('builds');
  await page.click('[data-action="create-machine"]');
  await page.waitForSelector('[data-machine="builds"]');
  if (wanted.includes('machines')) await page.screenshot({ path: pathOf('machines') });
  await make('web');
  await page.click('.machine-form summary');
  if (wanted.includes('machine-form')) await page.screenshot({ path: pathOf('machine-form') });
  await page.click('.dialog-head [data-action="close"]');
  await closeTerminals(page);
  await page.close();
}

/** A page of a server in the guest, which has its files from where every program has them. */
async function shootPreview({ chromium, pageSize, pathOf }: Stage): Promise<void> {
  const page = await chromium.extensionPage('ide.html?session=page%3Apictures-of-a-preview');
  await page.setViewport(pageSize);
  await prompt(page);
  const client = await connectRunsClient(page);
  await client.run(runRequest(WRITE_LIVE_SITE, 'pictures-of-a-preview', { language: 'shell' }));
  await typeLine(page, 'python3 site.py');
  await lineWith(page, /^listens$/);
  await page.click('[data-part="place-preview"]');
  await page.waitForFunction(() =>
    /^Heard/.test(document.querySelector('[data-part="preview-said"]')?.textContent ?? ''),
  );
  await page.screenshot({ path: pathOf('preview') });
  await page.click('[data-part="place-terminal"]');
  await closeTerminals(page);
  await page.close();
}

/** Scenes that need no conversation. */
const isOfPage = (scene: LinuxScene): boolean => scene.startsWith('machine') || scene === 'preview';

/** Pictures of what a person sees of Linux beside the terminal, of the scenes that are wanted. */
export async function shootLinux(stage: Stage, wanted: readonly LinuxScene[]): Promise<void> {
  if (wanted.some((scene) => scene.startsWith('machine'))) await shootMachines(stage, wanted);
  if (wanted.includes('preview')) await shootPreview(stage);
  if (wanted.every(isOfPage)) return;
  const { page, sessionId } = await openChat(stage);
  if (wanted.includes('shell')) await shootCard(page, 0, stage.pathOf('shell'));
  if (wanted.includes('meter')) await shootMeter(stage, sessionId);
  await page.bringToFront();
  if (wanted.includes('gave-up')) {
    send(stage, sessionId, PANIC);
    await breakDown(page);
    await shootCard(page, 1, stage.pathOf('gave-up'));
  }
  if (wanted.includes('consent')) {
    const index = wanted.includes('gave-up') ? 2 : 1;
    send(stage, sessionId, 'mount -t tmpfs none /mnt && cp notes.txt /mnt');
    await cardInState(page, 'held', index);
    await partWith(page, '[data-part="consent"]', undefined, null, { index });
    await shootCard(page, index, stage.pathOf('consent'));
  }
  await page.close();
}
