import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/contracts/limits.ts';
import {
  cardInState,
  chooseSettings,
  finishedCard,
  pressInCard,
  readCards,
  sendMessage,
  SMALL_START,
} from '../support/browsers/index.ts';
import {
  conversationOf,
  finishedBeside,
  idle,
  keysOf,
  openScenarios,
  type ScenarioWorld,
  shows,
} from '../support/scenario-world.ts';
import { longConversation } from '../support/site/index.ts';
import { designs } from '../support/whole.ts';

let world: ScenarioWorld;
beforeAll(async () => {
  world = await openScenarios();
  // The endless loop ends by Stop alone, however long another program takes beside it.
  await chooseSettings(world.client.page, { ...SMALL_START, runTimeMs: LIMITS.runTimeMs.largest });
});
afterAll(() => world.close());

const stdouts = (cards: readonly { stdout: string }[]) => cards.map(({ stdout }) => stdout);

describe.each(designs('app'))('in the %s design', (renderer) => {
  it('an old conversation that is opened and read to its beginning starts nothing', async () => {
    const { site } = world;
    const { id } = site.remember('Squares', longConversation(40));
    await world.withPage(
      { renderer },
      async (page) => {
        const runs = await world.runsDuring(async () => {
          await shows(page, 'Answer 40');
          await page.waitForFunction(() => {
            for (const area of document.querySelectorAll('[data-app-action-timeline-scroll], [data-scroll-root]'))
              area.scrollTop = area.matches('[data-scroll-root]') ? 0 : -area.scrollHeight;
            return document.body.textContent.includes('Answer 1:');
          });
          expect(await readCards(page)).toEqual([]);
          await world.playMarker(page);
        });
        expect(runs).toHaveLength(1);
        expect(await readCards(page)).toHaveLength(1);
      },
      `/c/${id}`,
    );
  });

  it('a question asked again and one rewritten run their own calls, each once', async () => {
    await world.withPage({ renderer, historyLagMs: 0 }, async (page) => {
      const runs = await world.runsDuring(async () => {
        await sendMessage(page, world.site, 'hello');
        await finishedCard(page);
        await shows(page, 'Python says hello.');
        await idle(page);
        const posted = (part: string) => world.site.log.filter(({ body }) => body.includes(part)).length;
        const variants = posted('"variant"');
        const first = await keysOf(page);
        world.site.scene('hello');
        await page.click('[aria-label="Try again"]');
        await world.site.until(() => posted('"variant"') > variants);
        await finishedBeside(page, first);
        await idle(page);
        const second = await keysOf(page);
        await page.waitForSelector('[aria-label="Edit message"]');
        await page.click('[aria-label="Edit message"]');
        const sent = world.site.sent.length;
        await page.click('[data-edit-send]');
        await world.site.until(() => world.site.sent.length > sent);
        await finishedBeside(page, [...first, ...second]);
        await idle(page);
        await world.playMarker(page);
      });
      expect(runs).toHaveLength(4);
      expect(new Set(runs.map(({ callKey }) => callKey)).size).toBe(4);
    });
  });

  it('a branch, with the same message ids, has neither the runs nor the files of where it came from', async () => {
    const { site } = world;
    await world.withPage({ renderer, historyLagMs: 0 }, async (page) => {
      await sendMessage(page, site, 'files');
      await finishedCard(page);
      await idle(page);
      const original = await conversationOf(page);
      const branch = site.branch(original);
      const runs = await world.runsDuring(async () => {
        await page.goto(`${site.origin}/c/${branch.id}`, { waitUntil: 'domcontentloaded' });
        await page.waitForSelector('html[data-hydrated]');
        await shows(page, 'The three files are in');
        site.scene({
          name: 'look',
          prompt: 'Look.',
          title: 'Look',
          isShown: false,
          steps: [
            {
              kind: 'call',
              form: 'whole',
              code: 'import os\nprint(os.path.exists("/mnt/data/report"))\n',
              result: null,
            },
            { kind: 'text', channel: 'final', text: 'Looked.' },
          ],
        });
        await sendMessage(page, site, 'Look.');
        await finishedCard(page);
        await shows(page, 'Looked.');
        await idle(page);
        expect(stdouts(await readCards(page))).toEqual(['False\n']);
      });
      expect(runs).toHaveLength(1);
      // The conversation that it came from still shows its own run.
      const shown = await world.runsDuring(async () => {
        await page.goto(`${site.origin}/c/${original}`, { waitUntil: 'domcontentloaded' });
        expect((await finishedCard(page)).artifacts).toHaveLength(3);
        expect(await readCards(page)).toHaveLength(1);
      });
      expect(shown).toEqual([]);
    });
  });

  it('a turn that two tabs see runs once and is shown in both', async () => {
    const { site, chromium } = world;
    await world.withPage({ renderer, historyLagMs: 0, pauseAt: ['in-call'] }, async (first) => {
      const runs = await world.runsDuring(async () => {
        await sendMessage(first, site, 'hello');
        await site.until(() => site.pausedAt === 'in-call');
        const id = await conversationOf(first);
        const resumes = () => site.log.filter(({ path }) => path === '/backend-api/f/conversation/resume').length;
        const before = resumes();
        const second = await chromium.newChatPage(`/c/${id}`);
        await expect.poll(resumes).toBeGreaterThan(before);
        site.goOn();
        await shows(second, 'Python says hello.');
        expect((await finishedCard(second)).stdout).toBe('hello from Python\n');
        await first.bringToFront();
        expect((await finishedCard(first)).stdout).toBe('hello from Python\n');
        await idle(first);
        await world.playMarker(first);
        await second.close();
      });
      expect(runs).toHaveLength(2);
      expect(stdouts(await readCards(first))).toEqual(['hello from Python\n', 'marker\n']);
    });
  });
});

describe('in one browser', () => {
  it('two conversations that stream at the same time keep their programs apart', async () => {
    const { site, chromium } = world;
    await world.withPage({ historyLagMs: 0, pauseAt: ['in-answer'] }, async (first) => {
      const runs = await world.runsDuring(async () => {
        await sendMessage(first, site, 'endless loop');
        await cardInState(first, 'running');
        site.set({ pauseAt: [] });
        const second = await chromium.newChatPage();
        await sendMessage(second, site, 'chart');
        expect(await finishedCard(second)).toMatchObject({ outcome: 'completed', status: 'Done' });
        expect(await readCards(second)).toHaveLength(1);
        await second.close();
        await first.bringToFront();
        expect(await readCards(first)).toHaveLength(1);
        await pressInCard(first, 'stop');
        expect(await finishedCard(first)).toMatchObject({ outcome: 'cancelled' });
        site.goOn();
        await idle(first);
      });
      expect(runs).toHaveLength(2);
      expect(new Set(runs.map(({ sessionId }) => sessionId)).size).toBe(2);
    });
  });
});
