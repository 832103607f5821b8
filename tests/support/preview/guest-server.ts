import { createServer, type IncomingMessage, request as askHttp, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json, text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../until.ts';
import type { AnsweredServer, AskedServer, StreamedServer } from './host.ts';

/** 1 × 1, red. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==',
  'base64',
);

/** Pages by path; each is sent as html but for what its ending says. */
export type GuestPages = Readonly<Record<string, string | Buffer>>;

export const SITE: GuestPages = {
  '/': `<!doctype html><title>First</title><link rel=stylesheet href=/style/main.css><script src=app.js></script>
    <img id=pixel src=pixel.png><p id=styled>text</p><picture><source srcset="none.png 1x, pixel.png 2x" type=image/png><img id=chosen></picture><a id=next href=/next>next</a><a id=leave href=https://example.com/x>away</a>
    <form id=form action=/form method=post><input name=word value=hello><button id=send>send</button></form>
    <script type=module src=module/main.js></script><button id=inline onclick="document.title='pressed'">i</button>`,
  '/app.js': 'globalThis.classic = document.readyState;',
  '/pixel.png': PIXEL,
  '/style/main.css': '@import "more.css"; #styled { background-image: url(../pixel.png); }',
  '/style/more.css': '#styled { color: rgb(1, 2, 3); }',
  '/module/main.js': `import { word } from './part.js'; globalThis.moduleSaid = word + ' ' + import.meta.url;
    import('./late.js').then(({ late }) => { globalThis.lateSaid = late; });`,
  '/module/part.js': "import './main.js'; export const word = 'part';",
  '/module/late.js': "export const late = 'late';",
  '/next': '<title>Next</title><p id=here>next page</p><a id=back href=/>back</a><a id=redirect href=/redirect>r</a>',
  '/data.json': '{"seven":7}',
  '/app': `<title>App</title><script>
    const { location: at } = window; window.atStart = location.origin + ' ' + at; document.title += ' ' + document.location.pathname;
    function route() { history.pushState({ at: 1 }, '', '/app/route'); }
    </script><button id=route onclick="route()">r</button><button id=hash onclick="location.hash = 'part'">h</button>
    <button id=handler onclick="location = '/next'">n</button>`,
};

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript',
  css: 'text/css',
  png: 'image/png',
  json: 'application/json',
};

/** What every page does besides: it runs what the test sends it. A driver sees no frame of an extension's page in Firefox. */
const OBEYS = (page: number): string => `<script>(async () => {
  const { fetch, JSON } = globalThis;
  const plain = globalThis.eval;
  for (;;) {
    const code = await (await fetch('/control?page=${String(page)}')).text();
    let said;
    try { said = { value: await plain(code) }; } catch (error) { said = { error: String(error) }; }
    await fetch('/said', { method: 'POST', body: JSON.stringify(said) });
  }
})();</script>`;

const MOST_MS = 20_000;

interface Said {
  readonly value?: unknown;
  readonly error?: string;
}

const NOTHING_SAID: Said = { error: 'the page said nothing' };

export interface GuestServer {
  readonly port: number;
  /** Methods and paths that arrived. */
  readonly seen: string[];
  readonly ask: (asked: AskedServer) => Promise<AnsweredServer>;
  /** The same, told as it comes; what is given hangs up. */
  readonly stream: (asked: AskedServer, onEvent: (event: StreamedServer) => void) => () => void;
  /** Evaluates an expression in the page that was served last; throws what it throws. */
  run(code: string): Promise<unknown>;
  /** The same for what the page does not live to answer. */
  tell(code: string): Promise<void>;
  close(): Promise<void>;
}

