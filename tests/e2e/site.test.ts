import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type ChromiumUnderTest,
  expectCleanSite,
  launchChromium,
  pressStop,
  sendMessage,
  shownText,
  turnEnded,
} from '../support/browsers/index.ts';
import { defaultOptions, longConversation, type Site, type SiteOptions, startSite } from '../support/site/index.ts';
import { DESIGNS, turnOf } from '../support/whole.ts';

/** Streams of which the page has told what it read. */
const toldStreams = (site: Site): number => site.reports.filter(({ kind }) => kind === 'stream').length;

const answerEnd = 'Shall I split the bars by product as well?';

describe.each(['app', 'legacy'] as const)('the stand-in in its %s design', (renderer) => {
  let site: Site;
  let chrome: ChromiumUnderTest;
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

  const withPage = async (use: (page: Page) => Promise<void>, path = '/'): Promise<void> => {
    const page = await chrome.newChatPage(path);
    await use(page);
    await page.close();
  };

  const wholeAnswer = async (page: Page): Promise<void> => {
    await page.waitForFunction((end) => document.body.textContent.includes(end), {}, answerEnd);
    await turnEnded(page);
  };

  const ways: Partial<SiteOptions>[] = [
    { speed: 'quick' },
    { speed: 'burst', reads: 'iterate' },
    { transport: 'socket' },
    { transport: 'socket', socketFaults: ['repeated', 'junk'], listens: 'addEventListener' },
    { transport: 'socket', socketFaults: ['binary'] },
    { transport: 'resume' },
    { transport: 'cut' },
    { transport: 'cut-inside-event', reads: 'locked' },
    { shape: 'legacy' },
    { shape: 'unnamed', reads: 'pipe' },
    { shape: 'crlf', speed: 'quick' },
    { shape: 'items' },
    { shape: 'drifted' },
    { transport: 'stall-then-resume', speed: 'quick' },
    { transport: 'socket', topicName: 'conv-turn-low-ttl', callRecipient: 'python.exec' },
    { turnBase: 'backend-alt', transport: 'cut' },
    { turnBase: 'feed' },
    { layout: 'mixed' },
    { layout: 'no-shell', unitKeys: 'fallback', bodiesHaveId: false },
    { composer: 'work', turnTag: 'article' },
    { trustedTypes: true, replacesFetch: true },
  ];
  it.each(turnOf(DESIGNS, renderer, ways).map((way) => [JSON.stringify(way), way] as const))(
    'streams a whole turn with %s',
    async (_, way) => {
      site.set(way);
      await withPage(async (page) => {
        const before = toldStreams(site);
        await sendMessage(page, site, 'chart');
        await wholeAnswer(page);
        // What is not told yet could not be compared.
        await site.until(() => toldStreams(site) > before);
        expect(new URL(page.url()).pathname).toMatch(/^\/c\/[0-9a-f-]{36}$/);
      });
      expectCleanSite(site, { ...chrome.problems, errors: chrome.problems.errors });
    },
  );

  it('falls back to the history when a cut turn cannot be resumed', async () => {
    site.set({ transport: 'cut-without-resume', historyLagMs: 300 });
    await withPage(async (page) => {
      await sendMessage(page, site, 'chart');
      await wholeAnswer(page);
    });
  });

  it('goes on with a turn after a reload in its middle', async () => {
    site.set({ pauseAt: ['after-call'], historyLagMs: 0 });
    await withPage(async (page) => {
      await sendMessage(page, site, 'chart');
      await site.until(() => site.pausedAt === 'after-call');
      await page.waitForFunction(() => location.pathname.startsWith('/c/'));
      const resumed = () => site.log.filter((entry) => entry.path === '/backend-api/f/conversation/resume').length;
      const before = resumed();
      await page.reload();
      // The stand-in tells of a request once it is answered, and this answer waits for us.
      await expect.poll(resumed).toBeGreaterThan(before);
      site.goOn();
      await wholeAnswer(page);
    });
  });

  it('leaves a stopped call unfinished', async () => {
    site.set({ pauseAt: ['in-call'], historyLagMs: 0 });
    await withPage(async (page) => {
      await sendMessage(page, site, 'chart');
      await site.until(() => site.pausedAt === 'in-call');
      await page.waitForFunction(() => location.pathname.startsWith('/c/'));
      await pressStop(page);
      await site.until(() => site.log.some((entry) => entry.path === '/backend-api/stop_conversation'));
      const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
      const tree = site.conversation(id)?.tree(Date.now());
      expect(JSON.stringify(tree)).toContain('finished_partial_completion');
      expect(await shownText(page)).not.toContain(answerEnd);
    });
  });

  it('makes an answer again and takes a rewritten question', async () => {
    await withPage(async (page) => {
      const streams = toldStreams(site);
      await sendMessage(page, site, 'hello');
      await turnEnded(page);
      await page.click('[aria-label="Try again"]');
      await site.until(
        () => site.log.filter((entry) => entry.method === 'POST' && entry.body.includes('"variant"')).length > 0,
      );
      // The page tells when it has read a stream to its end; only then is it idle again.
      await expect.poll(() => toldStreams(site) - streams).toBe(2);
      await turnEnded(page);
      const before = site.sent.length;
      await page.click('[aria-label="Edit message"]');
      await page.click('[data-edit-send]');
      await site.until(() => site.sent.length > before);
      await turnEnded(page);
      expect(
        await page.$$eval(
          '[data-message-author-role="user"], [data-user-message-bubble]',
          (nodes) => nodes.filter((node) => node.closest('[data-app-shell-active-page="false"]') === null).length,
        ),
      ).toBe(1);
    });
  });

  it('loads a long conversation page by page and keeps a few turns mounted', async () => {
    const { id } = site.remember('Squares', longConversation(60));
    await withPage(async (page) => {
      await page.waitForFunction(() => document.body.textContent.includes('Answer 60'));
      if (renderer === 'legacy') return;
      await page.waitForFunction(() => {
        const area = document.querySelector('[data-app-shell-active-page="true"] [data-app-action-timeline-scroll]');
        if (area !== null) area.scrollTop = -area.scrollHeight;
        return document.body.textContent.includes('Answer 1:');
      });
      expect(
        await page.$$eval('[data-app-shell-active-page="true"] [data-turn-key]', (nodes) => nodes.length),
      ).toBeLessThanOrEqual(6);
    }, `/c/${id}`);
  });

  it('shows a shared conversation without a composer', async () => {
    const { id } = site.remember('Shared', longConversation(2));
    await withPage(async (page) => {
      await page.waitForFunction(() => document.body.textContent.includes('Answer 2'));
      expect(await page.$('.composer')).toBeNull();
    }, `/share/${id}`);
  });

  it('serves the policy and the other headers of the site', async () => {
    const page = await chrome.newPage();
    const answer = await page.goto(site.origin);
    const headers = answer?.headers() ?? {};
    expect(headers['content-security-policy']).toMatch(/script-src 'nonce-[^']+' 'self' 'wasm-unsafe-eval';/);
    expect(headers['content-security-policy']).not.toContain("unsafe-eval' 'unsafe");
    expect(headers['cross-origin-opener-policy']).toBe('same-origin-allow-popups');
    await page.close();
  });

  it.each(['en', 'de', 'ko', 'ar'] as const)('fits 360 pixels in %s', async (language) => {
    site.set({ language, theme: 'dark' });
    await withPage(async (page) => {
      await page.setViewport({ width: 360, height: 740 });
      await sendMessage(page, site, 'chart');
      await wholeAnswer(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
      expect(await page.evaluate(() => document.documentElement.dir)).toBe(language === 'ar' ? 'rtl' : 'ltr');
    });
  });
});

/** Runs in the page: one byte that its readers get from here on is another than came, in a text that the page does not use. */
function changeOneByte(): void {
  const { read } = ReadableStreamDefaultReader.prototype;
  const inSynthetic = 'Y'.charCodeAt(0);
  let isChanged = false;
  Object.assign(ReadableStreamDefaultReader.prototype, {
    async read(this: ReadableStreamDefaultReader<Uint8Array>) {
      const result = (await Reflect.apply(read, this, [])) as ReadableStreamReadResult<Uint8Array>;
      const at = isChanged ? -1 : (result.value?.indexOf(inSynthetic) ?? -1);
      if (at >= 0) {
        result.value?.fill(inSynthetic ^ 1, at, at + 1);
        isChanged = true;
      }
      return result;
    },
  });
}

it('what every test ends with notices a byte that was not written, and a stream that nobody wrote', async () => {
  await using site = await startSite();
  await using chrome = await launchChromium({ extension: null, site });
  const page = await chrome.newChatPage();
  await sendMessage(page, site, 'hello');
  await turnEnded(page);
  await site.until(() => toldStreams(site) === 1);
  expectCleanSite(site, chrome.problems);
  expect(() => expectCleanSite({ ...site, streams: [] }, chrome.problems)).toThrow('nobody wrote it');
  await page.evaluate(changeOneByte);
  await sendMessage(page, site, 'hello');
  await site.until(() => toldStreams(site) === 2);
  expect(() => expectCleanSite(site, chrome.problems)).toThrow('as the page read them');
});
