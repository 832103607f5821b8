import { beforeAll, describe, expect, it } from 'vitest';
import type { HostStatus } from '../../src/contracts/doors/runs.ts';
import { FAILURES } from '../../src/contracts/failures.ts';
import { sessionIdOf } from '../../src/contracts/ids.ts';
import { WITHOUT_OPTIMISER } from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { connectRunsClient, outcomeOf, runRequest, type RunsClient, textOf } from '../support/runs-client/index.ts';

const SESSION = 'page:faults';
const NEXT_AS_SAVED = /finds this Linux as it was saved \(.*202\d/;

describe('a machine whose worker the browser ends', () => {
  beforeAll(needsLinuxImage);
  const world = siteInChromium({}, { args: WITHOUT_OPTIMISER });
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
  const machines = async () => {
    const status = (await client.call('status', {})) as { readonly value: HostStatus };
    return status.value.sessions.filter(({ sessionId }) => sessionId === SESSION);
  };
  const noticesOf = ({ events }: { readonly events: Awaited<ReturnType<RunsClient['run']>>['events'] }): string =>
    events.flatMap(({ event }) => (event.kind === 'notice' ? [event.text] : [])).join('\n');

  it('says so under a program, with what is kept; the next program goes on from that, and so it does when nobody used it', async () => {
    client = await connectRunsClient(await world.chromium.extensionPage('vendor/python/LICENCES.txt'));
    await printed('cd /root; kept=yes; echo saved >note; echo saved >/mnt/data/ours');
    expect(await client.call('saveMachine', { sessionId: sessionIdOf(SESSION) })).toMatchObject({ ok: true });
    await printed('kept=no; echo later >note; echo later >/mnt/data/ours');
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
    await client.page.close();
  }, 180_000);
});
