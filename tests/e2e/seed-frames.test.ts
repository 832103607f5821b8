import path from 'node:path';
import type { Page } from 'puppeteer-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { FAILURES } from '../../src/contracts/failures.ts';
import { LIMITS } from '../../src/contracts/limits.ts';
import { TEXTS } from '../../src/ui/texts.ts';
import {
  answerInput,
  cardInState,
  chooseFiles,
  expectCleanSite,
  finishedCard,
  noteOf,
  partWith,
  pressInCard,
  readCards,
  sendMessage,
  turnEnded,
} from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { conversationOf, idle, shows } from '../support/scenario-world.ts';
import { defaultOptions } from '../support/site/index.ts';
import { testFolder } from '../support/test-folder.ts';

const SECRET = 'secret-2b91c7';
const file = path.join(testFolder('private', { 'salaries.csv': `name,salary\n${SECRET},1000\n` }), 'salaries.csv');

const readAll =
  'import os\nfor name in os.listdir("/mnt/data"): print(open("/mnt/data/" + name).read())\nprint("read")\n';

const world = siteInChromium({}, { startsSmall: true });
let page: Page;
let conversation: string;

beforeAll(async () => {
  page = await world.chromium.newChatPage();
  await sendMessage(page, world.site, 'hello');
  await finishedCard(page);
  await turnEnded(page);
  conversation = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await addFile(0);
});

async function addFile(index: number): Promise<void> {
  await chooseFiles(page, [file], () => pressInCard(page, 'add-file', index));
  expect(await noteOf(page, index)).toContain('salaries.csv');
}
const frame = (id: string, conversationId: string, code = readAll) => ({
  id,
  type: 'tool_call',
  conversation_id: conversationId,
  content: { tool_name: 'python', tool_version: 'v1.0', code },
});
const responseTo = (id: string) => world.site.responses.find((response) => response['id'] === id);
const sentOut = () => JSON.stringify([world.site.log, world.site.reports, world.site.sent, world.site.socketFrames]);

describe('a seed frame', () => {
  it('is answered by itself, from a session that no conversation of the site shares', async () => {
    world.site.seed(frame('first', conversation));
    const card = await finishedCard(page, 1);
    expect(card.stdout).toBe('read\n');
    await world.site.until(() => responseTo('first'));
    expect(responseTo('first')).toMatchObject({ content: { stdout: 'read\n' } });
    expect(sentOut()).not.toContain(SECRET);
  });

  it('is answered only by a press once its session holds private files, and once', async () => {
    await addFile(1);
    world.site.seed(frame('second', conversation));
    const card = await finishedCard(page, 2);
    expect(card.stdout).toContain(SECRET);
    await partWith(page, '[data-action="send-result"]', undefined, undefined, { index: 2 });
    expect(responseTo('second')).toBeUndefined();
    expect(sentOut()).not.toContain(SECRET);
    await pressInCard(page, 'send-result', 2);
    await world.site.until(() => responseTo('second'));
    await pressInCard(page, 'again', 2);
    await partWith(page, '[data-part="status"]', (parts) => parts[0]?.attributes['data-outcome'], null, { index: 2 });
    expect(world.site.responses.filter((response) => response['id'] === 'second')).toHaveLength(1);
  });

  it.each(['legacy', 'app'] as const)('stays at the turn at which it came, in the %s design', async (renderer) => {
    world.site.set({ ...defaultOptions, renderer, historyLagMs: 0, pauseAt: ['in-call'] });
    const own = await world.chromium.newChatPage();
    const orderOf = async () => (await readCards(own)).map(({ stdout }) => stdout.trim());
    await sendMessage(own, world.site, 'hello');
    await world.site.until(() => world.site.pausedAt === 'in-call');
    const id = await conversationOf(own);
    world.site.seed(frame(`during-${renderer}`, id, 'print("during")\n'));
    await finishedCard(own);
    world.site.set({ pauseAt: [] });
    world.site.goOn();
    await shows(own, 'Python says hello.');
    await idle(own);
    world.site.seed(frame(`after-${renderer}`, id, 'print("after")\n'));
    await finishedCard(own, 2);
    await sendMessage(own, world.site, 'hello');
    await finishedCard(own, 3);
    await idle(own);
    // Cards are read in the order in which they stand on the page.
    expect(await orderOf()).toEqual(['hello from Python', 'during', 'after', 'hello from Python']);
    await own.close();
    world.site.set(defaultOptions);
  });

  it('that a script of the page sends starts nothing', async () => {
    await page.evaluate(
      async (sent) => {
        const socket = new WebSocket('wss://ws.chatgpt.com/p3/ws/user/user-standin?verify=SYNTHETIC-VERIFY-own');
        await new Promise((resolve) => socket.addEventListener('open', resolve));
        socket.send(JSON.stringify(sent));
      },
      frame('own', conversation),
    );
    await partWith(page, '[data-action="run"]', undefined, undefined, { index: 3 });
    // What a frame starts by itself, it starts before this one that comes after it.
    world.site.seed(frame('third', conversation, 'print("after")\n'));
    await finishedCard(page, 4);
    expect((await readCards(page))[3]?.status).toBe('Ready to run');
    expect(responseTo('own')).toBeUndefined();
    expectCleanSite(world.site, world.chromium.problems);
  });
});

describe('the answer to a seed frame', () => {
  const own = siteInChromium({}, { startsSmall: true });
  const responseOf = (id: string) => own.site.responses.find((response) => response['id'] === id);

  it('that cannot go, for the page has closed its socket, is said and offered', async () => {
    const chat = await own.chromium.newChatPage();
    await sendMessage(chat, own.site, 'plain');
    await turnEnded(chat);
    own.site.seed(frame('late', await conversationOf(chat), 'print("Hello " + input("Name? "))\n'));
    await cardInState(chat, 'input');
    own.site.dropSockets();
    await own.site.until(() => own.site.socketCount === 0);
    // It opens another one once it has seen that.
    await own.site.until(() => own.site.socketCount > 0);
    await answerInput(chat, 'Ada');
    expect((await finishedCard(chat)).stdout).toContain('Hello Ada');
    expect(await noteOf(chat)).toBe(TEXTS.action.notSent);
    await partWith(chat, '[data-action="send-result"]');
    expect(responseOf('late')).toBeUndefined();
    await chat.close();
    expectCleanSite(own.site, own.chromium.problems);
  });

  it('that the host refuses says why', async () => {
    const chat = await own.chromium.newChatPage();
    await sendMessage(chat, own.site, 'plain');
    await turnEnded(chat);
    const conversationId = await conversationOf(chat);
    // One more than the site may start within a minute.
    const ids = Array.from({ length: LIMITS.runsPerMinuteFromPage.standard + 1 }, (_, at) => `many-${at}`);
    for (const id of ids) own.site.seed(frame(id, conversationId, 'print("ran")\n'));
    const last = ids.at(-1) ?? '';
    await own.site.until(() => responseOf(last));
    expect(responseOf(last)).toMatchObject({
      type: 'tool_response',
      content: { stdout: '', stderr: FAILURES['run/rate-limited'].title },
    });
    await own.site.until(() => responseOf(ids[0] ?? ''));
    expect(responseOf(ids[0] ?? '')).toMatchObject({ content: { stdout: 'ran\n', stderr: '' } });
    await chat.close();
    expectCleanSite(own.site, own.chromium.problems);
  });
});
