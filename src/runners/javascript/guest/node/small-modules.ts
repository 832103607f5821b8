import { host } from '../host-calls.ts';
import { HOME } from './file-calls.ts';

/** `node:os`: what a program in a box may know of the machine, which is nothing of the person's. */
export const createOs = (): object => ({
  EOL: '\n',
  arch: () => 'wasm32',
  platform: () => 'linux',
  type: () => 'Linux',
  release: () => '6.0.0',
  hostname: () => 'localhost',
  homedir: () => HOME,
  tmpdir: () => `${HOME}/.cache`,
  endianness: () => 'LE',
  uptime: () => host.now() / 1000,
  loadavg: () => [0, 0, 0],
  totalmem: () => 128 * 1024 * 1024,
  freemem: () => 64 * 1024 * 1024,
  cpus: () => [{ model: 'wasm', speed: 0, times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 } }],
  availableParallelism: () => 1,
  networkInterfaces: () => ({}),
  userInfo: () => ({ username: 'user', uid: 1000, gid: 1000, homedir: HOME, shell: null }),
  constants: { signals: {} },
});

/** `node:url`. */
export const createUrl = (): object => ({
  URL,
  URLSearchParams,
  fileURLToPath: (url: unknown) => {
    const parsed = url instanceof URL ? url : new URL(String(url));
    if (parsed.protocol !== 'file:')
      throw Object.assign(new TypeError('The URL must be of scheme file'), { code: 'ERR_INVALID_URL_SCHEME' });
    return decodeURIComponent(parsed.pathname);
  },
  pathToFileURL: (path: string) => new URL(`file://${path.startsWith('/') ? '' : `${HOME}/`}${path}`),
  format: (url: unknown) => String(url),
  parse: (text: string) => {
    const { protocol, host: place, hostname, port, pathname, search, hash, href } = new URL(text);
    const query = search.slice(1);
    return {
      protocol,
      host: place,
      hostname,
      port: port || null,
      pathname,
      search: search || null,
      query: query || null,
      hash: hash || null,
      href,
    };
  },
});

/** `node:querystring`. */
export const createQuerystring = (): object => ({
  parse: (text: string) => {
    const found: Record<string, unknown> = {};
    for (const [key, value] of new URLSearchParams(text)) {
      const known = found[key];
      found[key] = known === undefined ? value : [known, value].flat();
    }
    return found;
  },
  stringify: (fields: Readonly<Record<string, unknown>>) =>
    Object.entries(fields)
      .flatMap(([key, value]) =>
        [value].flat().map((one) => `${encodeURIComponent(key)}=${encodeURIComponent(String(one))}`),
      )
      .join('&'),
  escape: encodeURIComponent,
  unescape: decodeURIComponent,
});

/** Modules of Node that need what a box does not have, and why. */
export const REFUSED: Readonly<Record<string, string>> = {
  child_process: 'there are no other programs to start here',
  cluster: 'there are no other processes here',
  dgram: 'a program here cannot open sockets',
  dns: 'a program here cannot ask for names of the network',
  http: 'a program here cannot serve or reach the network by sockets',
  http2: 'a program here cannot serve or reach the network by sockets',
  https: 'a program here cannot reach the network by sockets',
  inspector: 'there is no debugger here',
  net: 'a program here cannot open sockets',
  repl: 'the conversation is the prompt',
  sqlite: 'there is no database engine in JavaScript here',
  tls: 'a program here cannot open sockets',
  tty: 'there is no terminal here',
  v8: 'this engine is QuickJS, not V8',
  vm: 'there is one world for a program here',
  wasi: 'WebAssembly runs as a language of its own here',
  worker_threads: 'a program here is one thread',
};
