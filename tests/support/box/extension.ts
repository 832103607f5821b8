import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { browserProgram, chromiumPrograms, firefoxPrograms } from '../browsers/extension-under-test.ts';
import { CALM } from '../browsers/launch-chromium.ts';
import { openUnreported } from '../browsers/open-unreported.ts';
import { productManifest } from '../product-manifest.ts';
import { createTemporaryFolder } from '../temporary-folder.ts';

export type BrowserName = 'chrome' | 'firefox';

const root = join(import.meta.dirname, '../../..');
const UUID = 'aaaaaaaa-1111-4222-8333-bbbbbbbbbbbb';
const ID = 'box-fixture@chatgpt-companion.example';
/** Firefox asks nobody and has a place to tell: what is refused in a box is refused by the box. */
const GENEROUS = {
  'dom.events.testing.asyncClipboard': true,
  'permissions.default.desktop-notification': 1,
  'geo.prompt.testing': true,
  'geo.prompt.testing.allow': true,
  'geo.provider.network.url': 'data:application/json,{"location":{"lat":1,"lng":1},"accuracy":1}',
  'media.peerconnection.ice.loopback': true,
  'browser.send_pings': true,
  'network.prefetch-next': true,
  'network.websocket.delay-failed-reconnects': false,
};

/** Writes the smallest extension that holds the real box under the real manifest keys and policies. */
async function buildFixture(dir: string, browser: BrowserName, hasNetworkHole: boolean): Promise<void> {
  await build({
    entryPoints: {
      'box-page': join(root, 'tests/support/box/page-entry.ts'),
      host: join(root, 'tests/support/box/host.ts'),
      'preview-page': join(root, 'tests/support/preview/page-entry.ts'),
      'preview-host': join(root, 'tests/support/preview/host.ts'),
    },
    outdir: dir,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    logLevel: 'silent',
  });
  const holed = (policy: string): string =>
    hasNetworkHole ? policy.replaceAll(/connect-src ('none'|blob: data:)/g, 'connect-src *') : policy;
  await writeFile(
    join(dir, 'box.html'),
    holed(await readFile(join(root, 'entrypoints/box.sandbox/index.html'), 'utf8')),
  );
  await writeFile(
    join(dir, 'preview.html'),
    await readFile(join(root, 'entrypoints/preview.sandbox/index.html'), 'utf8'),
  );
  await writeFile(
    join(dir, 'preview-host.html'),
    '<!doctype html><meta charset="utf-8"><title>preview</title><body><script src="/preview-host.js"></script>',
  );
  await writeFile(
    join(dir, 'host.html'),
    '<!doctype html><meta charset="utf-8"><title>host</title><body><script src="/host.js"></script>',
  );
  await writeFile(join(dir, 'manifest.json'), holed(JSON.stringify(await manifestOf(browser))));
}

/** The product's own manifest keys, read from its build configuration. */
async function manifestOf(browser: BrowserName): Promise<object> {
  const product = await productManifest(browser);
  const { content_security_policy, cross_origin_embedder_policy, cross_origin_opener_policy } = product;
  return {
    manifest_version: 3,
    name: 'Box fixture',
    version: '1.0',
    permissions: ['storage'],
    content_security_policy,
    cross_origin_embedder_policy,
    cross_origin_opener_policy,
    ...(browser === 'chrome'
      ? { sandbox: { pages: ['box.html', 'preview.html'] } }
      : { browser_specific_settings: { gecko: { id: ID, strict_min_version: '140.0' } } }),
  };
}

export interface Fixture {
  readonly browser: Browser;
  readonly origin: string;
  /** The unpacked extension. */
  readonly dir: string;
  readonly page: Page;
  open(path: string): Promise<Page>;
  close(): Promise<void>;
}

export interface LaunchOptions {
  readonly args?: readonly string[];
  /** Lets the box reach the network, as a mistake in its policy would. */
  readonly hasNetworkHole?: boolean;
}

/** Starts the browser with the fixture and its host page open. */
export async function launchFixture(name: BrowserName, options: LaunchOptions = {}): Promise<Fixture> {
  const folder = createTemporaryFolder(`box-fixture-${name}`);
  const dir = folder.path;
  await buildFixture(dir, name, options.hasNetworkHole ?? false);
  const { browser, origin } = await (name === 'chrome' ? launchChromium(dir, options) : launchFirefox(dir));
  const open = async (path: string): Promise<Page> => {
    const page = await browser.newPage();
    const url = `${origin}/${path}`;
    await (name === 'firefox' ? openUnreported(page, url) : page.goto(url));
    return page;
  };
  const page = await open('host.html');
  await page.waitForFunction('globalThis.host !== undefined', { timeout: 60_000, polling: 50 });
  const close = async (): Promise<void> => {
    await browser.close();
    await folder.remove();
  };
  return { browser, origin, dir, page, open, close };
}

async function launchChromium(dir: string, options: LaunchOptions) {
  const browser = await puppeteer.launch({
    executablePath: browserProgram('CHROMIUM', chromiumPrograms, 'chromium'),
    headless: true,
    pipe: true,
    enableExtensions: true,
    protocolTimeout: 120_000,
    // As Chrome does by itself and puppeteer turns off: a sandboxed frame gets a process of its own, which is half of this wall.
    args: [
      '--enable-features=IsolateSandboxedIframes',
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--no-first-run',
      ...CALM,
      ...(options.args ?? []),
    ],
  });
  const id = await browser.installExtension(dir);
  return { browser, origin: `chrome-extension://${id}` };
}

async function launchFirefox(dir: string) {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: browserProgram('FIREFOX', firefoxPrograms, 'firefox-esr'),
    headless: true,
    protocolTimeout: 120_000,
    acceptInsecureCerts: true,
    args: ['--remote-allow-system-access'],
    extraPrefsFirefox: {
      'extensions.webextensions.uuids': JSON.stringify({ [ID]: UUID }),
      'xpinstall.signatures.required': false,
      ...GENEROUS,
    },
  });
  await browser.installExtension(dir);
  return { browser, origin: `moz-extension://${UUID}` };
}

/** Bytes of the box page as it would be shipped. */
export async function boxPageBytes(dir: string): Promise<number> {
  return (await readFile(join(dir, 'box-page.js'))).byteLength;
}
