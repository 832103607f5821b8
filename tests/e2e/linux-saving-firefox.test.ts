import { beforeAll, describe, expect, it } from 'vitest';
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
});
