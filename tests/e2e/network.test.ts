import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionId } from '../../src/contracts/ids.ts';
import type { Language } from '../../src/contracts/run.ts';
import type { Selection } from '../../src/contracts/selection.ts';
import { expectCleanSite, finishedCard, pressByKey, sendMessage, turnEnded } from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { type LoopbackServer, startLoopback } from '../support/loopback-server.ts';
import { NodeRegistry } from '../support/node-registry.ts';
import { PackageIndex } from '../support/package-index.ts';
import { connectRunsClient, outcomeOf, runRequest, textOf } from '../support/runs-client/index.ts';

let server: LoopbackServer;
const index = new PackageIndex();
let registry: NodeRegistry;
const world = siteInChromium();

beforeAll(needsLinuxImage);
beforeAll(async () => {
  server = await startLoopback(({ path }, response) => {
    if (!index.answers(path, response) && !registry.answers(path, response)) response.end(`hello ${path}`);
  });
  await index.publish('branca', { 'branca.py': 'ZOOM = 21' });
  registry = new NodeRegistry(server.origin);
  registry.publish('pad', { '1.4.0': { files: { 'index.js': 'exports.width = 4' } } });
});
afterAll(async () => {
  await server.close();
});

describe('a conversation’s network', () => {
  it('is off, is allowed in the popup for one host, is used, is listed, and is taken back', async () => {
    const chat = await world.chromium.newChatPage();
    await sendMessage(chat, world.site, 'hello');
    await finishedCard(chat);
    await turnEnded(chat);
    const sessionId = new URL(chat.url()).pathname.split('/').at(-1) as SessionId;
    const popup = await world.chromium.popupPage();
    await popup.waitForSelector('[data-part="host-field"]');
    const client = await connectRunsClient(popup);
    // A second try has its own conversation, but the same server.
    const seenBefore = server.seen.length;
    const python = (path: string) =>
      client.run(
        runRequest(`import requests\nprint(requests.get('${server.origin}${path}').text)`, 'network', { sessionId }),
      );
    const refused = await python('/before');
    expect(outcomeOf(refused)).toMatchObject({ error: { code: 'python/network-off' } });

    await popup.type('[data-part="host-field"]', server.origin);
    await popup.waitForSelector('[data-action="allow-host"]:not([disabled])');
    await pressByKey(popup, '[data-action="allow-host"]');
    await popup.waitForSelector(`[data-origin="${server.origin}"]`);
    const saysOfNetwork = async (language: Language, code: string) => {
      const answer = await client.call('select', { sessionId, language, label: null, code });
      if (!answer.ok) throw new Error(answer.error.code);
      const { decision } = answer.value as Selection;
      return decision.factors.flatMap(({ name, text }) => (name === 'network' ? [text] : []));
    };
    const both = `import requests\nrequests.get('${server.origin}/a')\nrequests.get('https://other.example/b')`;
    expect(await saysOfNetwork('python', both)).toEqual([
      'It needs other.example, which you did not allow.',
      `It reaches ${server.origin}, which you allowed.`,
    ]);
    expect(await saysOfNetwork('shell', `curl ${server.origin}/a`)).toEqual([
      `It reaches ${server.origin}, which you allowed.`,
    ]);
    const allowed = await python('/allowed?key=1');
    expect(textOf(allowed, 'stdout')).toBe('hello /allowed?key=1\n');
    const bytes = allowed.events.flatMap(({ event }) => (event.kind === 'network' ? [event.bytes] : []));
    expect(bytes).toHaveLength(1);
    expect(bytes[0]).toBeGreaterThan('hello /allowed?key=1'.length);
    expect(refused.events.some(({ event }) => event.kind === 'network')).toBe(false);
    await popup.waitForSelector('[data-part="egress"] [data-outcome="passed"]');
    const log = await popup.$eval('[data-part="egress"]', (element) => element.textContent);
    expect(log).toContain(`GET ${server.origin}/allowed`);
    expect(log).not.toContain('key=1');
    const javascript = runRequest(`(await (await fetch('${server.origin}/js')).text())`, 'network', {
      sessionId,
      language: 'javascript',
    });
    expect(outcomeOf(await client.run(javascript))).toMatchObject({ error: null, result: "'hello /js'" });

    // Its own addresses are no business of the proxy's, unless a program says so.
    const shell = runRequest(`curl -s --noproxy '' ${server.origin}/shell`, 'network', {
      sessionId,
      language: 'shell',
    });
    const asked = await client.run(shell);
    expect({ outcome: outcomeOf(asked), text: textOf(asked, 'stdout') }).toMatchObject({
      outcome: { kind: 'completed', exitCode: 0, error: null },
      text: 'hello /shell',
    });

    const printed = async (code: string) =>
      textOf(await client.run(runRequest(code, 'network', { sessionId, language: 'shell' })), 'stdout');
    // As above: this server stands for one that is elsewhere.
    const installs = {
      pip: `no_proxy= NO_PROXY= pip install --index-url ${server.origin}/simple/ branca 2>&1 && python3 -c 'import branca; print(branca.ZOOM)'`,
      npm: `mkdir app; (cd app; no_proxy= NO_PROXY= npm install --registry ${server.origin} pad 2>&1; cat node_modules/pad/index.js)`,
    };
    expect(await printed(installs.pip)).toBe('Installed branca 1.0.\n21\n');
    expect(await printed(installs.npm)).toBe('added 1 package\nexports.width = 4');

    // A machine that was made for less reaches less, whatever its conversation may.
    const fromMachine = async (name: string, networking: object) => {
      const json = JSON.stringify({ name, image: 'python-data', networking });
      expect(await client.call('createMachine', { sessionId, json })).toMatchObject({ ok: true });
      expect(await client.call('chooseMachine', { sessionId, name })).toMatchObject({ ok: true });
      return textOf(await client.run(shell), 'stdout');
    };
    const notOfMachine = 'This machine was made for other hosts, or for none';
    expect(await fromMachine('closed', { enabled: false })).toContain(notOfMachine);
    expect(await fromMachine('elsewhere', { enabled: true, allowedHosts: ['other.example'] })).toContain(notOfMachine);
    expect(await fromMachine('here', { enabled: true, allowedHosts: [server.origin] })).toBe('hello /shell');
    expect(await client.call('chooseMachine', { sessionId, name: null })).toMatchObject({ ok: true });

    await pressByKey(popup, '[data-action="remove-host"]');
    await popup.waitForFunction(() => document.querySelector('[data-origin]') === null);
    expect(outcomeOf(await client.run(javascript))).toMatchObject({ error: { code: 'run/network-off' } });
    expect(textOf(await client.run(shell), 'stdout')).toContain('The network is off for programs here.');
    expect(server.seen.slice(seenBefore).map(({ path }) => path)).toEqual([
      '/allowed?key=1',
      '/js',
      '/shell',
      '/simple/branca/',
      '/files/branca-1.0-py3-none-any.whl',
      '/pad/latest',
      '/pad/-/1.4.0.tgz',
      '/shell',
    ]);
    expectCleanSite(world.site, world.chromium.problems);
  }, 180_000);
});
