import { host } from '../host-calls.ts';
import { createStdin } from '../input.ts';
import { toBytes } from './buffers.ts';
import { absolutePath, factsOf, fileError, goTo, HOME, workingFolder } from './file-calls.ts';
import { nextTick } from '../ticks.ts';
import { type SmallEmitter, smallEmitter } from './small-emitter.ts';
import { fsSync } from './fs-sync.ts';

/** Linux' numbers. */
const SIGNALS: Readonly<Record<string, number>> = {
  SIGINT: 2,
  SIGKILL: 9,
  SIGTERM: 15,
  SIGHUP: 1,
  SIGQUIT: 3,
  SIGABRT: 6,
};

const textOf = (content: unknown, encoding: unknown): string =>
  typeof content === 'string' && (typeof encoding !== 'string' || /^utf-?8$/i.test(encoding))
    ? content
    : new TextDecoder().decode(toBytes(content, typeof encoding === 'string' ? encoding : undefined));

function stream(number: 1 | 2): object {
  let isEnded = false;
  const emitter = smallEmitter(() => self);
  const write = (content: unknown, ...rest: unknown[]): boolean => {
    if (content === null || content === undefined) {
      const error = new TypeError(
        `The "chunk" argument must be of type string or an instance of Buffer. Received ${content}`,
      );
      throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
    }
    host.write(number, textOf(content, rest[0]));
    const callback = rest.at(-1);
    if (typeof callback === 'function') nextTick(callback);
    return true;
  };
  const nothing = (...args: unknown[]): boolean => {
    const callback = args.at(-1);
    if (typeof callback === 'function') nextTick(callback);
    return true;
  };
  const self = {
    ...emitter,
    fd: number,
    isTTY: false,
    writable: true,
    destroyed: false,
    writableLength: 0,
    writableHighWaterMark: 16_384,
    columns: 80,
    rows: 24,
    write,
    end: (...args: unknown[]): object => {
      const [content] = args;
      if (content !== undefined && typeof content !== 'function') write(...(args as [unknown]));
      const callback = args.at(-1);
      if (typeof callback === 'function') emitter['once']?.(...(['finish', callback] as never[]));
      if (!isEnded) queueMicrotask(() => emitter.emit('finish'));
      isEnded = true;
      return self;
    },
    cork: () => undefined,
    uncork: () => undefined,
    setDefaultEncoding: () => self,
    destroy: () => self,
    // There is no terminal whose cursor could be moved.
    clearLine: nothing,
    clearScreenDown: nothing,
    cursorTo: nothing,
    moveCursor: nothing,
    getWindowSize: () => [80, 24],
    getColorDepth: () => 1,
    hasColors: () => false,
  };
  return self;
}

/** Ends the run from within: the worker's stop is seen at the next turn of a loop, and no `catch` can hold it. */
function leave(code: number): never {
  host.exit(code);
  for (;;);
}

function createHrtime(): object {
  const hrtime = (since?: readonly [number, number]): [number, number] => {
    const ns = Math.round(host.now() * 1e6);
    const now: [number, number] = [Math.floor(ns / 1e9), ns % 1e9];
    if (!since) return now;
    const ahead = now[1] < since[1] ? 1 : 0;
    return [now[0] - since[0] - ahead, now[1] - since[1] + ahead * 1e9];
  };
  return Object.assign(hrtime, { bigint: () => BigInt(Math.round(host.now() * 1e6)) });
}

interface Memory {
  readonly mostBytes: number;
  readonly totalBytes: number;
  readonly liveBytes: number;
}
const memory = (): Memory => JSON.parse(host.memory()) as Memory;

function memoryUsage(): object {
  const { totalBytes, liveBytes } = memory();
  return { rss: totalBytes, heapTotal: totalBytes, heapUsed: liveBytes, external: 0, arrayBuffers: 0 };
}

/** Text alone, as an environment holds it. */
function environment(values: Readonly<Record<string, string>>): Record<string, string> {
  const held: Record<string, string> = { ...values };
  return new Proxy(held, {
    set(target, name, value: unknown) {
      if (typeof name === 'string') target[name] = String(value);
      return true;
    },
    defineProperty(target, name, { value }) {
      if (typeof name === 'string') target[name] = String(value);
      return true;
    },
  });
}

/** Lines of `NAME=value`, with quotes and comments. */
function loadEnvFile(env: Record<string, string>, path: unknown = '.env'): void {
  const text = String(fsSync.readFileSync(absolutePath(path), 'utf8'));
  for (const [, name = '', quoted, double, plain = ''] of text.matchAll(
    /^\s*(?:export\s+)?([\w.-]+)\s*=\s*(?:'([^']*)'|"((?:[^"\\]|\\.)*)"|([^#\r\n]*))/gm,
  )) {
    if (!(name in env)) env[name] = quoted ?? double?.replace(/\\n/g, '\n') ?? plain.trim();
  }
}

