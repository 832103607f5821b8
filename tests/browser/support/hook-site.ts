import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import https from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { generate } from 'selfsigned';
import { WebSocketServer, type WebSocket } from 'ws';
import { ENCODING, rootFrame, siteMessage, sse } from '../../support/envelope-sender.ts';

/** What the server saw of one event stream when its connection closed. */
export interface StreamEnd {
  readonly path: string;
  readonly sent: number;
  readonly of: number;
}

export interface HookSite {
  readonly port: number;
  /** For Chromium's list of trusted keys. */
  readonly spki: string;
  readonly requests: { readonly method: string; readonly url: string; readonly body: string }[];
  readonly received: string[];
  /** Resolves with the next stream that closes after the call. */
  nextStreamEnd(): Promise<StreamEnd>;
  close(): Promise<void>;
}

/** Pieces of an event stream with characters of every length; the server cuts each once more inside. */
export function eventChunks(count: number): Buffer[] {
  const chunks: Buffer[] = [];
  let seed = 7;
  for (let index = 0; index < count; index += 1) {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    chunks.push(Buffer.from(`event: delta\ndata: {"i":${index},"v":"${'é漢😀'.repeat(1 + (seed % 40))}"}\n\n`));
  }
  return chunks;
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const PAGE = '<!doctype html><html><head><script nonce="NONCE">SCRIPT</script></head><body>page</body></html>';
/** Runs first in the document: what a page that looks closely would note. */
const FIRST_SCRIPT = `window.first={text:Function.prototype.toString.call(fetch)};
window.failing=()=>new Promise((resolve)=>{addEventListener('unhandledrejection',(event)=>resolve(event.reason.name),{once:true});
setTimeout(()=>{fetch('https://not-allowed.invalid/')})});`;

async function makeCertificate() {
  const names = ['chatgpt.com', 'ws.chatgpt.com'].map((value) => ({ type: 2 as const, value }));
  const made = await generate([{ name: 'commonName', value: 'chatgpt.com' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: names }],
  });
  const key = new X509Certificate(made.cert).publicKey.export({ type: 'spki', format: 'der' });
  return { key: made.private, cert: made.cert, spki: createHash('sha256').update(key).digest('base64') };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

/** Letters in an order that repeats so late that a fragment lost, doubled or moved shows. */
export function letters(count: number): string {
  let state = 7;
  let text = '';
  for (let at = 0; at < count; at += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text += String.fromCharCode(97 + ((state >>> 16) % 26));
  }
  return text;
}

const FRAGMENTS_AT_ONCE = 1_000;

/** One call whose code is `letters(count)`, each letter in an event of its own. */
async function sendFragments(response: ServerResponse, count: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
  response.write(ENCODING + rootFrame(siteMessage({ status: 'in_progress', text: '' })));
  response.write(sse({ p: '/message/content/text', o: 'append', v: '' }, 'delta'));
  const text = letters(count);
  for (let at = 0; at < count && !response.destroyed; at += FRAGMENTS_AT_ONCE) {
    let events = '';
    for (const letter of text.slice(at, at + FRAGMENTS_AT_ONCE)) events += sse({ v: letter }, 'delta');
    if (!response.write(events)) await once(response, 'drain');
  }
  response.end(sse({ p: '/message/status', o: 'replace', v: 'finished_successfully' }, 'delta'));
}

/** A small site that answers as a test's address asks: `n` pieces, `gap` ms apart, `cut` after so many. */
export async function startHookSite(): Promise<HookSite> {
  const { key, cert, spki } = await makeCertificate();
  const requests: HookSite['requests'] = [];
  const received: string[] = [];
  const waiting: ((end: StreamEnd) => void)[] = [];

  const stream = (response: ServerResponse, url: URL): void => {
    const fragments = Number(url.searchParams.get('fragments') ?? 0);
    if (fragments > 0) return void sendFragments(response, fragments);
    const chunks = eventChunks(Number(url.searchParams.get('n') ?? 20));
    const gap = Number(url.searchParams.get('gap') ?? 1);
    const cut = Number(url.searchParams.get('cut') ?? -1);
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
    let index = 0;
    response.on('close', () => {
      for (const done of waiting.splice(0)) done({ path: url.pathname, sent: index, of: chunks.length });
    });
    const next = (): void => {
      if (response.destroyed) return;
      if (index === cut) return void response.socket?.destroy();
      const chunk = chunks[index];
      if (!chunk) return void response.end();
      index += 1;
      const at = 1 + ((index * 7) % (chunk.length - 1));
      response.write(chunk.subarray(0, at));
      response.write(chunk.subarray(at));
      if (gap === 0) setImmediate(next);
      else setTimeout(next, gap);
    };
    next();
  };

  const server = https.createServer({ key, cert }, (request, response) => {
    const url = new URL(request.url ?? '/', 'https://chatgpt.com');
    void readBody(request).then((body) => {
      requests.push({ method: request.method ?? '', url: request.url ?? '', body });
      const status = Number(url.searchParams.get('status') ?? 200);
      if (status !== 200) {
        response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '30' });
        response.end('{"detail":"refused"}');
      } else if (url.pathname.startsWith('/backend-api/conversation/') || url.pathname === '/backend-api/me') {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ title: 'é😀', mapping: {}, path: url.pathname }));
      } else if (url.pathname.startsWith('/backend-') || url.pathname === '/other-stream') stream(response, url);
      else {
        const nonce = 'bm9uY2U=';
        response.writeHead(200, {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': `default-src 'self'; script-src 'nonce-${nonce}' 'strict-dynamic'; connect-src 'self' wss://ws.chatgpt.com; frame-src 'self'; object-src 'none'; base-uri 'none'`,
          'cache-control': 'no-store',
        });
        response.end(PAGE.replace('NONCE', nonce).replace('SCRIPT', FIRST_SCRIPT));
      }
    });
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => serveSocket(socket, request, received));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    spki,
    requests,
    received,
    nextStreamEnd: () => new Promise((resolve) => waiting.push(resolve)),
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** By the address: `nine` frames and close, `seed` asks for a tool, `burst` sends `n` at `perSecond`; all echo. */
function serveSocket(socket: WebSocket, request: IncomingMessage, received: string[]): void {
  const url = new URL(request.url ?? '/', 'wss://ws.chatgpt.com');
  socket.on('message', (payload, isBinary) => {
    const text = (payload as Buffer).toString('utf8');
    received.push(text);
    socket.send(isBinary ? (payload as Buffer) : `echo ${text}`);
  });
  if (url.pathname.endsWith('/nine')) {
    for (let index = 0; index < 9; index += 1) {
      socket.send(index % 3 === 2 ? Buffer.from([index, 0, 255]) : `{"n":${index}}`);
    }
    socket.close();
  }
  if (url.pathname.endsWith('/seed')) {
    socket.send(JSON.stringify({ id: 't1', type: 'tool_call', content: { tool_name: 'python', code: 'print(1)' } }));
  }
  if (url.pathname.endsWith('/burst'))
    burst(socket, request.socket, Number(url.searchParams.get('n')), Number(url.searchParams.get('rate')));
}

