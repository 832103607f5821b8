import { type BrokenTime, formatTime, localTime, secondsOf, utcTime } from './clock.ts';
import type { LuaExports } from './exports.ts';

const PAGE_BYTES = 65_536;
/** `errno` of WASI and of Linux for what does not exist here. */
const WASI_NOSYS = 52;
const LINUX_NOSYS = -52;
/** Emscripten's own value for a `longjmp` on its way. */
const LONG_JUMP = Number.POSITIVE_INFINITY;

/** Functions of ours that Lua calls. What they throw ends the run through every `pcall`: only JavaScript sees it. */
export interface LuaCallbacks {
  /** A C function: gets the state, returns how many results it pushed. */
  call(state: number): number;
  /** A count hook. */
  hook(state: number): void;
}

export interface LuaGlue {
  readonly exports: LuaExports;
  /** Indexes into the function table. */
  readonly callPointer: number;
  readonly hookPointer: number;
  /** Highest size of the memory from now on; a growth past it makes Lua's allocator answer that there is none. */
  limitMemory(bytes: number): void;
}

/**
 * What a module that Emscripten made expects of its page, as far as this one (wasmoon's build of Lua 5.4) asks. Written
 * out because wasmoon's own script is 150 kB, wants to fetch, and cuts strings at their first zero byte (decision 0040).
 * Throws where the module is not that build.
 */
export function instantiateLua(module: WebAssembly.Module, callbacks: LuaCallbacks): LuaGlue {
  let limitBytes = Number.POSITIVE_INFINITY;
  const view = (): DataView => new DataView(exports.memory.buffer);
  const entry = (index: number): ((...given: number[]) => void) =>
    exports.__indirect_function_table.get(index) as (...given: number[]) => void;

  const writeTime = (pointer: number, time: BrokenTime): void => {
    const words = view();
    time.forEach((value, index) => words.setInt32(pointer + index * 4, value, true));
  };
  const readTime = (pointer: number): BrokenTime => {
    const words = view();
    return Array.from({ length: 9 }, (_none, index) =>
      words.getInt32(pointer + index * 4, true),
    ) as unknown as BrokenTime;
  };
  const textAt = (pointer: number): string => {
    const bytes = new Uint8Array(exports.memory.buffer, pointer);
    return new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0)));
  };

  const env = {
    abort: () => {
      throw new Error('Lua aborted');
    },
    exit: () => {
      throw new Error('Lua exited');
    },
    system: () => 0,
    _emscripten_throw_longjmp: () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- the number is what the compiled code waits for
      throw LONG_JUMP;
    },
    invoke_vii: (index: number, first: number, second: number) => {
      const stack = exports.stackSave();
      try {
        entry(index)(first, second);
      } catch (thrown) {
        exports.stackRestore(stack);
        if (thrown !== LONG_JUMP) throw thrown;
        exports.setThrew(1, 0);
      }
    },
    emscripten_date_now: () => Date.now(),
    _emscripten_get_now_is_monotonic: () => 1,
    emscripten_resize_heap: (wanted: number) => {
      const size = exports.memory.buffer.byteLength;
      const asked = wanted >>> 0;
      if (asked > limitBytes) return 0;
      // A fifth more than asked, so that growth in small steps stays cheap.
      const room = Math.min(Math.max(asked, Math.ceil(size * 1.2)), limitBytes);
      try {
        exports.memory.grow(Math.ceil((room - size) / PAGE_BYTES));
        return 1;
      } catch {
        return 0; // Lua says 'not enough memory'
      }
    },
    strftime: (target: number, room: number, format: number, time: number) => {
      const text = formatTime(textAt(format).slice(-1), readTime(time)) ?? '';
      const bytes = new TextEncoder().encode(text);
      if (bytes.length + 1 > room) return 0;
      const heap = new Uint8Array(exports.memory.buffer);
      heap.set(bytes, target);
      heap[target + bytes.length] = 0;
      return bytes.length;
    },
    _mktime_js: (pointer: number) => {
      const seconds = secondsOf(readTime(pointer));
      if (Number.isNaN(seconds)) return -1n;
      writeTime(pointer, localTime(seconds));
      return BigInt(seconds);
    },
    _localtime_js: (seconds: bigint, pointer: number) => writeTime(pointer, localTime(Number(seconds))),
    _gmtime_js: (seconds: bigint, pointer: number) => writeTime(pointer, utcTime(Number(seconds))),
    _tzset_js: () => undefined,
    __syscall_openat: () => LINUX_NOSYS,
    __syscall_fcntl64: () => LINUX_NOSYS,
    __syscall_ioctl: () => LINUX_NOSYS,
    __syscall_dup3: () => LINUX_NOSYS,
    __syscall_unlinkat: () => LINUX_NOSYS,
    __syscall_rmdir: () => LINUX_NOSYS,
    __syscall_renameat: () => LINUX_NOSYS,
    __syscall_readlinkat: () => LINUX_NOSYS,
  };
  const wasi = {
    fd_write: () => WASI_NOSYS,
    fd_read: () => WASI_NOSYS,
    fd_close: () => WASI_NOSYS,
    fd_seek: () => WASI_NOSYS,
    environ_get: () => 0,
    environ_sizes_get: (count: number, bytes: number) => {
      view().setUint32(count, 0, true);
      view().setUint32(bytes, 0, true);
      return 0;
    },
  };
  const instance = new WebAssembly.Instance(module, { env, wasi_snapshot_preview1: wasi });
  const exports = instance.exports as unknown as LuaExports;
  exports.emscripten_stack_init();
  exports.__wasm_call_ctors();
  const table = exports.__indirect_function_table;
  const ours = typedFunctions(callbacks);
  const first = table.grow(2);
  table.set(first, ours.call);
  table.set(first + 1, ours.hook);
  return {
    exports,
    callPointer: first,
    hookPointer: first + 1,
    limitMemory(bytes) {
      limitBytes = bytes;
    },
  };
}

/**
 * JavaScript's functions with the types that a table checks: a module of two imports that are its exports.
 * `(import "e" "c" (func (param i32) (result i32))) (import "e" "h" (func (param i32 i32)))`
 */
function typedFunctions(callbacks: LuaCallbacks): { readonly call: unknown; readonly hook: unknown } {
  const bytes = new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0, 1, 11, 2, 96, 1, 127, 1, 127, 96, 2, 127, 127, 0, 2, 13, 2, 1, 101, 1, 99, 0, 0, 1,
    101, 1, 104, 0, 1, 7, 9, 2, 1, 99, 0, 0, 1, 104, 0, 1,
  ]);
  const imports = { e: { c: callbacks.call, h: callbacks.hook } };
  const { c, h } = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports;
  return { call: c, hook: h };
}
