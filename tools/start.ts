/** `npm start`: the stand-in in a browser with the extension; without a display it plays a scene and says what came out. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { launchChromium } from '../tests/support/browsers/index.ts';
import { findScene, startSite } from '../tests/support/site/index.ts';
import { ensureBuilt } from './build.ts';
import { ensureSetUp } from './setup.ts';
import { playScene } from './start/play-scene.ts';
import { ensureVendored, sayWhetherLinux } from './vendored.ts';

const root = path.join(import.meta.dirname, '..');

interface StartOptions {
  readonly isHeadless: boolean;
  readonly scene: string;
  readonly renderer: 'legacy' | 'app';
  readonly theme: 'light' | 'dark' | 'system';
}

function readOptions(): StartOptions {
  const { values } = parseArgs({
    options: {
      headless: { type: 'boolean', default: false },
      scene: { type: 'string', default: 'chart' },
      renderer: { type: 'string', default: 'app' },
      theme: { type: 'string' },
    },
  });
  const hasDisplay = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
  const isHeadless = values.headless || !hasDisplay;
  return {
    isHeadless,
    scene: findScene(values.scene).name,
    renderer: oneOf(['legacy', 'app'], 'renderer', values.renderer),
    theme: oneOf(['light', 'dark', 'system'], 'theme', values.theme ?? (isHeadless ? 'light' : 'system')),
  };
}

function oneOf<T extends string>(allowed: readonly T[], option: string, value: string): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new Error(`--${option} is one of ${allowed.join(', ')}, and not ${value}`);
  return found;
}

async function playHeadless(extension: string, options: StartOptions): Promise<void> {
  const { scene, renderer, theme } = options;
  await using site = await startSite({ renderer, theme, speed: 'quick' });
  await using chrome = await launchChromium({ extension, site, viewport: { width: 1280, height: 1000 } });
  const { text, result } = await playScene(chrome, site, scene, path.join(root, '.cache', 'start'));
  process.stdout.write(`${text}\nRESULT ${JSON.stringify(result)}\n`);
}

async function openForAPerson(extension: string, { renderer, theme }: StartOptions): Promise<void> {
  await using site = await startSite({ renderer, theme, speed: 'normal', hasSceneBar: true });
  await using chrome = await launchChromium({ extension, site, headless: false });
  const closed = new Promise<void>((resolve) => {
    chrome.browser.once('disconnected', () => {
      resolve();
    });
  });
  await chrome.newChatPage();
  process.stderr.write(
    'The stand-in is open. Pick a scene at the top of the page; close the browser or press Ctrl+C to end.\n',
  );
  await closed;
}

try {
  const options = readOptions();
  await ensureSetUp(['chromium']);
  await ensureVendored();
  await sayWhetherLinux();
  const extension = await ensureBuilt('chrome');
  process.stderr.write(options.isHeadless ? `· playing the scene "${options.scene}"\n` : '· opening the browser\n');
  await (options.isHeadless ? playHeadless(extension, options) : openForAPerson(extension, options));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
