import { createSocket } from 'node:dgram';
import { createServer as createHttp, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';

/** Where hostile programs try to reach; counts whatever arrives. */
export interface CanaryServer {
  readonly http: string;
  readonly https: string;
  readonly ws: string;
  readonly wss: string;
  readonly udp: number;
  /** Paths asked for since the last `take`, web sockets included. */
  take(): readonly string[];
  /** UDP packets (STUN, QUIC) since the last `take`. */
  takePackets(): number;
  close(): Promise<void>;
}

/** Serves on free loopback ports. `pages` maps a path to HTML. */
export async function startCanaryServer(pages: Readonly<Record<string, string>> = {}): Promise<CanaryServer> {
  let hits: string[] = [];
  let packets = 0;
  const answer: RequestListener = (request, response) => {
    const path = request.url ?? '';
    const page = pages[path];
    if (page === undefined && path !== '/favicon.ico') hits.push(path);
    response.setHeader('access-control-allow-origin', '*');
    if (path.includes('event-source')) response.setHeader('content-type', 'text/event-stream');
    else response.setHeader('content-type', page === undefined ? 'text/javascript' : 'text/html');
    response.end(page ?? 'globalThis.leaked = true;');
  };
  const certificate = await generate([{ name: 'commonName', value: '127.0.0.1' }], { keySize: 2048 });
  const http = createHttp(answer);
  const https = createHttps({ key: certificate.private, cert: certificate.cert }, answer);
  for (const server of [http, https]) {
    server.on('upgrade', (request, socket) => {
      hits.push(request.url ?? '');
      socket.destroy();
    });
  }
  const datagrams = createSocket('udp4');
  datagrams.on('message', () => packets++);
  const [httpPort, httpsPort] = await Promise.all([listen(http), listen(https)]);
  await new Promise<void>((done) => datagrams.bind(0, '127.0.0.1', done));
  return {
    http: `http://127.0.0.1:${httpPort}`,
    https: `https://127.0.0.1:${httpsPort}`,
    ws: `ws://127.0.0.1:${httpPort}`,
    wss: `wss://127.0.0.1:${httpsPort}`,
    udp: datagrams.address().port,
    take: () => {
      const taken = hits;
      hits = [];
      return taken;
    },
    takePackets: () => {
      const taken = packets;
      packets = 0;
      return taken;
    },
    close: async () => {
      datagrams.close();
      for (const server of [http, https]) {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
      }
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)));
}
