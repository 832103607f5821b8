import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  barTag,
  clickPart,
  composerText,
  finishedCard,
  noteOf,
  pressInCard,
  readCards,
  sendMessage,
  turnEnded,
} from '../support/browsers/index.ts';
import { openScenarios, type ScenarioWorld, shows } from '../support/scenario-world.ts';
import { longConversation, type SiteOptions } from '../support/site/index.ts';
import { crossed, DESIGNS, designs } from '../support/whole.ts';

let world: ScenarioWorld;
beforeAll(async () => {
  world = await openScenarios();
});
afterAll(() => world.close());

/** The main job: the call runs by itself, and one press puts what it printed in the composer. */
async function runAndCompose(page: Page): Promise<void> {
  await sendMessage(page, world.site, 'hello');
  expect((await finishedCard(page)).stdout).toBe('hello from Python\n');
  await shows(page, 'Python says hello.');
  await pressInCard(page, 'compose');
  await noteOf(page);
  expect(await composerText(page)).toContain('hello from Python');
}

const WAYS: readonly [name: string, options: Partial<SiteOptions>, path?: string][] = [
  ['under trusted types, with a fetch that the page replaces', { trustedTypes: true, replacesFetch: true }],
  ['in German, read by a locked reader', { language: 'de', reads: 'locked', shape: 'crlf' }],
  ['in Korean, read by a pipe', { language: 'ko', reads: 'pipe' }],
  ['in Arabic, from right to left', { language: 'ar', theme: 'dark' }],
  ['with frames of the old shape', { shape: 'legacy' }],
  ['in one burst, read by iteration', { speed: 'burst', reads: 'iterate' }],
  ['with a body that the page ends itself', { abortsWhenComplete: true, speed: 'quick', reads: 'iterate' }],
  ['after a silence in mid-turn', { speed: 'stall', stallMs: 1_000 }],
  ['in a temporary chat', {}, '/?temporary-chat=true'],
];

for (const [renderer, [name, options, path]] of crossed(DESIGNS, WAYS)) {
  it(`the main job in the ${renderer} design ${name}`, () =>
    world.withPage({ ...options, renderer }, runAndCompose, path));
}

describe.each(designs('legacy'))('the main job in the %s design', (renderer) => {
  it('at the older address of the site', () =>
    world.withPage({ renderer }, async (page) => {
      await page.goto('https://chat.openai.com/', { waitUntil: 'domcontentloaded' });
      await page.waitForSelector('html[data-hydrated]');
      await runAndCompose(page);
      expect(new URL(page.url()).host).toBe('chat.openai.com');
    }));

  it('a guest has no Python of the site; a code block runs here', async () => {
    const run = async (page: Page) => {
      await sendMessage(page, world.site, 'hello');
      await shows(page, 'A list comprehension builds a list');
      await turnEnded(page);
      await page.waitForSelector(barTag);
      await clickPart(page, '[data-action="run-block"]', { host: barTag });
      expect(await finishedCard(page)).toMatchObject({ outcome: 'completed', stdout: '[0, 1, 4, 9, 16]\n' });
    };
    await world.withPage({ renderer }, run, '/auth/login');
  });
});

/** Event listeners of the page and of all scripts in it, and its nodes, after a collection of garbage. */
async function held(page: Page): Promise<{ readonly listeners: number; readonly nodes: number }> {
  const session = await page.createCDPSession();
  await session.send('Performance.enable');
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { listeners: of('JSEventListeners'), nodes: of('Nodes') };
}

async function scroll(page: Page, to: 'first' | 'last'): Promise<void> {
  await page.waitForFunction(
    (isFirst) => {
      const area = document.querySelector('[data-app-shell-active-page="true"] [data-app-action-timeline-scroll]');
      if (area !== null) area.scrollTop = isFirst ? -area.scrollHeight : 0;
      return document.body.textContent.includes(isFirst ? 'Answer 1:' : 'Answer 400:');
    },
    {},
    to === 'first',
  );
  // No handles: what the test itself held would be counted.
  await page.waitForFunction(
    (tag) => {
      const bars = document.querySelectorAll(tag).length;
      return bars > 0 && bars === document.querySelectorAll('pre').length;
    },
    {},
    barTag,
  );
}

it('in a conversation of 400 turns nothing of ours piles up, however it is scrolled', async () => {
  const { id } = world.site.remember('Squares', longConversation(400));
  await world.withPage(
    { renderer: 'app', codeBlocks: 'pre' },
    async (page) => {
      await shows(page, 'Answer 400:');
      await scroll(page, 'first');
      await scroll(page, 'last');
      const before = await held(page);
      for (let round = 0; round < 5; round += 1) {
        await scroll(page, 'first');
        await scroll(page, 'last');
      }
      const after = await held(page);
      // One round's worth would be six bars with some eight listeners each.
      expect(after.listeners).toBeLessThanOrEqual(before.listeners + 10);
      expect(after.nodes).toBeLessThanOrEqual(before.nodes + 30);
      expect((await page.$$(barTag)).length).toBeLessThanOrEqual(6);
      expect(await readCards(page)).toEqual([]);
    },
    `/c/${id}`,
  );
});
