import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CanaryServer, startCanaryServer } from '../support/box/canary-server.ts';
import type { BrowserName, Fixture } from '../support/box/extension.ts';
import { CONNECTING, LOOKING_UP } from '../support/preview/connecting.ts';
import type { GuestPages, GuestServer } from '../support/preview/guest-server.ts';
import { openShownPage, type ShownPage } from '../support/preview/shown-page.ts';
import { openSilentPorts } from '../support/preview/silent-ports.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import type { PreviewState } from '../../src/ui/preview/preview-state.ts';

declare const host: PreviewState;

/** Asks the canary by STUN from whatever realm it is given; ends when the candidates are gathered. */
const STUN = `async (realm, port) => {
  const peer = new realm.RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:' + port }] });
  peer.createDataChannel('x');
  const over = new Promise((done) => { peer.onicegatheringstatechange = () => peer.iceGatheringState === 'complete' && done(); });
  await peer.setLocalDescription(await peer.createOffer());
  await Promise.race([over, new Promise((done) => setTimeout(done, 3000))]);
}`;
/** Each makes a realm of its own by another way, and there the same; a page of a stranger says when it has tried. */
const WAYS = (port: number): Readonly<Record<string, string>> => {
  const inner = `<script>(${STUN})(window, ${String(port)})</script>`;
  const srcdoc = `const frame = document.createElement('iframe'); frame.srcdoc = ${JSON.stringify(inner)};`;
  return {
    own: `(${STUN})(window, ${String(port)})`,
    blank: `const frame = document.createElement('iframe'); document.body.append(frame); (${STUN})(frame.contentWindow, ${String(port)})`,
    srcdoc: `${srcdoc} document.body.append(frame);`,
    busy: `${srcdoc} document.body.append(frame); const until = performance.now() + 500; while (performance.now() < until);`,
    shadow: `${srcdoc} const at = document.createElement('p'); document.body.append(at); at.attachShadow({ mode: 'closed', clonable: true }).append(frame); document.body.append(at.cloneNode(true));`,
    markup: `document.body.innerHTML += '<iframe srcdoc="' + ${JSON.stringify(inner)}.replaceAll('"', '&quot;') + '"></iframe>';`,
    written: `document.write('<div><template shadowrootmode=open><iframe srcdoc="' + ${JSON.stringify(inner)}.replaceAll('"', '&quot;') + '"></iframe></template></div>');`,
    unsafe: `document.body.setHTMLUnsafe('<div><template shadowrootmode=open><iframe srcdoc="' + ${JSON.stringify(inner)}.replaceAll('"', '&quot;') + '"></iframe></template></div>');`,
    patched: `HTMLCollection.prototype.item = () => null; Object.defineProperty(HTMLCollection.prototype, 'length', { get: () => 0 }); Element.prototype.remove = () => {}; ${srcdoc} document.body.append(frame);`,
  };
};

/** Pages whose own markup makes a realm, past who reads it first: shadow roots that the parser makes, markup that reads otherwise twice. */
const SERVED = (port: number): Readonly<Record<string, string>> => {
  const script = `<script>(${STUN})(window, ${String(port)})</script>`
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;');
  const frame = `<div><template shadowrootmode=open><iframe srcdoc="${script}"></iframe></template></div>`;
  const head = '<!doctype html><title>Hostile</title>';
  return {
    framed: `${head}<iframe srcdoc="${script}"></iframe>`,
    shadowed: head + frame,
    templated: `${head}<body><template id=t>${frame}</template><script>document.body.append(document.querySelector('#t').content)</script>`,
    unscripted: `${head}<noscript><style></noscript>${frame}</style></noscript>`,
    nested: `${head}<form><div></form><form><math><mtext></form><form><mglyph><style></math>${frame}</style>`,
    mapped: `${head}<script type=importmap>${JSON.stringify({ imports: { ['</script>' + frame]: './part.js' } }).replaceAll('<', String.raw`\u003c`)}</script>`,
  };
};
/** Its map is read by nobody but us. */
const HARMLESS = new Set(['nested', 'mapped']);

