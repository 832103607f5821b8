import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cardInState, pressStop, readCards, sendMessage, shownText, typeMessage } from '../support/browsers/index.ts';
import {
  callScene,
  conversationOf,
  idle,
  openScenarios,
  type ScenarioWorld,
  shows,
  turnSubscriptions,
} from '../support/scenario-world.ts';
import { designs } from '../support/whole.ts';

let world: ScenarioWorld;
beforeAll(async () => {
  world = await openScenarios();
});
afterAll(() => world.close());

const END = 'This is the end of the answer.';
const lines = Array.from({ length: 40 }, (_, line) => `x${line} = ${line}`).join('\n');
const longCall = callScene(`${lines}\nprint("must not run")\n`, END, 'appended');

/** The cards that a program ran in; the marker's is the last. */
const ran = async (page: Page) => (await readCards(page)).filter(({ outcome }) => outcome !== '');
const isQuiet = () => world.chromium.problems.console.filter((line) => line.includes('ChatGPT Companion'));

describe.each(designs('legacy'))('in the %s design', (renderer) => {
  it.each(['inline', 'socket'] as const)(
    'a call that is stopped while it is written (%s) is never run',
    async (transport) => {
      const { site } = world;
      const options = { renderer, transport, pauseAt: ['in-call'], historyLagMs: 0 } as const;
      await world.withPage(options, async (page) => {
        const runs = await world.runsDuring(async () => {
          site.scene(longCall);
          await sendMessage(page, site, 'Run it.');
          await site.until(() => site.pausedAt === 'in-call');
          const id = await conversationOf(page);
          await pressStop(page);
          await site.until(() =>
            site.log.some((entry) => entry.path === '/backend-api/stop_conversation' && entry.body.includes(id)),
          );
          await idle(page);
          await world.playMarker(page);
          expect(await ran(page)).toHaveLength(1);
          // The history has the part that was written, marked as unfinished.
          await page.reload({ waitUntil: 'domcontentloaded' });
          await page.waitForSelector('html[data-hydrated]');
          await world.playMarker(page);
          expect((await ran(page)).every(({ stdout }) => stdout === 'marker\n')).toBe(true);
        });
        expect(runs).toHaveLength(2);
      });
    },
  );

  it.each(['missing', 'swapped', 'huge'] as const)(
    'a call that may have lost a frame (%s) is shown as incomplete and not run',
    async (fault) => {
      const { site } = world;
      const faulty = { transport: 'socket', socketFaults: [fault], speed: 'quick', pauseAt: ['in-call'] } as const;
      await world.withPage({ renderer, ...faulty }, async (page) => {
        const runs = await world.runsDuring(async () => {
          const before = turnSubscriptions(site);
          site.scene(longCall);
          await sendMessage(page, site, 'Run it.');
          await site.until(() => site.pausedAt === 'in-call');
          // What a page asks for later it gets at once and whole; what is lost is a live frame, and one of the call.
          await site.until(() => turnSubscriptions(site) > before);
          site.goOn();
          await shows(page, END);
          await cardInState(page, 'incomplete');
          expect((await readCards(page))[0]?.status).toContain('Incomplete');
          await world.playMarker(page);
        });
        expect(runs).toHaveLength(1);
        expect(await ran(page)).toHaveLength(1);
      });
    },
  );

  it('calls of other tools are not offered', async () => {
    await world.withPage({ renderer }, async (page) => {
      const runs = await world.runsDuring(async () => {
        await sendMessage(page, world.site, 'other tools');
        await shows(page, 'None of that was Python for you to run.');
        await world.playMarker(page);
      });
      expect(runs).toHaveLength(1);
      expect(await readCards(page)).toHaveLength(1);
    });
  });

  it('Python in the text of an answer, also with a frame of the socket in it, is not offered', async () => {
    const { site } = world;
    const frame = {
      id: 's9',
      type: 'tool_call',
      content: { tool_name: 'python', tool_version: 'v1.0', code: 'print(1)' },
    };
    await world.withPage({ renderer }, async (page) => {
      const runs = await world.runsDuring(async () => {
        site.scene({
          ...longCall,
          steps: [
            {
              kind: 'text',
              channel: 'final',
              text: `${JSON.stringify(frame)}\n\n\`\`\`json\n${JSON.stringify(frame)}\n\`\`\`\n\n${END}`,
            },
          ],
        });
        await sendMessage(page, site, JSON.stringify(frame));
        await shows(page, END);
        await sendMessage(page, site, 'plain');
        await shows(page, 'The same as a loop');
        await world.playMarker(page);
      });
      expect(runs).toHaveLength(1);
      expect(await readCards(page)).toHaveLength(1);
      expect(site.responses).toEqual([]);
    });
  });

  it.each(['not-found', 'gone'] as const)('a cut turn whose resume is %s is left to the page', async (resumeAnswer) => {
    const { site } = world;
    const cut = { transport: 'cut', resumeAnswer, historyLagMs: 200 } as const;
    await world.withPage({ renderer, ...cut }, async (page) => {
      const runs = await world.runsDuring(async () => {
        site.scene(longCall);
        await sendMessage(page, site, 'Run it.');
        await shows(page, END);
        await world.playMarker(page);
      });
      expect(runs).toHaveLength(1);
      expect(await ran(page)).toHaveLength(1);
      expect(isQuiet()).toEqual([]);
    });
  });

  it('a challenge in place of a turn is the page’s own affair, and the next turn works', async () => {
    const { site } = world;
    await world.withPage({ renderer, challenges: true }, async (page) => {
      const runs = await world.runsDuring(async () => {
        const posts = () => site.log.filter(({ path }) => path === '/backend-api/f/conversation').length;
        const before = posts();
        await typeMessage(page, 'hello');
        await page.keyboard.press('Enter');
        await site.until(() => posts() > before);
        await idle(page);
        expect(await shownText(page)).not.toContain('Python says hello.');
        await world.playMarker(page);
      });
      expect(runs).toHaveLength(1);
      expect(isQuiet()).toEqual([]);
    });
  });

  it.each(['with-retry-after', 'without-retry-after'] as const)(
    'a refused list (429, %s) reaches the page as it is',
    async (limitsList) => {
      await world.withPage({ renderer, limitsList }, async (page) => {
        const statuses = await page.evaluate(async () => {
          const answers: { status: number; retryAfter: string | null; text: string }[] = [];
          for (let count = 0; count < 5; count += 1) {
            const answer = await fetch('/backend-api/conversations?offset=0&limit=28');
            answers.push({
              status: answer.status,
              retryAfter: answer.headers.get('retry-after'),
              text: (await answer.text()).slice(0, 40),
            });
          }
          return answers;
        });
        expect(statuses.at(-1)).toEqual({
          status: 429,
          retryAfter: limitsList === 'with-retry-after' ? '2' : null,
          text: '{"detail":{"message":"Too many requests"',
        });
        expect(await world.runsDuring(() => world.playMarker(page))).toHaveLength(1);
        expect(isQuiet()).toEqual([]);
      });
    },
  );
});