/** A server as a guest would run it, on the loopback; `/form` says what was sent, `/redirect` leads to `/next`, and `/login` to `/private`, which says its cookies. */
export async function startGuestServer(pages: GuestPages = SITE): Promise<GuestServer> {
  const seen: string[] = [];
  let goOn = (): void => undefined;
  const control = new Control();
  const server = createServer((request, response) => {
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://guest');
    if (path === '/control') return control.wait(Number(searchParams.get('page')), response);
    if (path === '/said') return void control.take(request, response);
    seen.push(`${String(request.method)} ${String(request.url)}`);
    if (path === '/login') {
      const given = ['session=secret; HttpOnly; Path=/', 'theme=dark; Path=/', 'deep=1; Path=/deep'];
      const location = searchParams.get('to') ?? '/private';
      return void response.writeHead(303, { location, 'set-cookie': given }).end();
    }
    if (path === '/cookies')
      return void response.setHeader('content-type', 'text/plain').end(request.headers.cookie ?? '');
    if (path === '/logout')
      return void response.writeHead(303, { location: '/next', 'set-cookie': 'session=; Max-Age=0; Path=/' }).end();
    if (path === '/pieces') {
      response.write('first ');
      return void (goOn = () => response.end('second'));
    }
    if (path === '/go-on') {
      goOn();
      return void response.end();
    }
    if (path === '/endless') {
      response.on('close', () => seen.push('left /endless'));
      return void response.write('on');
    }
    if (path === '/cut-short')
      return void response.writeHead(200, { 'content-length': 100 }).write('cut', () => request.socket.destroy());
    if (path === '/events') {
      response.on('close', () => seen.push('left /events'));
      const last = String(request.headers['last-event-id'] ?? 'none');
      response.setHeader('content-type', 'text/event-stream');
      response.write(`: hello\n\nretry: 100\nid: 7\ndata: after ${last}\n\nevent: named\ndata: two\ndata: lines\n\n`);
      return void (last === 'none' ? response.end() : undefined);
    }
    if (path === '/breaks-off') return void request.socket.destroy();
    if (path === '/leads-away') return void response.writeHead(302, { location: 'https://example.com/events' }).end();
    if (path === '/redirect') return void response.writeHead(302, { location: '/next' }).end();
    const send = (markup: string): unknown =>
      response.setHeader('content-type', 'text/html; charset=utf-8').end(markup + OBEYS(control.nextPage()));
    if (path === '/private') return void send(`<title>Private</title><p id=sent>${request.headers.cookie ?? ''}</p>`);
    if (path === '/form') return void text(request).then((sent) => send(`<title>Form</title><p id=sent>${sent}</p>`));
    const page = pages[path];
    if (page === undefined) return void response.writeHead(404).end('not here');
    const type = TYPES[path.split('.')[1] ?? ''];
    if (type === undefined) send(String(page));
    else response.setHeader('content-type', type).end(page);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    seen,
    ask: askAt,
    stream: streamAt,
    run: (code) => control.run(code),
    tell: (code) => control.tell(code),
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => void server.close(() => done()));
    },
  };
}

/** What waits in the pages, and what they say. */
class Control {
  #page = 0;
  readonly #waiting = new Map<number, ServerResponse>();
  #settle: ((said: Said) => void) | null = null;

  nextPage(): number {
    this.#page += 1;
    return this.#page;
  }

  wait(page: number, response: ServerResponse): void {
    this.#waiting.set(page, response);
  }

  async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const said = (await json(request)) as Said;
    response.end();
    this.#settle?.(said);
  }

  async run(code: string): Promise<unknown> {
    const said = new Promise<Said>((settle) => (this.#settle = settle));
    await this.tell(code);
    const { value, error } = await Promise.race([said, pause(MOST_MS, NOTHING_SAID, { ref: false })]);
    if (error !== undefined) throw new Error(`${error}: ${code.slice(0, 200)}`);
    return value;
  }

  async tell(code: string): Promise<void> {
    const [page, asks] = await until(() => {
      const waiting = this.#waiting.get(this.#page);
      if (!waiting) throw new Error('the page does not ask what to do');
      return [this.#page, waiting] as const;
    });
    this.#waiting.delete(page);
    asks.end(code);
  }
}

function askAt({ port, method, path, headers, body }: AskedServer): Promise<AnsweredServer> {
  return new Promise((settle, refuse) => {
    const asked = askHttp({ port, method, path, headers: Object.fromEntries(headers) }, (answer: IncomingMessage) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () =>
        settle({
          status: answer.statusCode ?? 0,
          statusText: answer.statusMessage ?? '',
          headers: headersOf(answer),
          body: Buffer.concat(parts).toString('base64'),
        }),
      );
    });
    asked.on('error', refuse);
    asked.end(body === null ? undefined : Buffer.from(body, 'base64'));
  });
}

function streamAt({ port, method, path, headers, body }: AskedServer, onEvent: (event: StreamedServer) => void) {
  let isOver = false;
  const close = (wasClean: boolean): void => {
    if (!isOver) onEvent({ kind: 'closed', code: wasClean ? 1000 : 1006, reason: 'preview/broke-off', wasClean });
    isOver = true;
  };
  const asked = askHttp({ port, method, path, headers: Object.fromEntries(headers) }, (answer: IncomingMessage) => {
    onEvent({
      kind: 'head',
      status: answer.statusCode ?? 0,
      statusText: answer.statusMessage ?? '',
      headers: headersOf(answer),
    });
    answer.on('data', (part: Buffer) => onEvent({ kind: 'bytes', base64: part.toString('base64') }));
    answer.on('end', () => close(true));
    answer.on('error', () => close(false));
  });
  asked.on('error', () => close(false));
  asked.end(body === null ? undefined : Buffer.from(body, 'base64'));
  return () => {
    isOver = true;
    asked.destroy();
  };
}

const headersOf = (answer: IncomingMessage): [string, string][] =>
  Object.entries(answer.headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((line): [string, string] => [name, line]),
  );