describe.each<BrowserName>(['chrome', 'firefox'])('the wall of a preview in %s', (name) => {
  let canary: CanaryServer;
  let shown: ShownPage;
  let server: GuestServer;
  let fixture: Fixture;
  let page: Page;
  const show = (path: string) => shown.show(path, 'Hostile');
  /** Runs it in a page of its own, and waits until all that it began is over. */
  const attack = async (code: string, ms = 1000): Promise<string> => {
    await show('/');
    const said = await server.run(`(async () => {
      let said = 'ran';
      try { ${code} } catch (error) { said = String(error); }
      await new Promise((done) => setTimeout(done, ${String(ms)}));
      return said;
    })()`);
    return String(said);
  };
  beforeAll(async () => {
    canary = await startCanaryServer((path) => {
      const body = path === '/free.html' ? '<title>free</title><body>free</body>' : SERVED(canary.stun)[path.slice(1)];
      return body === undefined ? null : { type: 'text/html', body };
    });
    const pages = Object.entries(SERVED(canary.stun)).map(([way, markup]) => [`/${way}`, markup] as const);
    const index = '<title>Hostile</title><body>hostile</body>';
    const served: GuestPages = { ...Object.fromEntries<string>(pages), '/': index, '/part.js': 'export {}' };
    shown = await openShownPage(name, served);
    ({ server, fixture, page } = shown);
  });
  afterAll(async () => {
    await shown.close();
    await canary.close();
  });

  /** Whether it is so soon: a control waits for what shows that a way leads out, and no longer. */
  const isSoon = async (hasCome: () => boolean, ms = 10_000): Promise<boolean> => {
    await expect
      .poll(hasCome, { timeout: ms, interval: 10 })
      .toBe(true)
      .catch(() => undefined);
    return hasCome();
  };
  /** Whether a packet has come since; remembers what it takes, as it is asked more than once. */
  const packetsFromNow = (): (() => boolean) => {
    canary.takePackets();
    let has = false;
    return () => (has ||= canary.takePackets().has('stun'));
  };
  /** The same in a page of the web, which no wall is around, until what it is tried for has come. */
  const attackFreely = async (code: string, fromNow: () => () => boolean): Promise<boolean> => {
    const ours = new Set(await fixture.browser.pages());
    const free = await fixture.browser.newPage();
    await free.goto(`${canary.http}/free.html`);
    const hasCome = fromNow();
    // Not waited for: it ends with its page.
    await free.evaluate(`void (async () => { try { ${code} } catch {} })()`);
    const has = await isSoon(hasCome);
    for (const opened of await fixture.browser.pages()) if (!ours.has(opened)) await opened.close();
    return has;
  };

  it('is tested by ways of WebRTC that lead out where no wall is, each of them', async () => {
    const leading: string[] = [];
    for (const [way, code] of Object.entries(WAYS(canary.stun))) {
      if (await attackFreely(code, packetsFromNow)) leading.push(way);
    }
    expect(leading).toEqual(Object.keys(WAYS(0)));
  });

  it('lets no packet of WebRTC out, from no realm that a page can make', async () => {
    canary.takePackets();
    for (const [way, code] of Object.entries(WAYS(canary.stun))) {
      expect(await attack(code), way).toMatch(/^ran$|RTCPeerConnection|setHTMLUnsafe/);
      expect([...canary.takePackets()], way).toEqual([]);
      expect(await server.run('window.length'), way).toBe(0);
    }
  });

  it('is tested by pages whose markup leads out where no wall is', async () => {
    const leading: string[] = [];
    for (const way of Object.keys(SERVED(0))) {
      const free = await fixture.browser.newPage();
      const hasCome = packetsFromNow();
      await free.goto(`${canary.http}/${way}`);
      if (await isSoon(hasCome, HARMLESS.has(way) ? 1000 : undefined)) leading.push(way);
      await free.close();
    }
    expect(leading).toEqual(Object.keys(SERVED(0)).filter((way) => !HARMLESS.has(way)));
  });

  it('lets no packet of WebRTC out by the markup of a page', async () => {
    canary.takePackets();
    for (const way of Object.keys(SERVED(0))) {
      await show(`/${way}`);
      await server.run('new Promise((done) => setTimeout(done, 1000))');
      expect([...canary.takePackets()], way).toEqual([]);
      expect(await server.run('window.length'), way).toBe(0);
    }
  });

  /** Requests by every element and call that makes one; each names itself. */
  const requests = (tag: string): Readonly<Record<string, string>> => {
    const to = (route: string) => JSON.stringify(`${canary.http}/${tag}/${route}`);
    return {
      fetch: `fetch(${to('fetch')}).catch(() => {})`,
      image: `new Image().src = ${to('image')}`,
      beacon: `navigator.sendBeacon(${to('beacon')})`,
      socket: `new WebSocket(${JSON.stringify(`${canary.ws}/${tag}/socket`)})`,
      frame: `document.body.insertAdjacentHTML('beforeend', '<iframe src=' + ${to('frame')} + '></iframe>')`,
      style: `document.body.insertAdjacentHTML('beforeend', '<style>@import ' + ${JSON.stringify(to('style'))} + ';</style>')`,
      'form?': `const form = document.createElement('form'); form.action = ${to('form')}; form.target = 'elsewhere'; document.body.append(form); form.submit()`,
      popup: `open(${to('popup')})`,
    };
  };

  /** A host of its own for each, so that no connection is there already. */
  const hostFor = (way: string, tag: string, port = canary.tcp): string =>
    `http://${way.replaceAll(/[ ,]+/g, '-').toLowerCase()}.${tag}.localhost:${String(port)}`;
  const SOON_MS = 300;

  it('is tested by ways of a script that connect where no wall is', async () => {
    const ways = Object.entries(CONNECTING);
    // Firefox connects by the frames alone, as they load.
    const expected = ways.map(([way]) => way).filter((way) => name === 'chrome' || way.includes('frame'));
    await using silent = await openSilentPorts(Object.keys(CONNECTING));
    const programs = ways.map(([way, code]) => code(hostFor(way, 'free', silent.ports.get(way))));
    const free = await fixture.browser.newPage();
    await free.goto(`${canary.http}/free.html`);
    // Each in a page of its own, all of them within one tab, whose start takes longer than what is tried in it.
    await free.evaluate(async (all) => {
      for (const code of all) {
        const frame = document.createElement('iframe');
        frame.src = '/free.html';
        const loaded = new Promise((done) => (frame.onload = done));
        document.body.append(frame);
        await loaded;
        const inside = frame.contentWindow as unknown as Pick<typeof globalThis, 'eval'>;
        inside.eval(`void (async () => { try { ${code} } catch {} })()`);
      }
    }, programs);
    await isSoon(() => expected.every((way) => silent.connected.has(way)));
    // The others have as long as any of them in a preview.
    if (expected.length < ways.length) await isSoon(() => silent.connected.size > expected.length, SOON_MS);
    await free.close();
    expect(Object.keys(CONNECTING).filter((way) => silent.connected.has(way))).toEqual(expected);
  });

  it('opens no connection by a link or a frame that a script makes', async () => {
    for (const [way, code] of Object.entries(CONNECTING)) {
      canary.takeConnections();
      await attack(code(hostFor(way, 'preview')), SOON_MS);
      expect(canary.takeConnections(), way).toBe(0);
    }
  });

  it('is tested by requests that do go out where no wall is', async () => {
    const wanted = Object.keys(requests('free')).sort();
    const hasAll = (): boolean => canary.arrived('free').size >= wanted.length;
    await attackFreely(Object.values(requests('free')).join(';\n'), () => hasAll);
    expect([...canary.arrived('free')].sort()).toEqual(wanted);
  });

  it('lets no request out, and no page lead the extension away', async () => {
    const leave = JSON.stringify(`${canary.http}/preview/leave`);
    for (const [route, code] of Object.entries(requests('preview')))
      expect(await attack(code), route).toMatch(/^ran$|SecurityError|InvalidAccessError/);
    expect(await attack(`top.location = ${leave}`)).toContain('SecurityError');
    await show('/');
    await server.tell(`setTimeout('location.href = ' + ${JSON.stringify(leave)})`);
    await page.waitForFunction(
      () => host.shown.value.kind === 'failed' && host.shown.value.error.code === 'preview/leads-away',
      { polling: 20 },
    );
    expect([...canary.arrived('preview')]).toEqual([]);
    expect(await page.evaluate(() => location.pathname)).toBe('/preview-host.html');
  });

  /** What a page tries with each frame beside its own: in a preview that is the one made ahead for the next page. */
  const beside = (address: string): string => `(async () => {
    while (parent.length < 2) await new Promise((done) => setTimeout(done, 10));
    await new Promise((done) => setTimeout(done, 300));
    let tried = 0;
    let heard = 0;
    const read = [];
    for (let at = 0; at < parent.length; at += 1) {
      const frame = parent[at];
      if (frame === self) continue;
      tried += 1;
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => { heard += 1; };
      frame.postMessage({ op: 'preview-connect' }, '*', [port2]);
      try { read.push(String(frame.document)); } catch {}
      await new Promise((done) => setTimeout(done, 300));
      try { frame.location = ${JSON.stringify(address)}; } catch {}
    }
    await new Promise((done) => setTimeout(done, 500));
    return { tried, heard, read };
  })()`;

  it('is tested by a page that reaches the frame beside it where no wall is', async () => {
    const beginning = `const frames = [0, 1].map(() => document.body.appendChild(document.createElement('iframe')));
      frames[0].contentWindow.onmessage = ({ ports }) => ports[0].postMessage('heard');`;
    canary.takeConnections();
    await attackFreely(
      `${beginning} const said = await frames[1].contentWindow.eval(${JSON.stringify(beside(hostFor('beside', 'free')))});
      await fetch('${canary.http}/unwalled/said-' + said.tried + said.heard + said.read.length);`,
      () => () => canary.arrived('unwalled').size > 0,
    );
    expect(canary.takeConnections()).toBeGreaterThan(0);
    expect([...canary.arrived('unwalled')]).toEqual(['said-111']);
  });

  it('lets no page reach the frame that is made ahead for the next', async () => {
    canary.takeConnections();
    await show('/');
    expect(await server.run(beside(hostFor('beside', 'preview')))).toEqual({ tried: 1, heard: 0, read: [] });
    expect(canary.takeConnections()).toBe(0);
    await show('/');
    expect(await server.run(`1 + 1`)).toBe(2);
  });

  it('closes a page that floods, and takes nothing that our script does not send', async () => {
    await show('/');
    const forge = (code: string) => server.tell(`void (() => { ${code} })()`);
    await forge(`
      const plain = MessagePort.prototype.postMessage;
      MessagePort.prototype.postMessage = function (message) { globalThis.port = this; plain.call(this, message); };
      fetch('/').then(() => plain.call(globalThis.port, { op: 'ask', id: 1, port: 22, request: { method: 'GET', path: '/', headers: [], body: null } }));
    `);
    await page.waitForFunction(
      () => host.shown.value.kind === 'failed' && host.shown.value.error.code === 'preview/misused',
      { polling: 20 },
    );
    await show('/');
    await forge(`setTimeout(() => { for (let at = 0; at < 6000; at += 1) history.pushState(null, '', '/' + at); })`);
    await page.waitForFunction(
      () => host.shown.value.kind === 'failed' && host.shown.value.error.code === 'preview/misused',
      { polling: 20 },
    );
  });
});

