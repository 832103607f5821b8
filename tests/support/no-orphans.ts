import type { HostStatus } from '../../src/contracts/doors/runs.ts';
import type { ChromiumUnderTest } from './browsers/index.ts';
import { connectRunsClient } from './runs-client/index.ts';
import { until } from './until.ts';

/**
 * Boxes without a session: a spare, one more of a costly engine, a big and a small engine begun, an empty one; one with a costly engine
 * that was expected ends by itself. Source: src/box/opener.ts
 */
const MOST_AHEAD = 5;

/** Waits until each box of the host, and so each worker that ran code, is of a session that stands or kept ahead of need. */
export async function expectNoOrphans(chromium: ChromiumUnderTest): Promise<void> {
  if (!chromium.hasHost()) return;
  // Any page of the extension can ask; this one has nothing of its own to start.
  const client = await connectRunsClient(await chromium.extensionPage('manifest.json'));
  const host = await chromium.hostPage();
  await until(async () => {
    const answer = await client.call('status', {});
    if (!answer.ok) throw new Error(`the host does not tell its state: ${answer.error.code}`);
    const { sessions } = answer.value as HostStatus;
    const { handedOver, ahead } = await host.evaluate(() => ({
      handedOver: document.querySelectorAll('iframe[data-session]').length,
      ahead: document.querySelectorAll('iframe:not([data-session])').length,
    }));
    if (handedOver !== sessions.length || ahead > MOST_AHEAD)
      throw new Error(`${handedOver} boxes for ${sessions.length} sessions, and ${ahead} kept ahead`);
  });
  await client.page.close();
}
