import { connectRunsClient, type RunsClient } from '../../tests/support/runs-client/index.ts';
import { launchChromium } from '../../tests/support/browsers/index.ts';
import { startSite } from '../../tests/support/site/index.ts';
import { builtFolder, ensureBuilt } from '../build.ts';
import { relative } from 'node:path';

export interface OpenRuns extends AsyncDisposable {
  readonly client: RunsClient;
}

/** The built extension in headless Chromium, and the door of its run service. Builds what is missing. */
export async function openRuns(): Promise<OpenRuns> {
  await ensureBuilt('chrome');
  const extension = relative(process.cwd(), builtFolder('chrome'));
  // Nothing of the site is used; the browser is given it so that no other host exists for it.
  const site = await startSite({ speed: 'instant' });
  const chrome = await launchChromium({ extension, site });
  const client = await connectRunsClient(await chrome.extensionPage('popup.html'));
  return {
    client,
    async [Symbol.asyncDispose]() {
      await chrome.close();
      await site[Symbol.asyncDispose]();
    },
  };
}
