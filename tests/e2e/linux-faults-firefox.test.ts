import { beforeAll, describe, expect, it } from 'vitest';
import { sessionIdOf } from '../../src/contracts/ids.ts';
import { endExtensionProcess } from '../support/browsers/index.ts';
import { FREEZE, NO_MEMORY, PANIC } from '../support/linux/breakdowns.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { connectRunsClient, outcomeOf, runRequest, type RunsClient, textOf } from '../support/runs-client/index.ts';
import { siteInFirefox } from '../support/site-in-firefox.ts';

const SESSION = 'page:faults';

describe('a machine in Firefox', () => {
  beforeAll(needsLinuxImage);
  const world = siteInFirefox();
  let client: RunsClient;
  const open = async () => connectRunsClient(await world.firefox.extensionPage('box.html'));
  const run = (code: string) => client.run(runRequest(code, 'faults', { language: 'shell' }));
  const noticesOf = ({ events }: Awaited<ReturnType<typeof run>>): string =>
    events.flatMap(({ event }) => (event.kind === 'notice' ? [event.text] : [])).join('\n');
  const printed = async (code: string): Promise<string> => {
    const done = await run(code);
    expect(outcomeOf(done)).toMatchObject({ kind: 'completed', exitCode: 0 });
    return textOf(done, 'stdout');
  };

  it('whose kernel panics, whose memory is out, that hangs, and whose worker the browser ends, is said to, and goes on from what was saved', async () => {
    client = await open();
    // A second try of this test begins with its three restarts.
    await client.call('restartSession', { sessionId: sessionIdOf(SESSION) });
    await printed('cd /root; kept=yes; echo saved >note; echo saved >/mnt/data/ours');
    expect(await client.call('saveMachine', { sessionId: sessionIdOf(SESSION) })).toMatchObject({ ok: true });
    await printed('kept=no; echo later >note; echo later >/mnt/data/ours');
    for (const [code, why] of [
      [PANIC, 'panicked'],
      [NO_MEMORY, 'panicked'],
      [FREEZE, 'hung'],
    ] as const) {
      const broken = await run(code);
      expect(outcomeOf(broken)).toMatchObject({ kind: 'crashed', code: 'linux/lost', sessionLost: true });
      expect(outcomeOf(broken)).toHaveProperty('detail', expect.stringContaining(why));
      expect(noticesOf(broken)).toMatch(/finds this Linux as it was saved \(.*202\d/);
      expect(await printed('echo "$kept"; cat note /mnt/data/ours')).toBe('yes\nsaved\nlater\n');
      await printed('kept=no; echo later >note');
    }

    await printed('kept=no; echo again >/mnt/data/ours');
    endExtensionProcess(world.firefox);
    client = await open();
    const after = await run('echo "$kept"; cat note /mnt/data/ours');
    expect(textOf(after, 'stdout')).toBe('yes\nsaved\nagain\n');
    expect(noticesOf(after)).toMatch(/goes on as it was saved \(.*202\d/);
  }, 180_000);
});
