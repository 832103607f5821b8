import { relative } from 'node:path';
import { launchChromium } from '../../tests/support/browsers/index.ts';
import { connectRunsClient, type RunsClient } from '../../tests/support/runs-client/index.ts';
import { startSite } from '../../tests/support/site/index.ts';
import { builtFolder, ensureBuilt } from '../build.ts';
import { ensureSetUp } from '../setup.ts';
import { ensureVendored } from '../vendored.ts';

export interface OpenRuns extends AsyncDisposable {
  readonly client: RunsClient;
}

/** The built extension in headless Chromium, and the door of its run service. Sets up and builds what is missing. */
export async function openRuns(): Promise<OpenRuns> {
  await ensureSetUp(['chromium']);
  await ensureVendored();
  await ensureBuilt('chrome');
  const extension = relative(process.cwd(), builtFolder('chrome'));
  // What fails on the way closes what was opened: a server that is left open keeps the process alive for ever.
  await using opening = new AsyncDisposableStack();
  // Nothing of the site is used; the browser is given it so that no other host exists for it.
  const site = opening.use(await startSite({ speed: 'instant' }));
  const chrome = opening.use(await launchChromium({ extension, site }));
  const client = await connectRunsClient(await chrome.extensionPage('popup.html'));
  const opened = opening.move();
  return { client, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}
