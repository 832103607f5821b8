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
});
