import { host } from '../host-calls.ts';
import { createStdin } from '../input.ts';
import { toBytes } from './buffers.ts';
import { HOME } from './file-calls.ts';

type Listener = (...args: unknown[]) => void;

const text = (content: unknown): string =>
  typeof content === 'string' ? content : new TextDecoder().decode(toBytes(content));

function stream(number: 1 | 2): object {
  const self = {
    fd: number,
    isTTY: false,
    writable: true,
    columns: 80,
    write(content: unknown, ...rest: unknown[]): boolean {
      host.write(number, text(content));
      const callback = rest.at(-1);
      if (typeof callback === 'function') queueMicrotask(callback as () => void);
      return true;
    },
    end: (content?: unknown): void => void (content === undefined ? undefined : self.write(content)),
    on: () => self,
    once: () => self,
    emit: () => false,
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

/** Node's `process`, as far as a program in a box has one. */
export function createProcess(): {
  readonly process: object;
  readonly emit: (event: string, ...args: unknown[]) => boolean;
} {
  const listeners = new Map<string, Listener[]>();
  const emit = (event: string, ...args: unknown[]): boolean => {
    const heard = listeners.get(event) ?? [];
    for (const listener of [...heard]) Reflect.apply(listener, process, args);
    return heard.length > 0;
  };
  const on = (event: string, listener: Listener): object => {
    listeners.set(event, [...(listeners.get(event) ?? []), listener]);
    return process;
  };
  const off = (event: string, listener: Listener): object => {
    listeners.set(
      event,
      (listeners.get(event) ?? []).filter((one) => one !== listener),
    );
    return process;
  };
  const hrtime = (since?: readonly [number, number]): [number, number] => {
    const ns = Math.round(host.now() * 1e6);
    const now: [number, number] = [Math.floor(ns / 1e9), ns % 1e9];
    if (!since) return now;
    const ahead = now[1] < since[1] ? 1 : 0;
    return [now[0] - since[0] - ahead, now[1] - since[1] + ahead * 1e9];
  };
  const process: Record<string, unknown> = {
    title: 'node',
    argv: ['node', `${HOME}/main.js`],
    argv0: 'node',
    execArgv: [],
    execPath: '/usr/bin/node',
    env: { HOME, PWD: HOME, PATH: '/usr/bin', LANG: 'en_US.UTF-8', TERM: 'dumb' },
    pid: 1,
    ppid: 0,
    platform: 'linux',
    arch: 'wasm32',
    version: 'v24.0.0',
    versions: { node: '24.0.0', quickjs: '0.17.0' },
    release: { name: 'quickjs' },
    exitCode: undefined,
    stdin: createStdin(),
    stdout: stream(1),
    stderr: stream(2),
    cwd: () => HOME,
    chdir: () => {
      throw new Error(`process.chdir() is not available here: programs always run in ${HOME}.`);
    },
    umask: () => 0o22,
    uptime: () => host.now() / 1000,
    hrtime: Object.assign(hrtime, { bigint: () => BigInt(Math.round(host.now() * 1e6)) }),
    memoryUsage: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
    cpuUsage: () => ({ user: Math.round(host.now() * 1000), system: 0 }),
    nextTick: (callback: Listener, ...args: unknown[]) => queueMicrotask(() => Reflect.apply(callback, null, args)),
    emitWarning: (warning: unknown) =>
      host.write(2, `(node) Warning: ${String((warning as Error).message ?? warning)}\n`),
    exit: (code?: unknown) => {
      const chosen = Number(code ?? process['exitCode'] ?? 0);
      process['exitCode'] = chosen;
      emit('exit', chosen);
      return leave(Number.isInteger(chosen) ? chosen : 1);
    },
    abort: () => leave(134),
    on,
    once: on,
    addListener: on,
    prependListener: on,
    off,
    removeListener: off,
    removeAllListeners: (event?: string) => {
      if (event === undefined) listeners.clear();
      else listeners.delete(event);
      return process;
    },
    emit,
    listeners: (event: string) => listeners.get(event) ?? [],
    listenerCount: (event: string) => (listeners.get(event) ?? []).length,
    setMaxListeners: () => process,
  };
  process['kill'] = () => leave(143);
  Object.defineProperty(process, Symbol.toStringTag, { value: 'process' });
  return { process, emit };
}
