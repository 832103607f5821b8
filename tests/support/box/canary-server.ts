import { createSocket } from 'node:dgram';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server as NetServer } from 'node:net';
import { generate } from 'selfsigned';
import { WebSocketServer } from 'ws';

/** A page or file that the server gives out without taking note. */
export interface ServedFile {
  readonly type: string;
  readonly body: string | Uint8Array;
}

/** Where hostile programs try to reach; keeps note of whatever arrives. */
export interface CanaryServer {
  readonly http: string;
  readonly https: string;
  readonly ws: string;
  readonly wss: string;
  /** UDP ports, one a protocol: their packets name no path. */
  readonly stun: number;
  readonly quic: number;
  /** A TCP port that says nothing: a connection ahead of need names no path, and may send nothing. */
  readonly tcp: number;
  /**
   * Routes that arrived under this tag since the start, by the first part of the path after it. A connection that can
   * name no path counts by its host, `<route>.<tag>.localhost`; UDP packets are not among them.
   */
  arrived(tag: string): ReadonlySet<string>;
  /** How often somebody connected to `tcp` since the last call. */
  takeConnections(): number;
  /** Protocols whose UDP packets arrived since the last call. */
  takePackets(): ReadonlySet<'stun' | 'quic'>;
  close(): Promise<void>;
}

/** Serves on free loopback ports; `files` gives what to serve under a path, asked at every request. */
export async function startCanaryServer(
  files: (path: string) => ServedFile | null | Promise<ServedFile | null> = () => null,
): Promise<CanaryServer> {
  const paths: string[] = [];
  let packets = new Set<'stun' | 'quic'>();
  const note = (path: string, host: string): void => {
    const [, route, tag] = /^([\w-]+)\.([\w-]+)\.localhost\b/u.exec(host) ?? [];
    paths.push(route !== undefined && tag !== undefined ? `/${tag}/${route}` : path);
  };
  const answer: RequestListener = (request, response) => {
    const path = request.url ?? '';
    void Promise.resolve(files(path)).then((file) => {
      if (!file) note(path, request.headers.host ?? '');
      response.setHeader('access-control-allow-origin', '*');
      const type = path.includes('event-source') ? 'text/event-stream' : 'text/javascript';
      response.setHeader('content-type', file?.type ?? type);
      response.end(file?.body ?? 'globalThis.leaked = true;');
    });
  };
  const certificate = await generate([{ name: 'commonName', value: '127.0.0.1' }], { keySize: 2048 });
  const http = createHttp(answer);
  const https = createHttps({ key: certificate.private, cert: certificate.cert }, answer);
  for (const server of [http, https]) {
    // Taken up: browsers hold back further sockets to a server that turned some away.
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket, request) => {
      note(request.url ?? '', request.headers.host ?? '');
      socket.on('error', () => socket.terminate());
    });
  }
  const [stun, quic] = await Promise.all(
    (['stun', 'quic'] as const).map(async (name) => {
      const socket = createSocket('udp4');
      socket.on('message', () => packets.add(name));
      await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
      return socket;
    }),
  );
  if (!stun || !quic) throw new Error('no sockets');
  let connections = 0;
  const silent = createTcp((socket) => {
    connections += 1;
    socket.destroy();
  });
  const [httpPort, httpsPort, tcp] = await Promise.all([listen(http), listen(https), listen(silent)]);
  return {
    http: `http://127.0.0.1:${httpPort}`,
    https: `https://127.0.0.1:${httpsPort}`,
    ws: `ws://127.0.0.1:${httpPort}`,
    wss: `wss://127.0.0.1:${httpsPort}`,
    stun: stun.address().port,
    quic: quic.address().port,
    tcp,
    arrived: (tag) =>
      new Set(paths.filter((path) => path.startsWith(`/${tag}/`)).map((path) => path.split('/')[2] ?? '')),
    takeConnections: () => {
      const taken = connections;
      connections = 0;
      return taken;
    },
    takePackets: () => {
      const taken = packets;
      packets = new Set();
      return taken;
    },
    close: async () => {
      stun.close();
      quic.close();
      await new Promise((done) => silent.close(done));
      for (const server of [http, https]) {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
      }
    },
  };
}

function listen(server: NetServer): Promise<number> {
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)));
}
