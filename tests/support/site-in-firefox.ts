import { afterAll, beforeAll } from 'vitest';
import { ensureBuilt } from '../../tools/build.ts';
import { type FirefoxOptions, type FirefoxUnderTest, launchFirefox } from './browsers/index.ts';
import { type Site, startSite } from './site/index.ts';

/** The stand-in and one Firefox with the built extension for the tests of a file; there from the first test on. */
export interface SiteInFirefox {
  readonly site: Site;
  readonly firefox: FirefoxUnderTest;
}

/** Registers what opens and ends them; `extraPrefs` are settings of Firefox itself. */
export function siteInFirefox({ extraPrefs = {} }: Pick<FirefoxOptions, 'extraPrefs'> = {}): SiteInFirefox {
  let site: Site;
  let firefox: FirefoxUnderTest;
  beforeAll(async () => {
    await ensureBuilt('firefox');
    site = await startSite();
    firefox = await launchFirefox({ extension: 'extension/firefox-mv3', site, extraPrefs });
  });
  afterAll(async () => {
    await firefox.close();
    await site.close();
  });
  return {
    get site() {
      return site;
    },
    get firefox() {
      return firefox;
    },
  };
}
