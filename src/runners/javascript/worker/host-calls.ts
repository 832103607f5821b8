import type { JSValueHandle } from 'quickjs-wasi';
import type { TableView } from '../../../contracts/run.ts';
import type { EngineHost, HostFunctions } from '../../kit/worker/index.ts';
import type { Callees, Frame } from './callees.ts';
import type { runNative } from '../native/index.ts';
import { createFileCalls } from './files.ts';
import type { GuestVm, HostCall } from './guest-vm.ts';
import { createIntl } from './intl.ts';
import type { Modules } from './modules.ts';
import type { Timers } from './timers.ts';

/** What a run waits for beside timers: answers of a person, of the network. */
export interface Pending {
  begin(): void;
  /** A question is open until `settle` runs the guest's part of it. */
  open(answer: Promise<string>, settle: (answer: string) => void): void;
}

export interface GuestHost {
  readonly host: EngineHost;
  readonly timers: Timers;
  readonly modules: Modules;
  readonly pending: Pending;
  readonly functions: HostFunctions;
  readonly nowMs: () => number;
  /** Ends the run with this code. */
  readonly exit: (code: number) => void;
  /** The network gate: JSON of a request to JSON of an answer. */
  readonly fetch: (request: string, onBegun: (end: () => void) => void) => Promise<string>;
  readonly importNow: (id: string) => string;
  readonly urlParts: (request: string) => string;
  readonly callees: Callees;
  /** Answers what Node's crypto and zlib are asked. */
  readonly native: typeof runNative;
}

const bytesOf = (handle: JSValueHandle | undefined): Uint8Array => handle?.toUint8Array() ?? new Uint8Array();

/** The functions under which the guest reaches its worker; see `guest/host-calls.ts` for what each promises. */
export function createHostCalls(options: GuestHost): (vm: GuestVm) => Readonly<Record<string, HostCall>> {
  const { host, timers, modules, pending, functions } = options;
  const files = createFileCalls(host.tree);
  const intl = createIntl();
  /** What ends requests under way, by the guest's number. */
  const fetches = new Map<number, () => void>();
  return (vm) => ({
    write: (stream, text) => void host.write(stream?.toNumber() === 2 ? 2 : 1, text?.toString() ?? ''),
    setTimer: (id, ms) => timers.set(id?.toNumber() ?? 0, ms?.toNumber() ?? 0),
    clearTimer: (id) => timers.clear(id?.toNumber() ?? 0),
    holdTimer: (id, isHeld) => timers.hold(id?.toNumber() ?? 0, isHeld?.toBoolean() === true),
    promiseState: (promise) => (promise ? vm.stateOf(promise) : 0),
    promiseResult: (promise) => (promise ? vm.resultOf(promise) : undefined),
    isProxy: (value) => value?.isProxy === true,
    proxyTarget: (proxy) => (proxy ? vm.proxyTarget(proxy) : null),
    file: (request, bytes) => files(request?.toString() ?? '', bytes ? bytes.toUint8Array() : null),
    locate: (specifier, from) => JSON.stringify(modules.locate(specifier?.toString() ?? '', from?.toString() ?? '')),
    compile: (id) => {
      const name = id?.toString() ?? '';
      const text = modules.functionText(name);
      if (!name.startsWith('package:')) options.callees.add(name, text);
      return vm.compileFunction(text, name);
    },
    importNow: (id) => options.importNow(id?.toString() ?? ''),
    url: (request) => options.urlParts(request?.toString() ?? '{}'),
    intl: (request) => intl(request?.toString() ?? ''),
    zoneTold: () => vm.takeZoneTold(),
    readLine: (prompt) => JSON.stringify({ text: host.readLine(prompt?.toString() ?? '') }),
    readLineLater: (id, prompt) => {
      const number = id?.toNumber() ?? 0;
      const answer = host.readLineAsync(prompt?.toString() ?? '').then((text) => JSON.stringify({ text }));
      pending.open(answer, (json) => vm.call('lineRead', number, json).dispose());
    },
    display: (request) => {
      const { data, table } = JSON.parse(request?.toString() ?? '{}') as {
        readonly data: Record<string, string>;
        readonly table: TableView | null;
      };
      host.display(data, table);
    },
    callHost: (name, args) => functions.call(name?.toString() ?? '', args?.toString() ?? '[]'),
    fetch: (id, request) => {
      const number = id?.toNumber() ?? 0;
      const answer = options.fetch(request?.toString() ?? '{}', (end) => fetches.set(number, end));
      pending.open(answer, (json) => {
        fetches.delete(number);
        vm.call('fetched', number, json).dispose();
      });
    },
    endFetch: (id) => {
      const number = id?.toNumber() ?? 0;
      fetches.get(number)?.();
      fetches.delete(number);
    },
    callees: (request) => {
      const { file, ...frame } = JSON.parse(request?.toString() ?? '{}') as Frame & { readonly file: string };
      return JSON.stringify(options.callees.at(file, frame));
    },
    native: (request, first, second) =>
      options.native(request?.toString() ?? '{}', bytesOf(first), bytesOf(second), {
        bytesMost: vm.memoryMost,
        shouldStop: () => host.shouldStop(),
      }),
    wantTicks: () => vm.wantTicks(),
    memory: () =>
      JSON.stringify({ mostBytes: vm.memoryMost, totalBytes: vm.memoryBytes, liveBytes: vm.allocatedBytes }),
    exit: (code) => options.exit(code?.toNumber() ?? 0),
    now: () => options.nowMs(),
  });
}
