import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAILURES } from '../../src/contracts/failures.ts';
import { partWith, sendMessage } from '../support/browsers/index.ts';
import { idle, openScenarios, type ScenarioWorld, shows } from '../support/scenario-world.ts';
import { defaultOptions } from '../support/site/index.ts';
import { designs } from '../support/whole.ts';

describe.each(designs('app'))('the extension goes away in mid-turn, in the %s design', (renderer) => {
  let world: ScenarioWorld;
  beforeAll(async () => {
    world = await openScenarios();
  });
  afterAll(() => world.close());

  it('the page goes on with this turn and the next, and its card says that the extension went; nothing is on the console', async () => {
    const { site, chromium, client } = world;
    await world.withPage({ renderer, pauseAt: ['in-call'], speed: 'quick' }, async (page) => {
      await sendMessage(page, site, 'hello');
      await site.until(() => site.pausedAt === 'in-call');
      const gone = new Promise((resolve) => client.page.once('close', resolve));
      const reloading = client.page.evaluate(() => {
        const { chrome } = globalThis as unknown as { chrome: { runtime: { reload(): void } } };
        chrome.runtime.reload();
      });
      await Promise.all([gone, reloading.catch(() => 'the page went away before it could answer')]);
      site.goOn();
      await shows(page, 'Python says hello.');
      const said = await partWith(page, '[data-part="failure"][data-code="host/lost"]');
      const { title, explanation, suggestions } = FAILURES['host/lost'];
      for (const words of [title, explanation, ...suggestions]) expect(said.text).toContain(words);
      await idle(page);
      site.set({ ...defaultOptions, renderer });
      await sendMessage(page, site, 'plain');
      await shows(page, 'The same as a loop');
      await idle(page);
      expect(chromium.problems.console).toEqual([]);
    });
  });
});
