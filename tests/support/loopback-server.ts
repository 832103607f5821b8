import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** What a request brought, as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The same as it came. */
  readonly bytes: Buffer;
}

export interface LoopbackServer {
  readonly origin: string;
  /** `127.0.0.1:4711` */
  readonly host: string;
  readonly seen: readonly SeenRequest[];
  /** Paths of requests whose asker went away before the answer. */
  readonly left: readonly string[];
  close(): Promise<void>;
}

export type Answer = (request: SeenRequest, response: ServerResponse) => void;

/** A server of this machine that lets every origin read its answers. */
export async function startLoopback(answer: Answer): Promise<LoopbackServer> {
  const seen: SeenRequest[] = [];
  const left: string[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const bytes = Buffer.concat(pieces);
      const told = { method, path: url, headers, body: bytes.toString(), bytes };
      response.setHeader('access-control-allow-origin', '*');
      response.setHeader('access-control-allow-headers', 'content-type, x-requested-with');
      response.setHeader('access-control-allow-private-network', 'true');
      if (method === 'OPTIONS') {
        response.end();
        return;
      }
      seen.push(told);
      response.on('close', () => {
        if (!response.writableEnded) left.push(url);
      });
      answer(told, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin: `http://${host}`,
    host,
    seen,
    left,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
