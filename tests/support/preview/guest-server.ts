import { createServer, type IncomingMessage, request as askHttp } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { AnsweredServer, AskedServer } from './host.ts';

/** 1 × 1, red. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==',
  'base64',
);

/** Pages by path; each is sent as html but for what its ending says. */
export type GuestPages = Readonly<Record<string, string | Buffer>>;

export const SITE: GuestPages = {
  '/': `<!doctype html><title>First</title><link rel=stylesheet href=/style/main.css><script src=app.js></script>
    <img id=pixel src=pixel.png><p id=styled>text</p><a id=next href=/next>next</a><a id=leave href=https://example.com/x>away</a>
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
};

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript',
  css: 'text/css',
  png: 'image/png',
  json: 'application/json',
};

export interface GuestServer {
  readonly port: number;
  /** Methods and paths that arrived. */
  readonly seen: string[];
  readonly ask: (asked: AskedServer) => Promise<AnsweredServer>;
  close(): Promise<void>;
}

/** A server as a guest would run it, on the loopback; `/form` says what was sent and `/redirect` leads to `/next`. */
export async function startGuestServer(pages: GuestPages = SITE): Promise<GuestServer> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://guest').pathname;
    seen.push(`${String(request.method)} ${String(request.url)}`);
    if (path === '/redirect') return void response.writeHead(302, { location: '/next' }).end();
    if (path === '/form')
      return void text(request).then((sent) =>
        response.setHeader('content-type', 'text/html').end(`<title>Form</title><p id=sent>${sent}</p>`),
      );
    const page = pages[path];
    if (page === undefined) return void response.writeHead(404).end('not here');
    response.setHeader('content-type', TYPES[path.split('.')[1] ?? ''] ?? 'text/html; charset=utf-8').end(page);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    seen,
    ask: ({ method, path, headers, body }) =>
      new Promise((settle, refuse) => {
        const asked = askHttp({ port, method, path, headers: headers.flat() }, (answer: IncomingMessage) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.on('end', () =>
            settle({
              status: answer.statusCode ?? 0,
              statusText: answer.statusMessage ?? '',
              headers: Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
              body: Buffer.concat(parts).toString('base64'),
            }),
          );
        });
        asked.on('error', refuse);
        asked.end(body === null ? undefined : Buffer.from(body, 'base64'));
      }),
    close: () => new Promise((done) => void server.close(() => done())),
  };
}
