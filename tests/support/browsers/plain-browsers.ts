import { type Browser, launch } from 'puppeteer-core';
import { browserProgram, chromiumPrograms, firefoxPrograms } from './extension-under-test.ts';

/** Browsers as they are, for pages of the tests' own: without the extension. */
export const plainBrowsers: Readonly<Record<'Chromium' | 'Firefox', () => Promise<Browser>>> = {
  Chromium: () =>
    launch({
      executablePath: browserProgram('CHROMIUM', chromiumPrograms, 'chromium'),
      pipe: true,
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-dev-shm-usage'],
    }),
  Firefox: () =>
    launch({ browser: 'firefox', executablePath: browserProgram('FIREFOX', firefoxPrograms, 'firefox-esr') }),
};
