import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostStatus } from '../../src/contracts/doors/runs.ts';
import { FAILURES } from '../../src/contracts/failures.ts';
import { sessionIdOf } from '../../src/contracts/ids.ts';
import {
  type CardReading,
  expectCleanSite,
  finishedAgain,
  finishedCard,
  partWith,
  pressInCard,
  readCards,
  sendMessage,
  turnEnded,
} from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { LIMITS } from '../../src/contracts/limits.ts';
import { FREEZE, NO_MEMORY, PANIC } from '../support/linux/breakdowns.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { connectRunsClient, outcomeOf, runRequest, type RunsClient, textOf } from '../support/runs-client/index.ts';
import { conversationOf } from '../support/scenario-world.ts';
import { defaultOptions } from '../support/site/index.ts';

const SESSION = 'page:faults';
const NEXT_AS_SAVED = /finds this Linux as it was saved \(.*202\d/;

describe('a machine', () => {
  beforeAll(needsLinuxImage);
  const world = siteInChromium({});
  let client: RunsClient;

  const request = (code: string) => runRequest(code, 'faults', { language: 'shell' });
  const printed = async (code: string): Promise<string> => {
    const done = await client.run(request(code));
    expect(outcomeOf(done)).toMatchObject({ kind: 'completed', exitCode: 0 });
    return textOf(done, 'stdout');
  };
  /** As the browser does for want of memory: the process of all boxes is gone. */
  const endWorkers = async (): Promise<void> => {
    const frame = await world.chromium.browser.waitForTarget((each) => each.url().endsWith('/box.html'));
    const session = await frame.createCDPSession();
    session.send('Page.crash').catch(() => undefined); // the answer never comes: that is the point
  };
  const sessions = async () => {
    const status = (await client.call('status', {})) as { readonly value: HostStatus };
    return status.value.sessions;
  };
  const machines = async () => (await sessions()).filter(({ sessionId }) => sessionId === SESSION);
  const noticesOf = ({ events }: { readonly events: Awaited<ReturnType<RunsClient['run']>>['events'] }): string =>
    events.flatMap(({ event }) => (event.kind === 'notice' ? [event.text] : [])).join('\n');

  /** A machine that was saved, and used since: what came after is lost with it, but for /mnt/data. */
  const savedThenUsed = async (): Promise<void> => {
    await printed('cd /root; kept=yes; echo saved >note; echo saved >/mnt/data/ours');
    expect(await client.call('saveMachine', { sessionId: sessionIdOf(SESSION) })).toMatchObject({ ok: true });
    await printed('kept=no; echo later >note; echo later >/mnt/data/ours');
  };
  beforeAll(async () => {
    client = await connectRunsClient(await world.chromium.extensionPage('vendor/python/LICENCES.txt'));
  });
  afterAll(() => client.page.close());

  it('whose worker the browser ends says so under a program, with what is kept; the next program goes on from that, and so it does when nobody used it', async () => {
    await savedThenUsed();
    const started = (await client.call('start', request('echo on; sleep 20'))) as { readonly value: { runId: string } };
    const { runId } = started.value;
    await client.watch(runId, 0);
    await client.until(runId, 'output');
    await endWorkers();
    const run = await client.until(runId, 'ended');
    expect(outcomeOf(run)).toMatchObject({ kind: 'crashed', code: 'linux/lost', sessionLost: true });
    expect(noticesOf(run)).toMatch(NEXT_AS_SAVED);
    // Once: the notice knows when that was.
    expect(JSON.stringify(FAILURES['linux/lost'])).not.toContain('saved');
    expect(await printed('echo "$kept"; cat note /mnt/data/ours')).toBe('yes\nsaved\nlater\n');
    await printed('kept=no; echo again >/mnt/data/ours');
    await endWorkers();
    await expect.poll(machines, { timeout: 20_000 }).toEqual([]);
    expect(await printed('echo "$kept"; cat note /mnt/data/ours')).toBe('yes\nsaved\nagain\n');
  }, 180_000);

  it.each([
    ['whose kernel panics', PANIC, 'panicked'],
    ['whose memory is out', NO_MEMORY, 'panicked'],
    ['that hangs', FREEZE, 'hung'],
  ])('%s: it is said, and the next program goes on from what was saved', async (_title, code, why) => {
    // Three a while is what a session has (see below); what broke down before is forgotten with its restart.
    await client.call('restartSession', { sessionId: sessionIdOf(SESSION) });
    await savedThenUsed();
    const run = await client.run(request(code));
    const outcome = outcomeOf(run);
    expect(outcome).toMatchObject({ kind: 'crashed', code: 'linux/lost', sessionLost: true });
    expect(JSON.stringify(outcome)).toContain(why);
    expect(noticesOf(run)).toMatch(NEXT_AS_SAVED);
    expect(await printed('echo "$kept"; cat note /mnt/data/ours')).toBe('yes\nsaved\nlater\n');
  });

  it('whose state the browser has no room for: that is said, what was saved before stays, and it is saved once there is', async () => {
    await client.call('restartSession', { sessionId: sessionIdOf(SESSION) });
    await printed('cd /root; kept=yes; echo saved >note');
    const save = async () =>
      (await client.call('saveMachine', { sessionId: sessionIdOf(SESSION) })).ok ? 'saved' : 'not-saved';
    expect(await save()).toBe('saved');
    const devtools = await client.page.createCDPSession();
    const origin = `chrome-extension://${world.chromium.extensionId}`;
    await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 100_000 });
    // For half a minute the browser goes by the room that it found there was.
    const used = async () => {
      await printed('kept=yes');
      return save();
    };
    await expect.poll(used).toBe('not-saved');
    // What starts by itself is written down first; what is pressed need not be.
    const callKey = 'faults|full';
    const refused = await client.call('start', { ...request('echo auto'), trigger: 'auto', callKey });
    expect(refused).toMatchObject({ ok: false, error: { code: 'host/no-room' } });
    expect(refused.ok ? '' : refused.error.detail).toMatch(
      /saved machines take [1-9]\d* MB \(of this conversation: its usual/,
    );
    expect(outcomeOf(await client.run({ ...request('echo pressed'), callKey: `${callKey}2` as never }))).toMatchObject({
      kind: 'completed',
    });
    expect(await client.call('saveMachine', { sessionId: sessionIdOf(SESSION) })).toMatchObject({
      error: { code: 'runner/not-saved' },
    });
    await printed('kept=no; echo later >note');
    expect(await save()).toBe('not-saved');
    await endWorkers();
    await expect.poll(machines, { timeout: 20_000 }).toEqual([]);
    const next = await client.run(request('echo "$kept"; cat note; kept=more'));
    expect(textOf(next, 'stdout')).toBe('yes\nsaved\n');
    expect(noticesOf(next)).toMatch(/goes on as it was saved/);
    expect(await save()).toBe('not-saved');
    await devtools.send('Storage.overrideQuotaForOrigin', { origin });
    expect(await save()).toBe('saved');
    await endWorkers();
    await expect.poll(machines, { timeout: 20_000 }).toEqual([]);
    expect(await printed('echo "$kept"')).toBe('more\n');
  });

  it('that breaks down again and again is given up in its card, until somebody restarts it: from what was saved, or afresh', async () => {
    const { site, chromium } = world;
    site.set({ ...defaultOptions, renderer: 'app' });
    const page = await chromium.newChatPage();
    await sendMessage(page, site, 'hello');
    await finishedCard(page);
    await turnEnded(page);
    const conversation = await conversationOf(page);
    let sent = 0;
    const send = (command: string): void => {
      sent += 1;
      const content = { tool_name: 'shell', tool_version: 'v1.0', command };
      site.seed({ id: `fault-${String(sent)}`, type: 'tool_call', conversation_id: conversation, content });
    };
    send('cd /root; kept=yes; echo saved >note; echo ours >/mnt/data/note; echo is saved');
    const saved = await finishedCard(page, sent);
    expect(saved.stdout, saved.text).toBe('is saved\n');
    const own = (await sessions()).find((each) => each.saved !== null && each.sessionId !== SESSION);
    expect(await client.call('saveMachine', { sessionId: own?.sessionId })).toMatchObject({
      ok: true,
      value: { atMs: expect.any(Number) as number },
    });
    // The words of a failure come from the host when a page first shows one: its card says the code until then.
    const says = (code: 'linux/lost' | 'linux/gave-up') =>
      expect.poll(async () => (await readCards(page))[sent]?.text).toContain(FAILURES[code].title);
    send(PANIC);
    let card = await finishedCard(page, sent);
    for (let restarts = 1; restarts <= LIMITS.machineRestarts.standard; restarts += 1) {
      expect(card).toMatchObject({ outcome: 'crashed' });
      await says('linux/lost');
      expect(card.text).toMatch(NEXT_AS_SAVED);
      await pressInCard(page, 'again', sent);
      card = await finishedAgain(page, card);
    }
    await says('linux/gave-up');
    expect(card.text).toMatch(/was saved .*202\d.* is still kept/);
    // At once it is refused, and so is another program; both say the two ways on.
    send('echo "${kept-none}"; ls /root; cat /mnt/data/note');
    await partWith(page, '[data-code="linux/gave-up"]', undefined, null, { index: sent });
    expect((await readCards(page))[sent]?.stdout).toBe('');
    const again = async (): Promise<CardReading> => {
      const before = (await readCards(page))[sent] as CardReading;
      await pressInCard(page, 'again', sent);
      return finishedAgain(page, before);
    };
    // At once: its rest is over with it.
    await pressInCard(page, 'restart', sent);
    await pressInCard(page, 'restart-saved', sent);
    expect(await again()).toMatchObject({ outcome: 'completed', stdout: 'yes\nnote\nours\n' });
    await pressInCard(page, 'restart', sent);
    await pressInCard(page, 'restart-unsaved', sent);
    await pressInCard(page, 'restart-afresh', sent);
    expect(await again()).toMatchObject({ outcome: 'completed', stdout: 'none\nours\n' });
    await page.close();
    expectCleanSite(site, chromium.problems);
  }, 180_000);
});
