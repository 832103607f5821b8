import { beforeAll, describe, expect, it } from 'vitest';
import type { HostStatus } from '../../src/contracts/doors/runs.ts';
import { sessionIdOf } from '../../src/contracts/ids.ts';
import { endExtensionProcess, lineWith, prompt, typeLine } from '../support/browsers/index.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { connectRunsClient, outcomeOf, runRequest, textOf } from '../support/runs-client/index.ts';
import { siteInFirefox } from '../support/site-in-firefox.ts';

describe('a machine in Firefox', () => {
  beforeAll(needsLinuxImage);
  const world = siteInFirefox();

  it('is saved before the browser ends its host for idleness, and goes on in the next', async () => {
    // The popup asks for the host's state again and again, which keeps it awake; this page asks for nothing.
    const client = await connectRunsClient(await world.firefox.extensionPage('box.html'));
    const run = async (code: string) => {
      const done = await client.run(runRequest(code, 'idle', { language: 'shell' }));
      expect(outcomeOf(done)).toMatchObject({ kind: 'completed', exitCode: 0 });
      return done;
    };
    await run('cd /root; echo mine >note; greet() { echo "hi $1"; }');
    const ended = await client.page.evaluateHandle(() => {
      const { browser } = globalThis as unknown as {
        browser: {
          runtime: { connect(options: { name: string }): { onDisconnect: { addListener(l: () => void): void } } };
        };
      };
      const port = browser.runtime.connect({ name: 'host:runs' });
      return { port, promise: new Promise<void>((resolve) => port.onDisconnect.addListener(() => resolve())) };
    });
    await ended.evaluate((gone) => gone.promise);
    const after = await run('pwd; cat note; greet you');
    const notices = after.events.flatMap(({ event }) => (event.kind === 'notice' ? [event.text] : []));
    expect(notices.join()).toMatch(/goes on as it was saved/);
    expect(textOf(after, 'stdout')).toBe('/root\nmine\nhi you\n');
  }, 300_000);

  it('that was made by a spec has what that says, and is saved once the last page with its terminals was closed', async () => {
    const sessionId = sessionIdOf('page:spec');
    const json = JSON.stringify({
      name: 'own',
      image: 'python-data',
      resources: { memory: '300MB' },
      environment: { WHO: 'of-the-spec' },
    });
    const opened = async () => connectRunsClient(await world.firefox.extensionPage('box.html'));
    let client = await opened();
    expect(await client.call('createMachine', { sessionId, json })).toMatchObject({ ok: true });
    expect(await client.call('chooseMachine', { sessionId, name: 'own' })).toMatchObject({ ok: true });
    const terminal = await world.firefox.extensionPage(`ide.html?session=${sessionId}`);
    await prompt(terminal);
    await typeLine(terminal, 'clear; free -m | awk \'/^Mem/ { print "MB" $2 }\'; echo "$WHO"; echo mine >/root/note');
    await lineWith(terminal, /^MB2[6789]\d$/);
    await lineWith(terminal, /^of-the-spec$/);
    const savedAtMs = async () => {
      const status = (await client.call('status', {})) as { readonly value: HostStatus };
      return status.value.sessions.find((session) => session.sessionId.startsWith(sessionId))?.saved?.atMs ?? null;
    };
    expect(await savedAtMs()).toBeNull();
    // Its shell held it until now; once that has ended the host's own save of an idle machine may come first (decision 0102).
    await terminal.close();
    await expect.poll(savedAtMs, { timeout: 60_000 }).not.toBeNull();
    endExtensionProcess(world.firefox);
    client = await opened();
    const after = await client.run(runRequest('echo "$WHO"; cat /root/note', 'spec', { language: 'shell' }));
    expect(textOf(after, 'stdout')).toBe('of-the-spec\nmine\n');
  }, 300_000);
});
