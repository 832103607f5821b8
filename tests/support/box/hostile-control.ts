import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../until.ts';
import type { CanaryServer } from './canary-server.ts';
import type { Fixture } from './extension.ts';
import {
  type Endings,
  FRAME_ROUTES,
  hostileProgram,
  type HostileTarget,
  isOpen,
  WORKER_HANG_MS,
  WORKER_ROUTES,
  WORKER_TRIES,
} from './hostile.ts';

/** What became of each route without the wall, and where. */
export interface Control {
  /** By place: a plain worker, a page and frames of a site; a worker and a page of the extension itself. */
  readonly ended: Readonly<Record<string, Endings>>;
  /** Routes that led somewhere in at least one of the places, by their own word or the server's. */
  readonly reached: ReadonlySet<string>;
}

const ALONE = [...FRAME_ROUTES, ...WORKER_ROUTES];
/** It asks for the page that it is in: this one cannot be framed. */
const TOP = 'top-navigation';

/**
 * Pages without any wall, by path. `/control` runs the program in itself, in frames and in plain workers, each place under
 * its own tag (`<tag>-page` and so on); `globalThis.control` is a promise of the endings by place.
 */
export async function controlPages(target: HostileTarget): Promise<Readonly<Record<string, string>>> {
  const at = (place: string): HostileTarget => ({ ...target, tag: `${target.tag}-${place}` });
  const inPage = await hostileProgram(at('page'), { alone: ALONE });
  const inWorkers = [
    await hostileProgram(at('worker'), { alone: WORKER_ROUTES }),
    ...(await Promise.all(WORKER_ROUTES.map((only) => hostileProgram(at('worker'), { only })))),
  ];
  const workers = JSON.stringify(inWorkers.map((text) => `${text}.then((seen) => postMessage(seen))`));
  const pages: Record<string, string> = {};
  for (const only of FRAME_ROUTES) {
    const program = inScript(await hostileProgram(at('frame'), { only }));
    pages[`/frames/${only}`] =
      `<!doctype html><body><script>${program}.then((seen) => parent.postMessage({ control: seen }, '*'));</script>`;
  }
  const frames = JSON.stringify(FRAME_ROUTES.filter((only) => only !== TOP));
  pages['/control'] = `<!doctype html><meta charset="utf-8"><title>canary</title><body><script>
    document.cookie = 'canary=planted';
    const once = (text) => new Promise((done) => {
      const worker = new Worker(URL.createObjectURL(new Blob([text])));
      worker.onmessage = (event) => done(event.data);
      setTimeout(() => { worker.terminate(); done(null); }, ${WORKER_HANG_MS});
    });
    const inWorker = async (text) => {
      for (let tries = 0; tries < ${WORKER_TRIES}; tries += 1) { const seen = await once(text); if (seen) return seen; }
      return {};
    };
    const inFrame = (route) => new Promise((done) => {
      const frame = document.createElement('iframe');
      let loads = 0;
      // It answers, or its second load is where it was led.
      addEventListener('message', ({ data, source }) => source === frame.contentWindow && data.control && done(data.control));
      frame.onload = () => (loads += 1) === 2 && done({ [route]: 'OPEN led away' });
      setTimeout(() => done({ [route]: 'silent' }), ${WORKER_HANG_MS});
      frame.src = '/frames/' + route;
      document.body.append(frame);
    });
    const all = (list) => Promise.all(list).then((ended) => Object.assign({}, ...ended));
    globalThis.control = (async () => ({
      worker: await all(${inScript(workers)}.map(inWorker)),
      frame: await all(${frames}.map(inFrame)),
      page: await ${inScript(inPage)},
    }))();
  </script>`;
  return pages;
}

/** Runs the program wherever the wall is not: on a site, and within the extension whose things it is after. */
export async function runControl(fixture: Fixture, server: CanaryServer, tag: string): Promise<Control> {
  const target = { server, extension: fixture.origin, tag };
  const onSite = await runOnSite(fixture, server, tag);
  const inWorker = await hostileProgram({ ...target, tag: `${tag}-extension` }, { alone: ALONE });
  await writeFile(join(fixture.dir, 'hostile.js'), `${inWorker}.then((seen) => postMessage(seen));`);
  const extension = await fixture.page.evaluate(
    () => new Promise<Endings>((done) => (new Worker('/hostile.js').onmessage = ({ data }) => done(data as Endings))),
  );
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
  const own = { ...target, tag: `${tag}-extension-page` };
  const page = {
    ...((await fixture.page.evaluate(await hostileProgram(own, { alone: ALONE }))) as Endings),
    ...((await fixture.page.evaluate(await hostileProgram(own, { only: 'extension-worker' }))) as Endings),
  };
  await listener.close();
  const ended = { ...onSite, extension, extensionPage: page };
  const byWord = Object.values(ended).flatMap((place) => Object.keys(place).filter((route) => isOpen(place[route])));
  const byServer = ['worker', 'page', 'frame', 'extension', 'extension-page'].flatMap((place) => [
    ...server.arrived(`${tag}-${place}`),
  ]);
  const packets = server.takePackets();
  return {
    ended,
    reached: new Set([
      ...byWord,
      ...byServer,
      ...(packets.has('stun') ? ['webrtc'] : []),
      ...(packets.has('quic') ? ['web-transport'] : []),
    ]),
  };
}

async function runOnSite(
  fixture: Fixture,
  server: CanaryServer,
  tag: string,
): Promise<Readonly<Record<string, Endings>>> {
  const page = await fixture.browser.newPage();
  // Chromium asks nobody then; Firefox is told so by the fixture's preferences.
  await fixture.browser
    .defaultBrowserContext()
    .overridePermissions(server.http, ['clipboard-read', 'notifications', 'geolocation'])
    .catch(() => undefined);
  await page.setGeolocation({ latitude: 1, longitude: 1 }).catch(() => undefined);
  await page.emulateFocusedPage(true).catch(() => undefined);
  // The page keeps loading what its program asks for; the program's own end is what counts.
  await page.goto(`${server.http}/control`, { waitUntil: 'domcontentloaded', timeout: 5000 }).catch(() => undefined);
  await page.waitForFunction('globalThis.control !== undefined', { timeout: 60_000, polling: 50 });
  const ended = (await page.evaluate('control')) as Record<string, Endings>;
  await page
    .goto(`${server.http}/frames/${TOP}`, { waitUntil: 'domcontentloaded', timeout: 1500 })
    .catch(() => undefined);
  await until(() => {
    if (!server.arrived(`${tag}-frame`).has(TOP)) throw new Error(`${TOP} led nowhere`);
  });
  await page.close();
  return ended;
}

const inScript = (text: string): string => text.replaceAll('</', '<\\/');
