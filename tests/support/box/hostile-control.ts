import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { bundleScript } from '../bundle-script.ts';
import { until } from '../until.ts';
import type { CanaryServer, ServedFile } from './canary-server.ts';
import type { ControlPage } from './control-page.ts';
import type { Fixture } from './extension.ts';
import {
  type Endings,
  FRAME_ROUTES,
  hostileProgram,
  type HostileScene,
  type HostileTarget,
  isOpen,
  WORKER_HANG_MS,
  WORKER_ROUTES,
  WORKER_TRIES,
} from './hostile.ts';

declare const control: ControlPage;

/** Without the wall: a plain worker, frames and a page of a site; a worker and a page of the extension itself. */
type Place = 'worker' | 'frame' | 'page' | 'extension' | 'extension-page';
const PLACES: readonly Place[] = ['worker', 'frame', 'page', 'extension', 'extension-page'];

/** What became of each route without the wall, and where. */
export interface Control {
  readonly ended: Readonly<Partial<Record<Place, Endings>>>;
  /** Routes that led somewhere in at least one of the places, by their own word or the server's. */
  readonly reached: ReadonlySet<string>;
}

const ALONE = [...FRAME_ROUTES, ...WORKER_ROUTES];
/** It asks for the page that it is in: this one cannot be framed. */
const TOP = 'top-navigation';
const HANG = JSON.stringify({ beginMs: WORKER_HANG_MS, tries: WORKER_TRIES });

/** The program of one place, under a tag of its own: `<tag>-page` and so on. */
const programAt = (place: Place, target: HostileTarget, scene: HostileScene): Promise<string> =>
  hostileProgram({ ...target, tag: `${target.tag}-${place}` }, scene);
const ofPage = (place: Place): HostileScene => ({ told: `control.note('${place}')`, enough: 'control.enough' });
const inScript = (text: string): string => text.replaceAll('</', '<\\/');

/** A program as the whole script of a worker of `control-page.ts`. */
async function workerScript(place: Place, target: HostileTarget, scene: HostileScene): Promise<string> {
  const program = await programAt(place, target, {
    ...scene,
    told: '(...said) => postMessage(said)',
    enough: "new Promise((done) => addEventListener('message', done))",
  });
  return `${program}.then(() => postMessage('over'));`;
}

const controlScript = (): Promise<string> => bundleScript(join(import.meta.dirname, 'control-page.ts'));

/** Pages without any wall, by path; `/control` runs the program in itself, in frames and in plain workers. */
export async function controlPages(target: HostileTarget): Promise<Readonly<Record<string, ServedFile>>> {
  const html = (body: string): ServedFile => ({
    type: 'text/html',
    body: `<!doctype html><meta charset="utf-8">${body}`,
  });
  const pages: Record<string, ServedFile> = {
    '/control.js': { type: 'text/javascript', body: await controlScript() },
  };
  for (const only of FRAME_ROUTES) {
    const program = await programAt('frame', target, {
      only,
      told: "(...said) => parent.postMessage(said, '*')",
      enough: 'new Promise(() => undefined)',
    });
    pages[`/frames/${only}`] = html(`<body><script>${inScript(program)};</script>`);
  }
  const workers = await Promise.all([
    workerScript('worker', target, { alone: WORKER_ROUTES }),
    ...WORKER_ROUTES.map((only) => workerScript('worker', target, { only })),
  ]);
  const frames = FRAME_ROUTES.filter((only) => only !== TOP);
  pages['/control'] = html(`<title>canary</title><body><script src="/control.js"></script><script>
    document.cookie = 'canary=planted';
    for (const text of ${inScript(JSON.stringify(workers))})
      control.inWorker('worker', URL.createObjectURL(new Blob([text])), ${HANG});
    for (const route of ${JSON.stringify(frames)}) control.inFrame('frame', route, '/frames/' + route);
    control.inPage(${inScript(await programAt('page', target, { ...ofPage('page'), alone: ALONE }))});
  </script>`);
  return pages;
}