/** A text of 126 bytes to 64 kB as a server sends it (RFC 6455, section 5.2). */
function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(4 + length);
  frame.writeUInt16BE(0x81_7e, 0);
  frame.writeUInt16BE(length, 2);
  frame.write(text, 4);
  return frame;
}

function burst(socket: WebSocket, wire: Socket, count: number, perSecond: number): void {
  const startedAtMs = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.min(count, Math.floor(((performance.now() - startedAtMs) / 1_000) * perSecond));
    const frames: Buffer[] = [];
    for (; sent < due; sent += 1) frames.push(textFrame(burstFrame(sent)));
    // In one write, as a busy server sends: the load must not take the processor of the page that it loads.
    if (frames.length > 0) wire.write(Buffer.concat(frames));
    if (sent < count) return;
    clearInterval(timer);
    socket.close();
  }, 2);
  socket.on('close', () => clearInterval(timer));
}

/** Appends that a message of a burst has before the next one begins: of one message we keep no more than a bound. */
const BURST_PER_MESSAGE = 300_000;

const firstItem = (messageId: string) =>
  `event: delta_encoding\ndata: "v1"\n\nevent: delta\ndata: ${JSON.stringify({
    p: '',
    o: 'add',
    c: 0,
    v: {
      message: {
        id: messageId,
        author: { role: 'assistant', name: null, metadata: {} },
        content: { content_type: 'text', parts: [''] },
        status: 'in_progress',
        recipient: 'all',
        metadata: {},
      },
      conversation_id: 'c1',
      error: null,
    },
  })}\n\n`;

/** Text of a frame around what differs from frame to frame. */
const FRAME = JSON.stringify([
  {
    type: 'message',
    topic_id: 'conversation-turn-t',
    offset: '1790000000000-INDEX',
    payload: {
      type: 'conversation-turn-stream',
      payload: {
        type: 'stream-item',
        conversation_id: 'c1',
        turn_id: 't',
        encoded_item: 'ITEM',
        stream_item_id: 'sINDEX',
        parent_stream_item_id: 'BEFORE',
      },
    },
  },
]).split(/INDEX|"ITEM"|"BEFORE"/u);
const [HEAD = '', BEFORE_ITEM = '', AFTER_ITEM = '', AFTER_ID = '', TAIL = ''] = FRAME;
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
const [APPEND_HEAD = '', APPEND_TAIL = ''] = inJson(
  'event: delta\ndata: {"p":"/message/content/parts/0","o":"append","v":" wordINDEX"}\n\n',
).split('INDEX');

/**
 * One frame as the site's socket sends them, about 400 bytes: the first of so many opens a message, the others append to it. Put
 * together of pieces: the page under load shares its processor with whoever makes them.
 */
export function burstFrame(index: number): string {
  const item =
    index % BURST_PER_MESSAGE === 0
      ? JSON.stringify(firstItem(`m${1 + index / BURST_PER_MESSAGE}`))
      : `"${APPEND_HEAD}${index}${APPEND_TAIL}"`;
  const before = index === 0 ? 'null' : `"s${index - 1}"`;
  return `${HEAD}${index}${BEFORE_ITEM}${item}${AFTER_ITEM}${index}${AFTER_ID}${before}${TAIL}`;
}
