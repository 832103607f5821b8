import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cardInState, finishedCard, partWith, pressInCard, readCards, sendMessage } from '../support/browsers/index.ts';
import {
  conversationOf,
  idle,
  openScenarios,
  type ScenarioWorld,
  shows,
  turnSubscriptions,
} from '../support/scenario-world.ts';
import type { SiteOptions } from '../support/site/index.ts';
import { DESIGNS, designs, turnOf } from '../support/whole.ts';

let world: ScenarioWorld;

/** A browser for each group of ways: all of them in one would ask for more runs a minute than a page may. */
function useOwnWorld(): void {
  beforeAll(async () => {
    world = await openScenarios();
  });
  afterAll(() => world.close());
}

const GROUPS: Readonly<Record<string, readonly Partial<SiteOptions>[]>> = {
  socket: [
    // What is lost or moved before the calls are written costs neither of them.
    { transport: 'socket', socketFaults: ['huge', 'swapped'], speed: 'quick', pauseAt: ['before-answer'] },
    { transport: 'socket' },
    { transport: 'socket', socketFaults: ['repeated', 'junk'], listens: 'addEventListener', speed: 'quick' },
    { transport: 'socket', socketFaults: ['binary'] },
    { transport: 'socket', socketFaults: ['closed'], speed: 'quick' },
    { abortsWhenComplete: true, transport: 'socket' },
  ],
  body: [
    { transport: 'resume' },
    { transport: 'cut' },
    { transport: 'cut', resumeAnswer: 'restart' },
    { transport: 'cut-inside-event' },
    { abortsWhenComplete: true },
    { abortsWhenComplete: true, transport: 'resume', speed: 'quick' },
  ],
};
const WAYS = DESIGNS.flatMap((renderer) =>
  Object.entries(GROUPS).map(([group, all]) => ({
    renderer,
    group,
    ways: turnOf(DESIGNS, renderer, all),
  })),
);

describe.each(WAYS)('in the $renderer design, by $group', ({ renderer, ways }) => {
  useOwnWorld();

  it.each(ways.map((way) => [JSON.stringify(way), way] as const))(
    'every call runs by itself and once, the turn coming with %s',
    async (_, way) => {
      const { site } = world;
      await world.withPage({ renderer, ...way }, async (page) => {
        const runs = await world.runsDuring(async () => {
          const before = turnSubscriptions(site);
          await sendMessage(page, site, 'two calls at once');
          if (way.pauseAt !== undefined) {
            await site.until(() => site.pausedAt !== null && turnSubscriptions(site) > before);
            site.goOn();
          }
          await finishedCard(page, 0);
          await finishedCard(page, 1);
          await shows(page, 'Gauss’s formula needs no loop.');
          await idle(page);
          await world.playMarker(page);
        });
        expect((await readCards(page)).map(({ stdout, status }) => [stdout, status])).toEqual([
          ['first: 500000500000\n', 'Done'],
          ['second: 500000500000\n', 'Done'],
          ['marker\n', 'Done'],
        ]);
        expect(runs).toHaveLength(3);
        expect(new Set(runs.map(({ callKey }) => callKey)).size).toBe(3);
      });
      expect(world.chromium.problems.console.filter((line) => line.includes('ChatGPT Companion'))).toEqual([]);
    },
  );
});

describe.each(designs('app'))('in the %s design', (renderer) => {
  useOwnWorld();

  it('a turn on the socket that comes again after a reload goes on in its card and is not started again', async () => {
    const { site } = world;
    const slow = { renderer, transport: 'socket', historyLagMs: 0 } as const;
    await world.withPage({ ...slow, pauseAt: ['after-call'] }, async (page) => {
      const runs = await world.runsDuring(async () => {
        await sendMessage(page, site, 'endless loop');
        await cardInState(page, 'running');
        await site.until(() => site.pausedAt === 'after-call');
        const id = await conversationOf(page);
        const before = turnSubscriptions(site);
        await page.reload({ waitUntil: 'domcontentloaded' });
        await page.waitForSelector('html[data-hydrated]');
        await site.until(() => turnSubscriptions(site) > before);
        await partWith(page, '[data-part="stdout"]', (parts) => parts[0]?.text.includes('counting'));
        expect(new URL(page.url()).pathname).toBe(`/c/${id}`);
        site.goOn();
        await shows(page, 'That loop never ends by itself.');
        await idle(page);
        await pressInCard(page, 'stop');
        expect(await finishedCard(page)).toMatchObject({ outcome: 'cancelled' });
        await world.playMarker(page);
      });
      expect(runs.map(({ outcome }) => outcome?.kind)).toEqual(['cancelled', 'completed']);
      expect(await readCards(page)).toHaveLength(2);
    });
  });
});
