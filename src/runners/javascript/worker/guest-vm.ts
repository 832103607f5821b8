import { EvalFlags, JSException, type JSValueHandle, QuickJS } from 'quickjs-wasi';
import type { GuestCalls } from '../guest/host-calls.ts';
import { type SavedGuest, unpackGuest } from '../saved-guest.ts';

/** Bytes of native stack for the guest: some 850 calls. With 400 KB the stack of Chromium's worker ends first (measured). */
const STACK_BYTES = 200 * 1024;
/** An engine that is out of memory must still be able to say so. */
const LAST_WORDS_BYTES = 16 * 1024 * 1024;
const MB = 1024 * 1024;
/** Frames of it are none of a program's. */
export const GUEST_FILE = 'node:guest';

export const EXTENSIONS = ['encoding', 'crypto', 'headers', 'structured-clone'] as const;

/** The engine of the browser threw while the guest ran: its WebAssembly stack is not what it was. */
export class EngineThrow extends Error {
  override readonly name = 'EngineThrow';
}

export interface GuestVmOptions {
  readonly modules: ReadonlyMap<string, WebAssembly.Module>;
  /** The started guest, as the build saved it. */
  readonly guest: Uint8Array;
  readonly memoryMB: number;
  /** Asked while a program is busy; true ends it, whatever it catches. */
  readonly shouldStop: () => boolean;
  readonly normalize: (base: string, specifier: string) => string;
  readonly load: (name: string) => string;
  readonly nowMs: () => number;
}

type Answer = string | number | boolean | Uint8Array | JSValueHandle | null | undefined;
export type HostCall = (...args: JSValueHandle[]) => Answer | void;

type GuestCallName = keyof GuestCalls;

/** One QuickJS with its guest: what is evaluated in it runs under its limits, and only texts and numbers come out. */
export class GuestVm {
  readonly #vm: QuickJS;
  readonly #calls = new Map<GuestCallName, JSValueHandle>();
  readonly #shouldStop: () => boolean;
  readonly #rejected = new Map<number, JSValueHandle>();
  #answer: JSValueHandle | null = null;
  /** Minutes west of UTC. */
  #zoneTold = Number.NaN;
  #memoryBytes: number;
  #wantsTicks = false;
  #areTicksHeld = false;

  private constructor(vm: QuickJS, options: GuestVmOptions) {
    this.#vm = vm;
    this.#shouldStop = options.shouldStop;
    this.#memoryBytes = options.memoryMB * MB;
  }

  static async create(
    options: GuestVmOptions,
    hostCalls: (vm: GuestVm) => Readonly<Record<string, HostCall>>,
  ): Promise<GuestVm> {
    const module = (name: string): WebAssembly.Module => {
      const found = options.modules.get(`${name}.wasm`);
      if (!found) throw new Error(`the engine lacks ${name}.wasm`);
      return found;
    };
    let created: GuestVm | null = null;
    const { saved, memory: image } = unpackGuest(options.guest);
    const vm = await QuickJS.restore(
      { ...saved, extensions: [...saved.extensions], memory: image },
      {
        wasm: module('quickjs'),
        extensions: EXTENSIONS.map((name) => ({ name, wasm: module(name) })),
        maxStackSize: STACK_BYTES,
        interruptHandler: options.shouldStop,
        timezoneOffset: (seconds) => {
          const minutes = new Date(seconds * 1000).getTimezoneOffset();
          if (created) created.#zoneTold = minutes;
          return minutes;
        },
        onUnhandledRejection: (promise, reason, isHandled) => created?.noteRejection(promise, reason, isHandled),
        moduleLoader: { normalize: options.normalize, load: options.load },
        wasi: (memory) => ({
          clock_time_get(clock: number, _precision: bigint, place: number): number {
            // Milliseconds are too coarse for what measures itself.
            const ms = clock === 0 ? Date.now() : options.nowMs();
            new DataView(memory.buffer).setBigUint64(place, BigInt(Math.round(ms * 1e6)), true);
            return 0;
          },
          // The engine's own words to a terminal that is not there.
          fd_write: (): number => 8,
        }),
      },
    );
    created = new GuestVm(vm, options);
    created.#connect(saved, hostCalls(created));
    return created;
  }

