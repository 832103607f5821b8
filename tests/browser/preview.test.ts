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
      image: 'url("data',
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
      const gone = new XMLHttpRequest();
      gone.open('GET', 'http://127.0.0.1:' + new URL(document.baseURI).port + '/breaks-off');
      const how = new Promise((done) => (gone.onload = gone.onerror = ({ type }) => done(type)));
      gone.send();
      return {
        gone: await how,
        large: await fetch('/data.json', { headers: { large: 'x'.repeat(10_000) } }).catch(String),
        fetched: await fetched.json(),
        url: fetched.url,
        status: request.status,
        type: request.getResponseHeader('Content-Type'),
        response: request.response,
        heard,
      };
    })()`);
    expect(said).toEqual({
      gone: 'error',
      large: 'TypeError: Failed to fetch: preview/too-large',
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
    // A form is sent again by who asks for that alone.
    await page.evaluate(() => host.step(-1));
    await page.waitForFunction(
      () => host.shown.value.kind === 'failed' && host.shown.value.error.code === 'preview/not-sent-again',
      { polling: 20 },
    );
    expect(server.seen.filter((asked) => asked === 'POST /form')).toHaveLength(1);
    await page.evaluate(() => host.reload());
    await titled('Form');
    expect(server.seen.filter((asked) => asked === 'POST /form')).toHaveLength(2);
    await page.evaluate(() => host.step(1));
    await titled('Next');
    expect(await page.evaluate(() => host.address.value)).toBe('/next');
  });

  it('gives scripts a location and a history of their server', async () => {
    await page.evaluate(() => host.goTo('/app'));
    await titled('App /app');
    const said = await server.run(`(async () => {
      const said = [previewLocation.href, String(window.atStart)];
      addEventListener('popstate', ({ state }) => said.push('pop ' + JSON.stringify(state)));
      addEventListener('hashchange', ({ newURL }) => said.push('hash ' + new URL(newURL).hash));
      document.querySelector('#route').click();
      said.push(previewLocation.pathname, JSON.stringify(history.state), history.length);
      history.back();
      await new Promise((done) => setTimeout(done, 50));
      said.push(previewLocation.pathname);
      document.querySelector('#hash').click();
      await new Promise((done) => setTimeout(done, 50));
      try { history.pushState(null, '', 'https://example.com/'); } catch ({ name }) { said.push(name); }
      return said;
    })()`);
    const origin = `http://localhost:${String(server.port)}`;
    const routed = ['/app/route', '{"at":1}', 2, 'pop null', '/app', 'hash #part', 'SecurityError'];
    expect(said).toEqual([`${origin}/app`, `${origin} ${origin}/app`, ...routed]);
    await server.tell(`document.querySelector('#handler').click()`);
    await titled('Next');
  });

  it('shows a page again that loads its frame anew by a way that nobody sees', async () => {
    await server.tell(`setTimeout('location.reload()')`);
    await titled('First');
    expect(server.seen.filter((asked) => asked === 'GET /').length).toBeGreaterThan(1);
  });

  it('does not lead elsewhere, and says where it would', async () => {
    await press('#leave');
    await page.waitForFunction(() => host.said.value?.includes('https://example.com/x'), { polling: 20 });
    expect(await page.evaluate(() => location.protocol.includes('extension'))).toBe(true);
  });
});
