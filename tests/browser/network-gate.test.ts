import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BrowserName, Fixture } from '../support/box/extension.ts';
import { networkOffSentence } from '../../src/contracts/network.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { type LoopbackServer, startLoopback } from '../support/loopback-server.ts';
import { launchNetwork } from '../support/network/browser-fixture.ts';
import type { NetworkPage } from '../support/network/browser-host.ts';
import { NodeRegistry } from '../support/node-registry.ts';
import { PackageIndex } from '../support/package-index.ts';
import { isWhole } from '../support/whole.ts';

declare const network: NetworkPage;

const MINE = 'conversation-one';
/** Names that a guest asks for; the server of this test stands for them. */
const SITE = 'https://api.example.org';
const PACKAGES = 'https://pypi.org';
const NODE_PACKAGES = 'https://registry.npmjs.org';
const DEBIAN = 'https://deb.example.org';

describe.each<BrowserName>(['chrome', 'firefox'])('the network gate in %s', (name) => {
  let fixture: Fixture;
  let server: LoopbackServer;
  let other: LoopbackServer;
  const index = new PackageIndex();
  const registry = new NodeRegistry(NODE_PACKAGES);
  /** Files of a small archive of Debian packages. */
  const archive = new Map<string, Buffer>();
  beforeAll(needsLinuxImage);
  beforeAll(async () => {
    await index.publish('folium', { 'folium.py': 'import branca\nMAP = branca.ZOOM * 2' }, ['branca>=0.6', 'requests']);
    await index.publish('branca', { 'branca.py': 'ZOOM = 21' });
    registry.publish('pad', { '1.4.0': { files: { 'index.js': 'exports.width = 4' } } });
    registry.publish('top', { '3.0.1': { needs: { pad: '^1.0.0' }, scripts: { postinstall: 'touch /mnt/data/ran' } } });
    other = await startLoopback((_request, response) => response.end('elsewhere'));
    server = await startLoopback(({ path }, response) => {
      const file = archive.get(path);
      if (file) response.end(file);
      else if (path.startsWith('/debian/')) response.writeHead(404).end();
      else if (path === '/cookie') response.writeHead(200, { 'set-cookie': 'id=1; Path=/' }).end('set');
      else if (path === '/never' || index.answers(path, response) || registry.answers(path, response)) return;
      else if (path === '/asked') response.end(String(server.seen.some((one) => one.path === '/never')));
      else if (path === '/redirect') response.writeHead(302, { location: `${other.origin}/` }).end();
      else response.writeHead(path === '/missing' ? 404 : 200, { 'content-type': 'text/plain' }).end(`hello ${path}`);
    });
    fixture = await launchNetwork(name);
    for (const stoodFor of [SITE, PACKAGES, NODE_PACKAGES, DEBIAN])
      await fixture.page.evaluate((one, origin) => network.standFor(one, origin), stoodFor, server.origin);
  });
  afterAll(async () => {
    await fixture.close();
    await server.close();
    await other.close();
  });
  const run = (language: 'javascript' | 'python' | 'shell', code: string, session = MINE) =>
    fixture.page.evaluate((inside, kind, text) => network.run(inside, kind, text), session, language, code);
  const mayWait = async () => name === 'chrome' || (await fixture.page.evaluate(() => 'Suspending' in WebAssembly));
  const allow = (origins: readonly string[]) =>
    fixture.page.evaluate((inside, list) => network.allow(inside, list), MINE, origins);

  test('reaches nothing by default', async () => {
    await allow([]);
    const seen = server.seen.length;
    const javascript = await run('javascript', `await fetch('${server.origin}/a')`);
    expect(javascript.outcome).toMatchObject({ error: { code: 'run/network-off' } });
    const python = await run('python', `import urllib.request\nurllib.request.urlopen('${server.origin}/a')`);
    expect(python.outcome).toMatchObject({ error: { code: 'python/network-off' } });
    expect(server.seen).toHaveLength(seen);
  });

  test('fetch of JavaScript gets what was allowed, for that conversation only, and it is in the log', async () => {
    await allow([server.origin]);
    const code = `const answer = await fetch('${server.origin}/a?key=1'); [answer.status, await answer.text()].join()`;
    expect((await run('javascript', code)).outcome).toMatchObject({ error: null, result: "'200,hello /a?key=1'" });
    expect((await run('javascript', code, 'conversation-two')).outcome).toMatchObject({
      error: { code: 'run/network-off' },
    });
    const log = await fixture.page.evaluate(() => network.log(2));
    expect(log).toMatchObject([
      { sessionId: 'conversation-two', outcome: 'not-allowed', status: null },
      { sessionId: MINE, runner: 'javascript', address: `${server.origin}/a`, status: 200, outcome: 'passed' },
    ]);
  });

  test('a request of JavaScript ends by its signal, at the server as well', async () => {
    await allow([server.origin]);
    const code = `
const ending = new AbortController();
const waiting = fetch('${server.origin}/never', { signal: ending.signal }).catch(({ name }) => name);
while ((await (await fetch('${server.origin}/asked')).text()) === 'false') await new Promise((soon) => setTimeout(soon, 300));
ending.abort();
await waiting`;
    expect((await run('javascript', code)).outcome).toMatchObject({ error: null, result: "'AbortError'" });
    await expect.poll(() => server.left).toEqual(['/never']);
  });

  test('requests and urllib of Python get what was allowed, where the browser lets Python wait', async () => {
    await allow([server.origin]);
    const code = `
import requests, urllib.request
print(requests.get('${server.origin}/b').text, requests.get('${server.origin}/missing').status_code)
print(urllib.request.urlopen('${server.origin}/c').read())`;
    const { outcome, stdout } = await run('python', code);
    if (await mayWait()) expect(stdout).toBe("hello /b 404\nb'hello /c'\n");
    else expect(outcome).toMatchObject({ error: { code: 'python/network-off' } });
  });

  test('pip of Python installs from an index that was allowed, and says so of one that was not', async () => {
    const code = `%pip install --index-url ${server.origin}/simple/ folium\nimport folium\nfolium.MAP`;
    await allow([]);
    const shut = await run('python', code);
    expect(shut.outcome).toMatchObject({ error: { code: 'python/package-unavailable' } });
    expect(shut.stdout).toContain('folium is not among the packages of this device. The network is off');
    await allow([server.origin]);
    const { outcome, stdout } = await run('python', code);
    if (await mayWait()) {
      expect(outcome).toMatchObject({ error: null, result: '42' });
      expect(stdout).toBe('Installed folium 1.0.\nInstalled branca 1.0.\n');
    } else expect(stdout).toContain('This browser has no way to wait');
  });

  // A machine waits for its network with no help of the browser's, and takes long to start: in one every day.
  if (isWhole || name === 'firefox') {
    test('curl in Linux gets what was allowed, and is told what is not', async () => {
      const code = `curl -s ${SITE}/from-linux; echo; curl -s -o /dev/null -w '%{http_code}\\n' ${SITE}/missing; curl -s https://other.example/`;
      await allow([]);
      const seen = server.seen.length;
      const shut = await run('shell', code);
      expect(shut.stdout).toBe('\n403\n');
      expect(shut.notices).toContain(networkOffSentence('api.example.org'));
      expect(server.seen).toHaveLength(seen);
      await allow([SITE]);
      const { stdout, notices } = await run('shell', code);
      expect(stdout).toBe('hello /from-linux\n404\n');
      expect(notices).toEqual([networkOffSentence('other.example')]);
      const log = await fixture.page.evaluate(() => network.log(3));
      expect(log.find(({ outcome }) => outcome === 'passed')).toMatchObject({ sessionId: MINE, runner: 'shell' });
    });

    test('pip in Linux installs from an index that was allowed, and says so of one that was not', async () => {
      const code = 'pip install branca 2>&1 && python3 -c "import branca; print(branca.ZOOM)"';
      await allow([]);
      expect((await run('shell', code)).stdout).toContain(
        'branca is not among the packages of this device. The network is off for programs here.',
      );
      await allow([PACKAGES]);
      expect((await run('shell', code)).stdout).toBe('Installed branca 1.0.\n21\n');
    });

    test('npm in Linux installs from a registry that was allowed, and runs no script of a package', async () => {
      const code = `rm -rf app ran; mkdir app; (cd app; npm install top 2>&1; ls node_modules; cat node_modules/pad/index.js); echo; [ -e ran ] || echo "nothing ran"`;
      await allow([]);
      expect((await run('shell', code)).stdout).toContain('registry.npmjs.org is not allowed');
      await allow([NODE_PACKAGES]);
      const { stdout } = await run('shell', code);
      expect(stdout.split('\n')).toEqual([
        'top: its postinstall script was not run: scripts of packages do not run here.',
        'added 2 packages',
        ...['pad', 'top', 'exports.width = 4', 'nothing ran', ''],
      ]);
    });

    test('apt in Linux installs from an archive that was allowed', async () => {
      const made = await run(
        'shell',
        `(mkdir -p /tmp/deb/DEBIAN /tmp/deb/usr/bin && cd /tmp; dpkg -P moo > /dev/null 2>&1
         printf '#!/bin/sh\necho moo\n' > deb/usr/bin/moo && chmod 755 deb/usr/bin/moo
         printf 'Package: moo\nVersion: 1.0\nArchitecture: all\nMaintainer: a <a@example.org>\nDescription: x\n' > deb/DEBIAN/control
         dpkg-deb -b deb moo.deb > /dev/null; sha256sum < moo.deb; base64 -w 0 moo.deb)`,
      );
      const [sum = '', base64 = ''] = made.stdout.split('\n');
      const moo = Buffer.from(base64, 'base64');
      archive.set('/debian/moo.deb', moo);
      archive.set(
        '/debian/Packages',
        Buffer.from(
          `Package: moo\nVersion: 1.0\nArchitecture: all\nMaintainer: a <a@example.org>\nFilename: ./moo.deb\nSize: ${moo.length}\nSHA256: ${sum.split(' ')[0]}\nDescription: x\n\n`,
        ),
      );
      const install = `rm -f /etc/apt/sources.list.d/*; echo "deb [trusted=yes] http://deb.example.org/debian ./" > /etc/apt/sources.list
        apt-get -q update 2>&1; apt-get -qq -y install moo 2>&1; moo`;
      await allow([]);
      expect((await run('shell', install)).stdout).toContain('deb.example.org is not allowed for this conversation');
      await allow([DEBIAN]);
      expect((await run('shell', install)).stdout).toMatch(/^moo\n$/mu);
    }, 300_000);
  }

  test('sends nothing of the person: no cookie, no referrer', async () => {
    await allow([server.origin]);
    const tab = await fixture.browser.newPage();
    await tab.goto(`${server.origin}/cookie`);
    await tab.goto(`${server.origin}/with`);
    expect(server.seen.findLast(({ path }) => path === '/with')?.headers.cookie).toBe('id=1');
    await tab.close();
    await run('javascript', `await (await fetch('${server.origin}/without', { credentials: 'include' })).text()`);
    const seen = server.seen.findLast(({ path }) => path === '/without');
    expect(seen).toBeDefined();
    expect(seen?.headers).not.toHaveProperty('cookie');
    expect(seen?.headers).not.toHaveProperty('referer');
  });

  test('follows no redirect', async () => {
    await allow([server.origin, other.origin]);
    const { outcome } = await run('javascript', `await fetch('${server.origin}/redirect')`);
    expect(outcome).toMatchObject({ error: { code: 'js/exception' } });
    expect(outcome.kind === 'completed' && outcome.error?.message).toContain('redirect');
    expect(other.seen).toHaveLength(0);
  });
});