function warn(warning: unknown, named: unknown): void {
  const isError = warning instanceof Error;
  const type = isError
    ? warning.name
    : typeof named === 'string'
      ? named
      : ((named as { type?: string })?.type ?? 'Warning');
  host.write(2, `(node:1) ${type}: ${isError ? warning.message : String(warning)}\n`);
}

export interface GuestProcess {
  readonly process: Record<string, unknown>;
  readonly emitter: SmallEmitter;
  /** What a run finds, whatever an earlier one left. */
  readonly beginRun: (fileName: string) => void;
}

/** Node's `process`, as far as a program in a box has one. */
export function createProcess(): GuestProcess {
  const emitter = smallEmitter(() => process);
  const env = environment({
    HOME,
    PWD: HOME,
    PATH: '/usr/bin',
    LANG: 'en_US.UTF-8',
    TERM: 'dumb',
    USER: 'user',
    TMPDIR: '/tmp',
  });
  const { stdin, renew } = createStdin();
  const exit = (code?: unknown): never => {
    const chosen = Number(code ?? process['exitCode'] ?? 0);
    process['exitCode'] = chosen;
    emitter.emit('exit', chosen);
    const last = Number(process['exitCode']);
    return leave(Number.isInteger(last) ? last : 1);
  };
  const process: Record<string, unknown> = {
    ...emitter,
    title: 'node',
    argv: ['node', `${HOME}/main.js`],
    argv0: 'node',
    execArgv: [],
    execPath: '/usr/bin/node',
    env,
    pid: 1,
    ppid: 0,
    platform: 'linux',
    arch: 'x64',
    version: 'v24.0.0',
    versions: { node: '24.0.0', quickjs: '0.17.0' },
    release: { name: 'node' },
    config: { target_defaults: {}, variables: {} },
    features: { inspector: false, tls: false, typescript: 'strip' },
    allowedNodeEnvironmentFlags: new Set<string>(),
    exitCode: undefined,
    exiting: false,
    connected: false,
    throwDeprecation: false,
    stdin,
    stdout: stream(1),
    stderr: stream(2),
    cwd: workingFolder,
    chdir: (path: unknown) => {
      const to = absolutePath(path);
      if (factsOf(to, 'chdir').kind !== 'directory') throw fileError('ENOTDIR', 'chdir', workingFolder(), to);
      goTo(to);
    },
    umask: () => 0o22,
    getuid: () => 1000,
    geteuid: () => 1000,
    getgid: () => 1000,
    getegid: () => 1000,
    getgroups: () => [1000],
    uptime: () => host.now() / 1000,
    hrtime: createHrtime(),
    memoryUsage: Object.assign(memoryUsage, { rss: () => memory().totalBytes }),
    constrainedMemory: () => memory().mostBytes,
    availableMemory: () => {
      const { mostBytes, liveBytes } = memory();
      return Math.max(0, mostBytes - liveBytes);
    },
    cpuUsage: (since?: { readonly user: number; readonly system: number }) => ({
      user: Math.round(host.now() * 1000) - (since?.user ?? 0),
      system: 0,
    }),
    resourceUsage: () => ({
      userCPUTime: Math.round(host.now() * 1000),
      systemCPUTime: 0,
      maxRSS: Math.round(memory().totalBytes / 1024),
    }),
    getActiveResourcesInfo: () => [],
    nextTick,
    emitWarning: (warning: unknown, named?: unknown) => {
      warn(warning, named);
      emitter.emit('warning', warning instanceof Error ? warning : new Error(String(warning)));
    },
    loadEnvFile: (path?: unknown) => loadEnvFile(env, path),
    exit,
    reallyExit: exit,
    abort: () => leave(134),
    kill: (_pid: unknown, signal: unknown = 'SIGTERM') => {
      const number = typeof signal === 'number' ? signal : (SIGNALS[String(signal)] ?? 15);
      if (number === 0 || (typeof signal === 'string' && emitter.emit(signal, signal, number))) return true;
      return leave(128 + number);
    },
  };
  Object.defineProperty(process, Symbol.toStringTag, { value: 'process' });
  const beginRun = (fileName: string): void => {
    emitter.removeAllListeners();
    renew();
    goTo(HOME);
    process['exitCode'] = undefined;
    process['argv'] = ['node', `${HOME}/${fileName}`];
  };
  return { process, emitter, beginRun };
}
