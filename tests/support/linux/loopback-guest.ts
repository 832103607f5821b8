import { connect as connectTcp, createServer, type Server, type Socket } from 'node:net';
import { fail, ok } from '../../../src/base/index.ts';
import type { GuestStream } from '../../../src/container/machine/index.ts';
import type { Connect } from '../../../src/container/web/index.ts';

/** Connections of a machine, made to this process's own loopback: the servers are real ones, only no guest is between. */
export const connectLoopback: Connect = (port, take) =>
  new Promise((resolve) => {
    const socket = connectTcp(port, '127.0.0.1');
    const ended = new Promise<boolean>((settle) => {
      socket.on('end', () => settle(true));
      socket.on('close', () => settle(true));
    });
    socket.on('error', () => resolve(fail({ kind: 'errno', errno: 111 })));
    socket.on('data', (bytes) => {
      const held = take(bytes);
      if (!held) return;
      socket.pause();
      void held.then(() => socket.resume());
    });
    const stream: GuestStream = {
      write: (bytes) => new Promise((done) => (socket.destroyed ? done() : socket.write(bytes, () => done()))),
      end: () => void socket.end(),
      destroy: () => void socket.destroy(),
      guestEnded: ended,
    };
    socket.on('connect', () => resolve(ok(stream)));
  });

/** A server that does with each connection what it is told; `close` ends it and them. */
export async function listenLoopback(
  serve: (socket: Socket) => void,
): Promise<{ readonly port: number; readonly open: () => number; close(): void }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined); // the other end hangs up when it has seen enough
    serve(socket);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    open: () => sockets.size,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
