import type { Page } from 'puppeteer-core';
import type { RunSummary } from '../../src/contracts/run.ts';
import { ensureBuilt } from '../../tools/build.ts';
import {
  type CardReading,
  cardSelector,
  type ChromiumOptions,
  type ChromiumUnderTest,
  expectCleanSite,
  launchChromium,
  readCards,
  sendMessage,
} from './browsers/index.ts';
import { probeUntil } from './browsers/probe-page.ts';
import { expectNoOrphans } from './no-orphans.ts';
import { connectRunsClient, type RunsClient } from './runs-client/index.ts';
import { defaultOptions, type Scene, type Site, type SiteOptions, startSite } from './site/index.ts';

/** The stand-in, one browser with the built extension, and a look at what the host has run. */
export interface ScenarioWorld {
  readonly site: Site;
  readonly chromium: ChromiumUnderTest;
  readonly client: RunsClient;
  /** Opens a page under these options (everything else as it is by default), uses it, closes it; the site must stay clean. */
  withPage(options: Partial<SiteOptions>, use: (page: Page) => Promise<void>, path?: string): Promise<void>;
  /** Runs that the host admitted while `act` went on, oldest first. */
  runsDuring(act: () => Promise<void>): Promise<readonly RunSummary[]>;
  /**
   * A turn in this conversation whose one call runs by itself. What the page started before, the host has admitted before
   * it: after this, nothing of an earlier turn is still on its way.
   */
  playMarker(page: Page): Promise<void>;
  close(): Promise<void>;
}

export async function openScenarios(launch: Partial<ChromiumOptions> = {}): Promise<ScenarioWorld> {
  await ensureBuilt('chrome');
  const site = await startSite();
  const chromium = await launchChromium({
    isCalm: true,
    startsSmall: true,
    ...launch,
    extension: 'extension/chrome-mv3',
    site,
  });
  const client = await connectRunsClient(await chromium.popupPage());
  const runs = async (): Promise<readonly RunSummary[]> => {
    const answer = await client.call('recentRuns', { most: 500 });
    if (!answer.ok) throw new Error(`the host does not tell its runs: ${answer.error.code}`);
    return answer.value as RunSummary[];
  };
  return {
    site,
    chromium,
    client,
    async withPage(options, use, path = '/') {
      site.set({ ...defaultOptions, ...options });
      const page = await chromium.newChatPage(path);
      await use(page);
      await page.close();
      expectCleanSite(site, chromium.problems);
    },
    async runsDuring(act) {
      const before = new Set((await runs()).map(({ runId }) => runId));
      await act();
      const added = (await runs()).filter(({ runId }) => !before.has(runId));
      return added.sort((one, other) => one.startedAtMs - other.startedAtMs);
    },
    async playMarker(page) {
      site.set({ ...defaultOptions, renderer: await designOf(page) });
      const earlier = await keysOf(page);
      await idle(page);
      site.scene(MARKER);
      await sendMessage(page, site, 'And now?');
      await shows(page, MARKER_END);
      const card = await finishedBeside(page, earlier);
      if (card.stdout !== 'marker\n') throw new Error(`the marker's card says: ${card.text}`);
      await idle(page);
    },
    async close() {
      try {
        await expectNoOrphans(chromium);
      } finally {
        await chromium.close();
        await site.close();
      }
    },
  };
}

const MARKER_END = 'The marker has run.';
const MARKER = callScene('print("marker")\n', MARKER_END);

/** A turn of one call and one answer. */
export function callScene(code: string, end: string, form: 'whole' | 'appended' = 'whole'): Scene {
  return {
    name: 'one call',
    prompt: 'Run it.',
    title: 'One call',
    isShown: false,
    steps: [
      { kind: 'call', form, code, result: { text: 'of the site', delayMs: 100 } },
      { kind: 'text', channel: 'final', text: end },
    ],
  };
}

/** The calls that the page shows cards of. */
export async function keysOf(page: Page): Promise<readonly string[]> {
  return (await readCards(page)).map(({ callKey }) => callKey);
}

/** Waits for a finished card of a call that was not there before. */
export async function finishedBeside(page: Page, earlier: readonly string[]): Promise<CardReading> {
  const isThere = (cards: readonly CardReading[], known: readonly string[]) =>
    cards.some(({ callKey, outcome }) => outcome !== '' && !known.includes(callKey));
  const cards = await probeUntil(page, { kind: 'cards', host: cardSelector }, isThere, earlier);
  const card = cards.find(({ callKey, outcome }) => outcome !== '' && !earlier.includes(callKey));
  if (card === undefined) throw new Error('the card went away while it was being read');
  return card;
}

/** Waits until the page shows a text. */
export async function shows(page: Page, text: string): Promise<void> {
  await page.waitForFunction((wanted) => document.body.textContent.includes(wanted), {}, text);
}

/** How often a page has asked the socket for a turn. */
export const turnSubscriptions = (site: Site): number =>
  site.socketFrames.filter((frame) => frame.includes('conversation-turn-')).length;

/** Waits until no turn runs and the page can take a message. */
export async function idle(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector('[data-testid="stop-button"], .bg-composer-primary[aria-label="Stop streaming"]') === null,
  );
}

/** The id in the address, once the page has one. */
export async function conversationOf(page: Page): Promise<string> {
  await page.waitForFunction(() => location.pathname.startsWith('/c/'));
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

async function designOf(page: Page): Promise<'app' | 'legacy'> {
  return (await page.$('[data-app-shell-active-page]')) === null ? 'legacy' : 'app';
}