/**
 * Runs the program wherever the wall is not, on a site and within the extension whose things it is after, until nothing is
 * `missing`; what has not ended then is silent. What never comes is missing in the answer too, for the caller to say.
 */
export async function runControl(
  fixture: Fixture,
  target: HostileTarget,
  missing: (control: Control) => readonly string[],
): Promise<Control> {
  const { server, tag } = target;
  const listener = await openListener(fixture);
  await beginInExtension(fixture, target);
  const site = await beginOnSite(fixture, server);
  const pages = [site, fixture.page];
  const packets = new Set<'stun' | 'quic'>();
  const ask = async (): Promise<Control> => {
    const said = await Promise.all(pages.map((page) => page.evaluate(() => control.ended)));
    const ended: Control['ended'] = Object.assign({}, ...said);
    const byWord = Object.values(ended).flatMap((place) => Object.keys(place).filter((route) => isOpen(place[route])));
    const byServer = PLACES.flatMap((place) => [...server.arrived(`${tag}-${place}`)]);
    for (const packet of server.takePackets()) packets.add(packet);
    const byPacket = [...(packets.has('stun') ? ['webrtc'] : []), ...(packets.has('quic') ? ['web-transport'] : [])];
    return { ended, reached: new Set([...byWord, ...byServer, ...byPacket]) };
  };
  // Beside the others, for it leads its page away.
  const top = await fixture.browser.newPage();
  await top
    .goto(`${server.http}/frames/${TOP}`, { waitUntil: 'domcontentloaded', timeout: 1500 })
    .catch(() => undefined);
  await until(async () => {
    const without = missing(await ask());
    if (without.length > 0) throw new Error(without.join());
  }).catch(() => undefined);
  for (const page of pages) await page.evaluate(() => control.end());
  for (const page of pages) await page.waitForFunction('control.isOver', { timeout: 60_000, polling: 50 });
  const told = await ask();
  for (const page of [top, site, listener]) await page.close();
  return told;
}

/** A page of the extension that answers what the extension is told. */
async function openListener(fixture: Fixture): Promise<Page> {
  const listener = await fixture.open('host.html');
  await listener.waitForFunction('globalThis.host !== undefined', { timeout: 60_000, polling: 50 });
  await listener.evaluate(() => {
    interface Runtime {
      readonly runtime: { readonly onMessage: { addListener(take: (...all: never[]) => void): void } };
    }
    const { browser, chrome } = globalThis as unknown as { browser?: Runtime; chrome: Runtime };
    (browser ?? chrome).runtime.onMessage.addListener((_message, _sender, reply: (answer: string) => void) =>
      reply('heard'),
    );
  });
  return listener;
}

async function beginInExtension(fixture: Fixture, target: HostileTarget): Promise<void> {
  const inWorker = await workerScript('extension', target, { alone: ALONE });
  await writeFile(join(fixture.dir, 'hostile.js'), inWorker);
  await fixture.page.evaluate(await controlScript());
  await fixture.page.evaluate(`control.inWorker('extension', '/hostile.js', ${HANG})`);
  for (const scene of [{ alone: ALONE }, { only: 'extension-worker' }]) {
    const program = await programAt('extension-page', target, { ...ofPage('extension-page'), ...scene });
    await fixture.page.evaluate(`control.inPage(${program})`);
  }
}

async function beginOnSite(fixture: Fixture, server: CanaryServer): Promise<Page> {
  const page = await fixture.browser.newPage();
  // Chromium asks nobody then; Firefox is told so by the fixture's preferences.
  await fixture.browser
    .defaultBrowserContext()
    .overridePermissions(server.http, ['clipboard-read', 'notifications', 'geolocation'])
    .catch(() => undefined);
  await page.setGeolocation({ latitude: 1, longitude: 1 }).catch(() => undefined);
  await page.emulateFocusedPage(true).catch(() => undefined);
  // The page keeps loading what its program asks for; what the program says is what counts.
  await page.goto(`${server.http}/control`, { waitUntil: 'domcontentloaded', timeout: 5000 }).catch(() => undefined);
  await page.waitForFunction('globalThis.control !== undefined', { timeout: 60_000, polling: 50 });
  return page;
}
