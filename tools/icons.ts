import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchChromium } from '../tests/support/browsers/index.ts';
import { startSite } from '../tests/support/site/index.ts';
import { ensureBuilt } from './build.ts';

/** Draws the icons of the extension, `public/icon/<size>.png`, from their one drawing, `docs/icon/icon.svg`. */
const ROOT = join(import.meta.dirname, '..');
const FOLDER = join(ROOT, 'public', 'icon');
/** Sizes that the browsers' lists, toolbars and stores ask for, in pixels. */
const SIZES = [16, 32, 48, 96, 128];

await using site = await startSite({});
await using browser = await launchChromium({ extension: await ensureBuilt('chrome'), site });
const page = await browser.newPage();
const drawing = readFileSync(join(ROOT, 'docs', 'icon', 'icon.svg'), 'utf8');
mkdirSync(FOLDER, { recursive: true });
for (const size of SIZES) {
  await page.setViewport({ width: size, height: size });
  await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 100vw }</style>${drawing}`);
  await page.screenshot({ path: join(FOLDER, `${String(size)}.png`), omitBackground: true });
}
