import { beforeAll, describe, expect, it } from 'vitest';
import { sessionIdOf } from '../../src/contracts/ids.ts';
import { endExtensionProcess } from '../support/browsers/index.ts';
import { FREEZE, PANIC } from '../support/linux/breakdowns.ts';
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

  it('whose kernel panics, that hangs, and whose worker the browser ends, is said to, and goes on from what was saved', async () => {
    client = await open();
    await printed('cd /root; kept=yes; echo saved >note; echo saved >/mnt/data/ours');
    expect(await client.call('saveMachine', { sessionId: sessionIdOf(SESSION) })).toMatchObject({ ok: true });
    await printed('kept=no; echo later >note; echo later >/mnt/data/ours');
    const panicked = await run(PANIC);
    expect(outcomeOf(panicked)).toMatchObject({ kind: 'crashed', code: 'linux/lost', sessionLost: true });
    expect(noticesOf(panicked)).toMatch(/finds this Linux as it was saved \(.*202\d/);
    expect(await printed('echo "$kept"; cat note /mnt/data/ours')).toBe('yes\nsaved\nlater\n');

    const hung = await run(FREEZE);
    expect(outcomeOf(hung)).toMatchObject({ kind: 'crashed', code: 'linux/lost', sessionLost: true });
    expect(outcomeOf(hung)).toHaveProperty('detail', expect.stringContaining('hung'));
    expect(await printed('echo "$kept"; cat note /mnt/data/ours')).toBe('yes\nsaved\nlater\n');

    await printed('kept=no; echo again >/mnt/data/ours');
    endExtensionProcess(world.firefox);
    client = await open();
    const after = await run('echo "$kept"; cat note /mnt/data/ours');
    expect(textOf(after, 'stdout')).toBe('yes\nsaved\nagain\n');
    expect(noticesOf(after)).toMatch(/goes on as it was saved \(.*202\d/);
  }, 180_000);
});