  #connect(saved: SavedGuest, hostCalls: Readonly<Record<string, HostCall>>): void {
    const vm = this.#vm;
    for (const [name, call] of Object.entries(hostCalls)) {
      vm.registerHostCallback(name, (...args) => this.#handleOf(call(...args)));
    }
    for (const [name, token] of Object.entries(saved.calls)) {
      this.#calls.set(name as GuestCallName, vm.importHandle(token));
    }
    vm._getExports().qjs_set_memory_limit(this.#memoryBytes);
  }

  get memoryBytes(): number {
    return this.#vm._getMemory().buffer.byteLength;
  }

  /** The most that it may have. */
  get memoryMost(): number {
    return this.#memoryBytes;
  }

  /** Bytes that values take now, those that only wait to be collected too. */
  get allocatedBytes(): number {
    return this.#vm.getMemoryUsage().mallocSize;
  }

  /** Bytes that live values take, after a collection. */
  liveBytes(): number {
    this.#vm.runGC();
    return this.#vm.getMemoryUsage().mallocSize;
  }

  setMemoryLimit(megabytes: number): void {
    this.#memoryBytes = megabytes * MB;
    this.#vm._getExports().qjs_set_memory_limit(this.#memoryBytes);
  }

  /** Room to report a full memory in. */
  withLastWords<T>(work: () => T): T {
    const exports = this.#vm._getExports();
    exports.qjs_set_memory_limit(this.#memoryBytes + LAST_WORDS_BYTES);
    try {
      return work();
    } finally {
      exports.qjs_set_memory_limit(this.#memoryBytes);
    }
  }

  /** Runs a script whose top level may await; gives its promise. Throws `JSException` or `EngineThrow`. */
  runScript(code: string, file: string, isStrict: boolean): JSValueHandle {
    const flags = EvalFlags.ASYNC | (isStrict ? EvalFlags.STRICT : 0);
    return this.#guard(() => this.#vm.evalCode(code, file, flags));
  }

  /** Runs a module; gives the promise of its namespace. */
  runModule(code: string, file: string): JSValueHandle {
    return this.#guard(() => this.#vm.evalCode(code, file, EvalFlags.TYPE_MODULE));
  }

  /** A function from its text; nothing of it runs yet. */
  compileFunction(code: string, file: string): JSValueHandle {
    return this.#vm.evalCode(code, file);
  }

  /** Throws where the text cannot be parsed; as a module also where what it imports is not there. */
  parse(code: string, file: string, isModule = false): void {
    const kind = isModule ? EvalFlags.TYPE_MODULE : EvalFlags.ASYNC;
    this.#guard(() => this.#vm.evalCode(code, file, kind | EvalFlags.COMPILE_ONLY)).dispose();
  }

  /** The guest has ticks to run, as Node has before jobs. */
  wantTicks(): void {
    this.#wantsTicks = true;
  }

  /** Lets ticks wait until the jobs at hand are done. */
  holdTicks(areHeld: boolean): void {
    this.#areTicksHeld = areHeld;
  }

  /** Runs what is due after a turn. True when nothing is left, false when the run must end first. */
  runJobs(): boolean {
    for (;;) {
      if (this.#wantsTicks && !this.#areTicksHeld) {
        this.#wantsTicks = false;
        this.call('runTicks').dispose();
      }
      if (!this.#runJobs()) return false;
      this.#areTicksHeld = false;
      if (!this.#wantsTicks) return true;
    }
  }

  #runJobs(): boolean {
    const exports = this.#vm._getExports();
    return this.#guard(() => {
      for (let jobs = 0; exports.qjs_is_job_pending() !== 0; jobs += 1) {
        // A job that failed beyond a promise's reach was interrupted or had no memory; the next question to it says which.
        if (exports.qjs_execute_pending_job() < 0) this.#vm.getException().dispose();
        // A flood of jobs never comes to the interrupt handler.
        if (jobs % 50 === 49 && this.#shouldStop()) return false;
      }
      return !this.#shouldStop();
    });
  }

  get hasJobs(): boolean {
    return this.#vm._getExports().qjs_is_job_pending() !== 0;
  }

  /** 0 pending, 1 fulfilled, 2 rejected. */
  stateOf(promise: JSValueHandle): number {
    return promise.isPromise ? promise.promiseState : 1;
  }

  resultOf(promise: JSValueHandle): JSValueHandle {
    const { JSValueHandle: Handle } = this.#handleType(promise);
    return new Handle(this.#vm, this.#vm._getExports().qjs_promise_result(promise.ptr));
  }

  /** Its rejection is reported by other means. */
  markHandled(promise: JSValueHandle): void {
    this.#vm.markPromiseHandled(promise);
    this.#rejected.get(promise.identity)?.dispose();
    this.#rejected.delete(promise.identity);
  }

  /** The reason of a rejection that nobody handled, the oldest first; the caller disposes it. */
  takeRejection(): JSValueHandle | null {
    const [first] = this.#rejected;
    if (!first) return null;
    this.#rejected.delete(first[0]);
    return first[1];
  }

  /** What an earlier run left is none of this one's. */
  forgetRejections(): void {
    this.#wantsTicks = false;
    for (const reason of this.#rejected.values()) reason.dispose();
    this.#rejected.clear();
  }

  /** What it was last told of the zone here, if it asked since this was last called; else NaN. */
  takeZoneTold(): number {
    const told = this.#zoneTold;
    this.#zoneTold = Number.NaN;
    return told;
  }

  noteRejection(promise: JSValueHandle, reason: JSValueHandle, isHandled: boolean): void {
    this.#rejected.get(promise.identity)?.dispose();
    if (isHandled) this.#rejected.delete(promise.identity);
    else this.#rejected.set(promise.identity, reason.dup());
  }

  /** Asks the guest. Throws `JSException` or `EngineThrow`. */
  call(name: GuestCallName, ...args: readonly (string | number | JSValueHandle)[]): JSValueHandle {
    const handles = args.map((arg) =>
      typeof arg === 'string' ? this.#vm.newString(arg) : typeof arg === 'number' ? this.#vm.newNumber(arg) : arg.dup(),
    );
    try {
      const handle = this.#calls.get(name);
      if (!handle) throw new Error(`the guest has no ${name}`);
      return this.#guard(() => this.#vm.callFunction(handle, this.#vm.undefined, ...handles));
    } finally {
      for (const handle of handles) handle.dispose();
    }
  }

  callText(name: GuestCallName, ...args: readonly (string | number | JSValueHandle)[]): string {
    return this.call(name, ...args).consume((answer) => answer.toString());
  }

  proxyTarget(proxy: JSValueHandle): JSValueHandle {
    return proxy.getProxyTarget();
  }

  dispose(): void {
    // The instance is dropped whole: nothing in it is worth being freed one by one.
    this.#calls.clear();
    this.#rejected.clear();
  }

  #handleType(like: JSValueHandle): { readonly JSValueHandle: new (vm: QuickJS, ptr: number) => JSValueHandle } {
    return { JSValueHandle: like.constructor as new (vm: QuickJS, ptr: number) => JSValueHandle };
  }

  /** The engine takes its own copy of an answer; ours is freed when the next one comes. */
  #handleOf(answer: Answer | void): JSValueHandle {
    const vm = this.#vm;
    if (answer === undefined) return vm.undefined;
    if (answer === null) return vm.null;
    if (typeof answer === 'boolean') return answer ? vm.true : vm.false;
    let handle: JSValueHandle;
    if (typeof answer === 'string') handle = vm.newString(answer);
    else if (typeof answer === 'number') handle = vm.newNumber(answer);
    else if (answer instanceof Uint8Array) handle = vm.newUint8Array(answer);
    else handle = answer;
    this.#answer?.dispose();
    this.#answer = handle;
    return handle;
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof JSException) throw error;
      throw new EngineThrow(error instanceof Error ? `${error.name}: ${error.message}` : String(error), {
        cause: error,
      });
    }
  }
}

export { JSException };
