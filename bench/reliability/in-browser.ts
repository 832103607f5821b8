import { type ChromiumUnderTest, launchChromium } from '../../tests/support/browsers/index.ts';
import { connectRunsClient, type RunsClient } from '../../tests/support/runs-client/index.ts';
import { startSite } from '../../tests/support/site/index.ts';

/** Chromium with the built extension, a page of it that speaks to the host, and nobody who watches the service worker. */
export async function inBrowser<T>(use: (client: RunsClient, chromium: ChromiumUnderTest) => Promise<T>): Promise<T> {
  await using site = await startSite({ speed: 'instant' });
  await using chromium = await launchChromium({
    extension: 'extension/chrome-mv3',
    site,
    leavesServiceWorkerAlone: true,
  });
  return await use(await connectRunsClient(await chromium.extensionPage('popup.html')), chromium);
}