describe('names in a preview in chrome', () => {
  it('are looked up by no link that a script makes', async () => {
    const folder = createTemporaryFolder('preview-names');
    const log = join(folder.path, 'net.json');
    // What the browser's own log of its network says: no server sees who looks up a name.
    const shown = await openShownPage(
      'chrome',
      { '/': '<title>Hostile</title><body>hostile</body>' },
      {
        args: [`--log-net-log=${log}`],
      },
    );
    const ask = (tag: string): string =>
      Object.values(LOOKING_UP)
        .map((code, at) => `{ ${code(`http://name-${String(at)}.${tag}.localhost:1/`)} }`)
        .join(';');
    try {
      const free = await shown.fixture.browser.newPage();
      await free.goto(`http://127.0.0.1:${String(shown.server.port)}/`);
      await free.evaluate(ask('free'));
      await shown.show('/', 'Hostile');
      await shown.server.run(
        `(async () => { ${ask('preview')}; await new Promise((done) => setTimeout(done, 1000)); })()`,
      );
    } finally {
      await shown.close();
    }
    const said = await readFile(log, 'utf8');
    await folder.remove();
    const names = (tag: string) => new Set(said.match(new RegExp(`name-\\d+\\.${tag}\\.localhost`, 'g')));
    expect([...names('free')]).toHaveLength(Object.keys(LOOKING_UP).length);
    expect([...names('preview')]).toEqual([]);
  });
});
