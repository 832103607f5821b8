import { type AddressInfo, createServer } from 'node:net';

/** A TCP port for each of some names. Whoever connects need say nothing: the port tells whose connection it is, however late. */
export interface SilentPorts extends AsyncDisposable {
  readonly ports: ReadonlyMap<string, number>;
  /** Names whose port somebody connected to. */
  readonly connected: ReadonlySet<string>;
}

/** Listens on a free loopback port for each name, and closes every connection at once. */
export async function openSilentPorts(names: readonly string[]): Promise<SilentPorts> {
  const ports = new Map<string, number>();
  const connected = new Set<string>();
  const servers = names.map((name) => ({
    name,
    server: createServer((socket) => {
      connected.add(name);
      socket.destroy();
    }),
  }));
  for (const { name, server } of servers) {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    ports.set(name, (server.address() as AddressInfo).port);
  }
  return {
    ports,
    connected,
    [Symbol.asyncDispose]: async () => {
      for (const { server } of servers) await new Promise((done) => server.close(done));
    },
  };
}
