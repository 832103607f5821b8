import { beforeAll, describe, it } from 'vitest';
import { expectCleanSite, lineWith, prompt, typeLine } from '../support/browsers/index.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { WRITE_LIVE_SITE } from '../support/preview/live-site.ts';
import { connectRunsClient, runRequest } from '../support/runs-client/index.ts';
import { siteInFirefox } from '../support/site-in-firefox.ts';

describe('the preview in Firefox', () => {
  beforeAll(needsLinuxImage);
  const world = siteInFirefox();

  it('shows a page of a server with its scripts and its websocket', async () => {
    const page = await world.firefox.extensionPage('ide.html?session=page%3Apreview');
    await prompt(page);
    const client = await connectRunsClient(page);
    await client.run(runRequest(WRITE_LIVE_SITE, 'preview', { language: 'shell' }));
    await typeLine(page, 'python3 site.py');
    await lineWith(page, /^listens$/);
    await page.click('[data-part="place-preview"]');
    await page.waitForFunction(
      () => document.querySelector('[data-part="preview-said"]')?.textContent === 'Heard hello',
    );
    await page.close();
    expectCleanSite(world.site, world.firefox.problems);
  });
});
