import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BrowserName, type Fixture, launchFixture } from '../support/box/extension.ts';
import { type GuestServer, startGuestServer } from '../support/preview/guest-server.ts';
import type { PreviewState } from '../../src/ui/preview/preview-state.ts';

declare const host: PreviewState;

describe.each<BrowserName>(['chrome', 'firefox'])('the page of a server in %s', (name) => {
  let fixture: Fixture;
  let server: GuestServer;
  let page: Page;
  const titled = (title: string) =>
    page.waitForFunction(
      (wanted) => host.title.value === wanted && host.shown.value.kind === 'page',
      { polling: 20 },
      title,
    );
  /** A press as a person makes it, in the page that is shown. */
  const press = (selector: string) => server.tell(`void document.querySelector('${selector}').click()`);
  beforeAll(async () => {
    server = await startGuestServer();
    fixture = await launchFixture(name);
    page = await fixture.open('preview-host.html');
    await page.exposeFunction('askServer', server.ask);
  });
  afterAll(async () => {
    await fixture.close();
    await server.close();
  });
  beforeEach(async () => {
    await page.evaluate((port) => {
      host.port.value = null;
      host.choose(port);
    }, server.port);
    await titled('First');
  });

  it('runs with its scripts, modules, styles and images', async () => {
    const said = await server.run(`(async () => {
      while (globalThis.lateSaid === undefined) await new Promise((done) => setTimeout(done, 10));
      const styled = getComputedStyle(document.querySelector('#styled'));
      document.querySelector('#inline').click();
      return {
        classic: globalThis.classic,
        module: globalThis.moduleSaid,
        late: globalThis.lateSaid,
        width: document.querySelector('#pixel').naturalWidth,
        colour: styled.color,
        image: styled.backgroundImage.slice(0, 9),
        inline: document.title,
        origin: self.origin,
        extension: String(globalThis.chrome?.runtime ?? globalThis.browser?.runtime),
      };
    })()`);
    expect(said).toEqual({
      classic: 'loading',
      module: `part http://localhost:${String(server.port)}/module/main.js`,
      late: 'late',
      width: 1,
      colour: 'rgb(1, 2, 3)',
      image: 'url("blob',
      inline: 'pressed',
      origin: 'null',
      extension: 'undefined',
    });
  });

  it('asks its server by fetch, XMLHttpRequest and websocket', async () => {
    const said = await server.run(`(async () => {
      const fetched = await fetch('data.json');
      const request = new XMLHttpRequest();
      request.responseType = 'json';
      request.open('GET', '/data.json');
      const whole = new Promise((done) => (request.onload = done));
      request.send();
      await whole;
      const socket = new WebSocket('ws://' + new URL(document.baseURI).host + '/live', 'chat');
      const heard = [];
      socket.onmessage = ({ data }) => heard.push(data);
      await new Promise((done) => (socket.onclose = ({ code }) => (heard.push(code), done())));
      return {
        fetched: await fetched.json(),
        url: fetched.url,
        status: request.status,
        type: request.getResponseHeader('Content-Type'),
        response: request.response,
        heard,
      };
    })()`);
    expect(said).toEqual({
      fetched: { seven: 7 },
      url: `http://localhost:${String(server.port)}/data.json`,
      status: 200,
      type: 'application/json',
      response: { seven: 7 },
      heard: ['connected /live', 1000],
    });
  });

  it('leads on by links, redirects, forms and its own address, and back', async () => {
    await press('#next');
    await titled('Next');
    await page.evaluate(() => host.step(-1));
    await titled('First');
    await press('#send');
    await titled('Form');
    expect(await server.run(`document.querySelector('#sent').textContent`)).toBe('word=hello');
    await page.evaluate(() => host.goTo('/redirect'));
    await titled('Next');
    expect(await page.evaluate(() => host.address.value)).toBe('/next');
    await server.tell(`void setTimeout(() => (location.href = '/form?by=script'))`);
    await titled('Form');
    expect(server.seen).toContain('GET /form?by=script');
  });

  it('does not lead elsewhere, and says where it would', async () => {
    await press('#leave');
    await page.waitForFunction(() => host.said.value?.includes('https://example.com/x'), { polling: 20 });
    expect(await page.evaluate(() => location.protocol.includes('extension'))).toBe(true);
  });
});
