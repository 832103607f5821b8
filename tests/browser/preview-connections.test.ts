import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/contracts/limits.ts';
import { CONNECTIONS_FULL } from '../../src/contracts/preview.ts';
import type { PreviewState } from '../../src/ui/preview/preview-state.ts';
import type { BrowserName } from '../support/box/extension.ts';
import { openShownPage, type ShownPage } from '../support/preview/shown-page.ts';

declare const host: PreviewState;

describe.each<BrowserName>(['chrome', 'firefox'])('connections of a page of a server in %s', (name) => {
  let shown: ShownPage;
  beforeAll(async () => {
    shown = await openShownPage(name);
    await shown.show('/next', 'Next');
  });
  afterAll(() => shown.close());

  it('are so many; which was one too many is said to the page and to the person', async () => {
    const { server, page } = shown;
    const most = LIMITS.previewSockets.standard;
    const said = await server.run(`(async () => {
      const open = [];
      const one = () => new Promise((done) => {
        const socket = new WebSocket('ws://' + new URL(document.baseURI).host + '/stays');
        open.push(socket);
        socket.onopen = () => done('open');
        socket.onclose = ({ code, reason }) => done(code + ' ' + reason);
      });
      const all = [];
      while (all.length < ${String(most)}) all.push(await one());
      const refused = await one();
      open[0].close();
      await new Promise((done) => { open[0].onclose = done; });
      return { all: [...new Set(all)], refused, next: await one() };
    })()`);
    expect(said).toEqual({ all: ['open'], refused: `1006 ${CONNECTIONS_FULL}`, next: 'open' });
    expect(await page.evaluate(() => host.said.value)).toContain(`Preview keeps ${String(most)} open at once`);
  });

  it('are asked for again by an EventSource, which the person hears once until there was a place', async () => {
    const { server, page } = shown;
    await shown.show('/app', 'App /app');
    const said = await page.evaluateHandle(() => {
      const texts: string[] = [];
      host.said.subscribe((text) => {
        if (text !== null) texts.push(text);
        host.said.value = null;
      });
      return texts;
    });
    const heard = await server.run(`(async () => {
      const later = setTimeout;
      globalThis.setTimeout = (run, ms) => later(run, ms / 30); // it waits 3 s each time
      const one = () => new Promise((done) => {
        const socket = new WebSocket('ws://' + new URL(document.baseURI).host + '/stays');
        socket.onopen = () => done(socket);
        socket.onclose = () => done(null);
      });
      const open = [];
      while (open.length < ${String(LIMITS.previewSockets.standard)}) open.push(await one());
      const source = new EventSource('/events');
      for (let times = 0; times < 4; times++) await new Promise((done) => { source.onerror = done; });
      const state = source.readyState;
      open[0].close();
      await new Promise((done) => { source.onmessage = ({ data }) => data === 'after 7' && done(); });
      return { state, next: await one() };
    })()`);
    expect(heard).toEqual({ state: 0, next: null });
    expect(await said.jsonValue()).toHaveLength(2);
  });
});
