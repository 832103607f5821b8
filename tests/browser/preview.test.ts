import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BrowserName } from '../support/box/extension.ts';
import { type GuestServer, startGuestServer } from '../support/preview/guest-server.ts';
import { openShownPage, type ShownPage } from '../support/preview/shown-page.ts';
import type { PreviewState } from '../../src/ui/preview/preview-state.ts';

declare const host: PreviewState;

describe.each<BrowserName>(['chrome', 'firefox'])('the page of a server in %s', (name) => {
  let shown: ShownPage;
  let server: GuestServer;
  let page: Page;
  const titled = (title: string) => shown.titled(title);
  /** A press as a person makes it, in the page that is shown. */
  const press = (selector: string) => server.tell(`void document.querySelector('${selector}').click()`);
  beforeAll(async () => {
    shown = await openShownPage(name);
    ({ server, page } = shown);
  });
  afterAll(async () => {
    await shown.close();
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
      const laterChosen = async () => {
        const image = new Image();
        image.srcset = 'pixel.png 1x';
        document.body.append(image);
        while (image.naturalWidth === 0) await new Promise((done) => setTimeout(done, 10));
        return image.currentSrc.slice(0, 5);
      };
      return {
        classic: globalThis.classic,
        module: globalThis.moduleSaid,
        late: globalThis.lateSaid,
        width: document.querySelector('#pixel').naturalWidth,
        chosen: document.querySelector('#chosen').currentSrc.slice(0, 5),
        later: await laterChosen(),
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
      chosen: 'blob:',
      later: 'blob:',
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
        large: await fetch('/data.json', { headers: { large: 'x'.repeat(70_000) } }).catch(String),
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

  it('has an answer as it comes: pieces, their end, and what breaks off', async () => {
    const said = await server.run(`(async () => {
      const answer = await fetch('/pieces');
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      const read = [(await reader.read()).value];
      await fetch('/go-on');
      read.push((await reader.read()).value, (await reader.read()).done);
      const short = (await fetch('/cut-short')).body.getReader();
      const begun = new TextDecoder().decode((await short.read()).value);
      const cut = [begun, await short.read().catch(({ name }) => name)];
      const aborting = new AbortController();
      const endless = (await fetch('/endless', { signal: aborting.signal })).body.getReader();
      read.push(new TextDecoder().decode((await endless.read()).value));
      aborting.abort();
      const aborted = await endless.read().catch(({ name }) => name);
      const cancelled = await fetch('/endless');
      await cancelled.body.cancel();
      const early = await fetch('/data.json', { signal: aborting.signal }).catch(({ name }) => name);
      return { read, cut, aborted, early, again: await (await fetch('/data.json')).json() };
    })()`);
    const read = ['first ', 'second', true, 'on'];
    expect(said).toEqual({
      read,
      cut: ['cut', 'TypeError'],
      aborted: 'AbortError',
      early: 'AbortError',
      again: { seven: 7 },
    });
    await expect.poll(() => server.seen.filter((asked) => asked === 'left /endless').length).toBe(2);
  });

  it('hears events of its server, and again after they end', async () => {
    const said = await server.run(`(async () => {
      const heard = [];
      const source = new EventSource('events');
      heard.push(source.readyState, source.url.endsWith('/events'));
      const again = new Promise((done) => {
        source.onopen = () => heard.push('open');
        source.onerror = () => heard.push('ended ' + source.readyState);
        source.addEventListener('named', ({ data }) => { heard.push(data); if (heard.includes('after 7 7')) done(); });
        source.onmessage = ({ data, lastEventId }) => heard.push(data + ' ' + lastEventId);
      });
      await again;
      source.close();
      heard.push(source.readyState);
      const none = new EventSource('/data.json');
      await new Promise((done) => { none.onerror = done; });
      heard.push(none.readyState);
      try { new EventSource('https://example.com/'); } catch ({ name }) { heard.push(name); }
      const led = new EventSource('/leads-away');
      await new Promise((done) => { led.onerror = done; });
      heard.push(led.readyState);
      return heard;
    })()`);
    const once = ['open', 'after none 7', 'two\nlines', 'ended 0'];
    expect(said).toEqual([0, true, ...once, 'open', 'after 7 7', 'two\nlines', 2, 2, 'SecurityError', 2]);
    await expect.poll(() => server.seen.filter((asked) => asked === 'left /events').length).toBe(2);
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

  it('puts in what scripts make as any page does, links that only name something included', async () => {
    const said = await server.run(`(() => {
      const add = (name, space = 'http://www.w3.org/1999/xhtml') => document.body.appendChild(document.createElementNS(space, name));
      const made = {};
      const table = add('table');
      table.innerHTML = '<tbody><tr></tr></tbody>';
      table.rows[0].innerHTML = '<td>1<link rel=next href=/x><td>2';
      made.row = table.rows[0].innerHTML;
      const drawing = add('svg', 'http://www.w3.org/2000/svg');
      drawing.innerHTML = '<g><link/></g><circle/>';
      made.drawing = [drawing.children.length, drawing.lastChild.namespaceURI.slice(-3), drawing.firstChild.innerHTML];
      const list = add('ul');
      list.insertAdjacentHTML('afterBegin', '<li>1</li><link rel=next>');
      list.insertAdjacentHTML('beforeend', '<li>2</li>');
      list.firstChild.outerHTML = '<li>0</li><link rel=last>';
      made.list = list.innerHTML;
      document.documentElement.insertAdjacentHTML('beforeend', '<i>end</i><link rel=next>');
      made.end = [document.documentElement.lastChild.previousSibling.outerHTML, document.querySelectorAll('body').length];
      const template = add('template');
      template.innerHTML = '<tr><td><link rel=next></td></tr>';
      made.template = [template.content.firstChild.localName, template.childNodes.length];
      const root = add('div').attachShadow({ mode: 'open' });
      root.innerHTML = '<link rel=stylesheet><slot></slot>';
      made.root = root.innerHTML;
      let upgraded = 0;
      customElements.define('own-part', class extends HTMLElement { connectedCallback() { upgraded += 1; } });
      add('div').innerHTML = '<own-part><link rel=next></own-part>';
      made.upgraded = upgraded;
      document.body.append(document.createRange().createContextualFragment('<link rel=next><script>globalThis.ran = true</' + 'script>'));
      made.ran = globalThis.ran;
      const named = (task) => { try { task(); return 'done'; } catch ({ name }) { return name; } };
      made.refused = [
        named(() => list.insertAdjacentHTML('nowhere', '<link>')),
        named(() => { document.documentElement.outerHTML = '<link>'; }),
        named(() => list.setAttribute('rel')),
        named(() => document.createElement()),
      ];
      const link = add('link');
      link.rel = 'next';
      link.relList.add('help');
      link.setAttribute('title', { toString: () => 'title' });
      link.classList.add('preconnect');
      made.link = [link.outerHTML, link.relList.supports('stylesheet')];
      return made;
    })()`);
    expect(said).toEqual({
      row: '<td>1<link rel="next" href="/x"></td><td>2</td>',
      drawing: [2, 'svg', '<link></link>'],
      list: '<li>0</li><link rel="last"><link rel="next"><li>2</li>',
      end: ['<i>end</i>', 1],
      template: ['tr', 0],
      root: '<link rel="stylesheet"><slot></slot>',
      upgraded: 1,
      ran: true,
      refused: ['SyntaxError', 'NoModificationAllowedError', 'TypeError', 'TypeError'],
      link: ['<link rel="next help" title="title" class="preconnect">', true],
    });
  });

  it('keeps cookies for its server: those of an answer on its way, and those of a script', async () => {
    const sent = () => server.run(`document.querySelector('#sent').textContent`);
    const visible = () => server.run('document.cookie');
    await shown.show('/login', 'Private');
    expect(await sent()).toBe('session=secret; theme=dark');
    // What is the server's alone no script sees, by no way.
    expect(
      await server.run(`(async () => {
        const fetched = await fetch('/login?to=/data.json');
        const request = new XMLHttpRequest();
        request.open('GET', '/login?to=/data.json');
        await new Promise((done) => { request.onload = done; request.send(); });
        return [document.cookie, fetched.headers.get('set-cookie'), request.getResponseHeader('set-cookie')];
      })()`),
    ).toEqual(['theme=dark', null, null]);
    const set = `document.cookie = 'word=a b; path=/'; document.cookie = 'session=forged'; document.cookie = 'theme=; max-age=0'; document.cookie`;
    expect(await server.run(set)).toContain('word=a b');
    expect(await server.run(`fetch('/cookies').then((answer) => answer.text())`)).toBe('session=secret; word=a b');
    expect(
      await server.run(`new Promise((done) => {
        const socket = new WebSocket('ws://' + new URL(document.baseURI).host + '/live');
        socket.onmessage = ({ data }) => done(data);
      })`),
    ).toBe('connected /live cookie session=secret; word=a b');
    await expect.poll(visible).toBe('word=a b');
    await server.run(`document.cookie = 'session=forged'`);
    await expect.poll(visible).toBe('word=a b');
    await shown.show('/logout', 'Next');
    expect(await visible()).toBe('word=a b');
    await server.run(`document.cookie = 'word=; expires=Thu, 01 Jan 1970 00:00:00 GMT'`);
    await shown.show('/private', 'Private');
    expect(await sent()).toBe('');
  });

  it('goes by the present address of the document for cookies, and shows one without a name beside the others', async () => {
    const visible = () => server.run('document.cookie');
    await shown.show('/login', 'Private');
    expect(await visible()).toBe('theme=dark');
    expect(await server.run(`(() => { document.cookie = 'plain'; return document.cookie; })()`)).toBe(
      'theme=dark; plain',
    );
    await server.run(`(history.pushState(null, '', '/deep/page'), (document.cookie = 'here=1'), null)`);
    await expect.poll(visible).toBe('deep=1; here=1; theme=dark; plain');
    expect(await server.run(`fetch('/cookies').then((answer) => answer.text())`)).toBe(
      'session=secret; theme=dark; plain',
    );
    await server.run(`(history.back(), null)`);
    await expect.poll(visible).toBe('theme=dark; plain');
    await server.run(`(document.cookie = 'plain; max-age=0', null)`);
    await expect.poll(visible).toBe('theme=dark');
  });

  it('keeps what pages store, from one page to the next, for each server its own', async () => {
    const said = await server.run(`(() => {
      localStorage.clear();
      localStorage.setItem('count', 1);
      localStorage.word = 'hello';
      sessionStorage.setItem('tab', 'this');
      delete localStorage.count;
      localStorage['count'] = 2;
      let full = '';
      try { localStorage.setItem('large', 'x'.repeat(6_000_000)); } catch ({ name }) { full = name; }
      return [Object.keys(localStorage), localStorage.length, localStorage.key(0), 'word' in localStorage, localStorage.getItem('none'),
        localStorage.large === undefined, full, localStorage instanceof Storage];
    })()`);
    expect(said).toEqual([['word', 'count'], 2, 'word', true, null, true, 'QuotaExceededError', true]);
    await shown.show('/next', 'Next');
    const kept = `[localStorage.getItem('word'), localStorage.count ?? null, sessionStorage.tab ?? null]`;
    expect(await server.run(kept)).toEqual(['hello', '2', 'this']);
    // What a page stores as it leaves, too.
    await server.run(`(setTimeout(() => { localStorage.late = 'yes'; previewLocation.href = '/app'; }, 500), null)`);
    await titled('App /app');
    expect(await server.run(`localStorage.late`)).toBe('yes');
    const other = await startGuestServer();
    try {
      await page.evaluate((port) => host.choose(port), other.port);
      await titled('First');
      expect(await other.run(kept)).toEqual([null, null, null]);
    } finally {
      await other.close();
    }
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

  // In Firefox a page without end holds the extension's own process, and the browser asks the person.
  if (name === 'chrome')
    it('gives way to the next where its script never ends', async () => {
      await server.tell('for (;;);');
      await page.evaluate(() => {
        host.title.value = '';
        host.goTo('/next');
      });
      await titled('Next');
    });

  it('does not lead elsewhere, and says where it would', async () => {
    await press('#leave');
    await page.waitForFunction(() => host.said.value?.includes('https://example.com/x'), { polling: 20 });
    expect(await page.evaluate(() => location.protocol.includes('extension'))).toBe(true);
  });
});
