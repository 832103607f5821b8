import type { HostFunctions } from '../../kit/worker/index.ts';
import { callHost } from './call-host.ts';
import { HOOK_COUNT, type LuaExports, STATUS, TYPE } from './exports.ts';
import { type FileProblem, isProblem, type LuaFiles } from './files.ts';
import { instantiateLua, type LuaGlue } from './glue.ts';
import type { LuaEnd, ShownValue } from './lua-end.ts';
import type { LuaStat } from './lua-tree.ts';
import { withLastValue } from './last-value.ts';
import { BASE_PRELUDE } from './prelude/base.ts';
import { FILES_PRELUDE } from './prelude/files.ts';
import { HOST_FUNCTIONS_PRELUDE } from './prelude/host-functions.ts';
import { OPERATION } from './prelude/operations.ts';
import { SHOW_PRELUDE } from './prelude/show.ts';
import { createStrings, type LuaStrings } from './strings.ts';

const MB = 1024 * 1024;
/** Calls of ours from outside must not fail for lack of memory, Lua would abort: this much is held back for them, */
const RESERVE_BYTES = MB;
/** and so much more than a program may they take. */
const OWN_ROOM_BYTES = 16 * MB;
/** Instructions between two looks at the clock and the stop words: some 20 µs. */
const HOOK_EVERY = 1000;
/** Values that are shown when a program ends with many. */
const VALUES_SHOWN = 200;
const PRELUDE_NAME = '=[companion]';
/** As messages and tracebacks call the person's code. */
export const CHUNK_NAME = 'main.lua';

/** The run must end; through every `pcall`, because only JavaScript sees it. */
class RunStopped extends Error {}
/** `os.exit`. */
class ProgramExit extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('exit');
    this.exitCode = exitCode;
  }
}
/** Thrown by a read that must wait for a person: the program steps aside until then. */
export class NeedsAnswer extends Error {}

export interface LuaMachineOptions {
  readonly module: WebAssembly.Module;
  /** False when the run must end. */
  readonly write: (stream: 1 | 2, bytes: Uint8Array) => boolean;
  /** A value that the program shows, as `LuaEnd` has them; false as for `write`. */
  readonly display: (shown: ShownValue) => boolean;
  /** Functions of the product, as globals. */
  readonly functions: HostFunctions;
  readonly shouldStop: () => boolean;
  /** Settles when the read that threw `NeedsAnswer` can be tried again. */
  readonly awaitInput: () => Promise<void>;
  /** `isMain` is false inside a coroutine of the program, which cannot step aside. */
  readonly createFiles: (isMain: () => boolean) => LuaFiles;
}

/** One Lua state with the globals of one session. What it throws is a broken machine. */
export class LuaMachine {
  readonly #options: LuaMachineOptions;
  readonly #glue: LuaGlue;
  readonly #lua: LuaExports;
  readonly #strings: LuaStrings;
  readonly #state: number;
  readonly #files: LuaFiles;
  readonly #resultCount: number;
  #isMainReading = true;
  /** Address of the memory that is held back; 0 while it is free. */
  #reserve: number;
  /** Set by a read that must wait for a person. */
  #isWaiting = false;

  constructor(options: LuaMachineOptions) {
    this.#options = options;
    this.#files = options.createFiles(() => this.#isMainReading);
    this.#glue = instantiateLua(options.module, {
      call: (state) => this.#operate(state),
      hook: () => {
        if (options.shouldStop()) throw new RunStopped();
      },
    });
    this.#lua = this.#glue.exports;
    this.#strings = createStrings(this.#lua);
    this.#resultCount = this.#lua.malloc(4);
    this.#state = this.#lua.luaL_newstate();
    this.#reserve = this.#lua.malloc(RESERVE_BYTES);
    this.#prepare();
  }

  /** Size of the whole memory; it never shrinks. */
  get memoryBytes(): number {
    return this.#lua.memory.buffer.byteLength;
  }

  /** Null where the code can be parsed. */
  check(code: string): LuaEnd | null {
    const lua = this.#lua;
    const thread = lua.lua_newthread(this.#state);
    try {
      return this.#compile(thread, code);
    } finally {
      lua.lua_settop(this.#state, 1);
    }
  }

  async execute(code: string, memoryMB: number): Promise<LuaEnd> {
    const lua = this.#lua;
    const state = this.#state;
    const stack = lua.stackSave();
    const limitBytes = memoryMB * MB;
    this.#files.forgetInput();
    this.#glue.limitMemory(limitBytes + OWN_ROOM_BYTES);
    const thread = lua.lua_newthread(state);
    this.#callKept('begin', (target) => {
      lua.lua_pushthread(thread);
      lua.lua_xmove(thread, target, 1);
      return 1;
    });
    this.#glue.limitMemory(limitBytes);
    try {
      const broken = this.#compile(thread, code);
      if (broken) return broken;
      const status = await this.#resume(thread);
      this.#glue.limitMemory(limitBytes + OWN_ROOM_BYTES);
      this.#freeReserve();
      return status === STATUS.ok ? this.#show(thread) : this.#describe(thread, status);
    } catch (thrown) {
      if (thrown instanceof ProgramExit) return { kind: 'exit', exitCode: thrown.exitCode };
      if (thrown instanceof RunStopped) return { kind: 'stopped' };
      throw thrown;
    } finally {
      this.#glue.limitMemory(limitBytes + OWN_ROOM_BYTES);
      lua.stackRestore(stack);
      // The thread is dropped as it stands: what it was in the middle of is garbage.
      lua.lua_settop(state, 1);
      this.#freeReserve();
      // A full memory is emptied at once, so that the next run does not begin with it.
      if (this.memoryBytes >= limitBytes) this.#collect();
      this.#reserve = lua.malloc(RESERVE_BYTES);
    }
  }

  /** True where not even the reserve fits any more: nothing more can be run safely. */
  get isSpent(): boolean {
    return this.#reserve === 0;
  }

  #freeReserve(): void {
    this.#lua.free(this.#reserve);
    this.#reserve = 0;
  }

  #collect(): void {
    this.#callKept('collect', () => 0);
    this.#lua.lua_settop(this.#state, 1);
  }

  #prepare(): void {
    const lua = this.#lua;
    const state = this.#state;
    lua.luaopen_base(state);
    lua.lua_settop(state, 0);
    for (const name of ['coroutine', 'table', 'string', 'utf8', 'math', 'os', 'debug'] as const) {
      lua[`luaopen_${name}`](state);
      lua.lua_setglobal(state, this.#strings.name(name));
    }
    // Threads made from here on inherit it.
    lua.lua_sethook(state, this.#glue.hookPointer, HOOK_COUNT, HOOK_EVERY);
    const prelude = `${BASE_PRELUDE}${FILES_PRELUDE}${SHOW_PRELUDE}${HOST_FUNCTIONS_PRELUDE}`;
    if (this.#load(state, prelude, PRELUDE_NAME) !== STATUS.ok) throw new Error(this.#strings.text(state, -1) ?? '?');
    lua.lua_pushcclosure(state, this.#glue.callPointer, 0);
    this.#push(state, this.#options.functions.names.join(' '));
    if (lua.lua_pcallk(state, 2, 1, 0, 0, 0) !== STATUS.ok) throw new Error(this.#strings.text(state, -1) ?? '?');
  }

  /** Puts the compiled chunk, or its error message, on the stack. */
  #load(state: number, text: string, name: string): number {
    const bytes = new TextEncoder().encode(text);
    const { lend, name: nameOf } = this.#strings;
    const status = lend(bytes, (pointer, length) =>
      this.#lua.luaL_loadbufferx(state, pointer, length, nameOf(name), nameOf('t')),
    );
    if (status !== null) return status;
    this.#freeReserve();
    this.#strings.push(state, 'not enough memory');
    return STATUS.memory;
  }

  /** Leaves the chunk on the thread's stack; null where that went well. */
  #compile(thread: number, given: string): LuaEnd | null {
    const lua = this.#lua;
    // As `lua` itself does: a first line for the shell is no Lua.
    const code = given.startsWith('#') ? `--${given}` : given;
    const compiles = (text: string): boolean => {
      const top = lua.lua_gettop(thread);
      const isGood = this.#load(thread, text, `=${CHUNK_NAME}`) === STATUS.ok;
      lua.lua_settop(thread, top);
      return isGood;
    };
    const status = this.#load(thread, withLastValue(code, compiles) ?? code, `=${CHUNK_NAME}`);
    if (status === STATUS.ok) return null;
    const message = this.#strings.text(thread, -1) ?? 'syntax error';
    return { kind: 'error', stage: 'syntax', isMemory: status === STATUS.memory, message, traceback: null };
  }

  #pushKept(name: string, target: number): void {
    this.#lua.lua_getfield(this.#state, 1, this.#strings.name(name));
    this.#lua.lua_xmove(this.#state, target, 1);
  }

  async #resume(thread: number): Promise<number> {
    for (;;) {
      const status = this.#lua.lua_resume(thread, this.#state, 0, this.#resultCount);
      if (status !== STATUS.yielded) return status;
      if (!this.#isWaiting) {
        // A program that yields outside of its coroutines; Lua's own program refuses it in these words.
        this.#strings.push(thread, 'attempt to yield from outside a coroutine');
        return -1;
      }
      this.#isWaiting = false;
      await this.#options.awaitInput();
      if (this.#options.shouldStop()) throw new RunStopped();
    }
  }

  /** Calls one of the prelude's own functions with what `push` puts on its stack. */
  #callKept(name: string, push: (thread: number) => number): number | null {
    const lua = this.#lua;
    const helper = lua.lua_newthread(this.#state);
    this.#pushKept(name, helper);
    const given = push(helper);
    const status = lua.lua_resume(helper, this.#state, given, this.#resultCount);
    return status === STATUS.ok ? helper : null;
  }

  #show(thread: number): LuaEnd {
    const lua = this.#lua;
    const { text } = this.#strings;
    const count = new DataView(lua.memory.buffer).getInt32(this.#resultCount, true);
    const none = { kind: 'values', text: null, isRecords: false, json: null } as const;
    if (count === 0) return none;
    const shown = Math.min(count, VALUES_SHOWN);
    lua.lua_settop(thread, lua.lua_gettop(thread) - (count - shown));
    const helper = this.#callKept('show', (target) => {
      lua.lua_checkstack(target, shown + 1);
      lua.lua_xmove(thread, target, shown);
      return shown;
    });
    if (helper === null) return { ...none, text: '<this value cannot be shown>' };
    const top = lua.lua_gettop(helper);
    if (top < 1) return none;
    const first = top >= 3 ? top - 2 : top;
    const json = top >= 3 && lua.lua_type(helper, top) === TYPE.string ? text(helper, top) : null;
    const isRecords = top >= 3 && lua.lua_toboolean(helper, top - 1) === 1;
    return { kind: 'values', text: text(helper, first), isRecords, json };
  }

  #describe(thread: number, status: number): LuaEnd {
    const lua = this.#lua;
    const isMemory = status === STATUS.memory;
    const helper = this.#callKept('describe', (target) => {
      lua.lua_xmove(thread, target, 1);
      lua.lua_pushthread(thread);
      lua.lua_xmove(thread, target, 1);
      return 2;
    });
    const message = helper === null ? null : this.#strings.text(helper, 1);
    const traceback = helper === null ? null : this.#strings.text(helper, 2);
    return { kind: 'error', stage: 'running', isMemory, message: message ?? 'error', traceback };
  }

  /** The one function that the prelude calls: its first argument says what for. */
  #operate(state: number): number {
    const lua = this.#lua;
    const number = (index: number): number => lua.lua_tonumberx(state, index, 0);
    const text = (index: number): string => this.#strings.text(state, index) ?? '';
    switch (number(1)) {
      case OPERATION.write:
        return this.#write(state, number(2));
      case OPERATION.read:
        this.#isMainReading = lua.lua_toboolean(state, 5) === 1;
        return this.#read(state, number(2), text(3), number(4));
      case OPERATION.fileObject:
        lua.lua_newuserdatauv(state, 0, 0);
        return 1;
      case OPERATION.display:
        return this.#display(state);
      case OPERATION.callHost:
        return this.#callHost(state, text(2), text(3));
      case OPERATION.clock:
        lua.lua_pushnumber(state, Math.round(performance.now() * 1000) / 1e6);
        return 1;
      case OPERATION.exit:
        throw new ProgramExit(number(2) | 0);
      default:
        return this.#operateOnFiles(state, { number, text });
    }
  }

  #operateOnFiles(
    state: number,
    { number, text }: { number(index: number): number; text(index: number): string },
  ): number {
    const files = this.#files;
    switch (number(1)) {
      case OPERATION.open:
        return this.#push(state, files.open(text(2), text(3)));
      case OPERATION.close:
        return this.#push(state, files.close(number(2)));
      case OPERATION.flush:
        return this.#push(state, files.flush(number(2)));
      case OPERATION.seek:
        return this.#push(state, files.seek(number(2), text(3), number(4)));
      case OPERATION.remove:
        return this.#named(state, text(2), files.remove(text(2)));
      case OPERATION.rename:
        return this.#named(state, text(2), files.rename(text(2), text(3)));
      case OPERATION.mkdir:
        return this.#named(state, text(2), files.mkdir(text(2)));
      case OPERATION.list:
        return this.#named(state, text(2), files.list(text(2)));
      case OPERATION.stat:
        return this.#pushStat(state, text(2), files.stat(text(2)));
      case OPERATION.isFile:
        return this.#push(state, files.isFile(text(2)));
      case OPERATION.readWhole:
        return this.#push(state, files.whole(text(2)));
      default:
        throw new Error('the prelude asked for what is not there');
    }
  }

  #write(state: number, stream: number): number {
    const bytes = this.#strings.bytes(state, 3) ?? new Uint8Array();
    if (stream !== 1 && stream !== 2) return this.#push(state, this.#files.write(stream, bytes));
    if (!this.#options.write(stream, bytes)) throw new RunStopped();
    if (this.#options.shouldStop()) throw new RunStopped();
    return this.#push(state, true);
  }

  #display(state: number): number {
    const text = (index: number): string | null =>
      this.#lua.lua_type(state, index) === TYPE.string ? this.#strings.text(state, index) : null;
    const shown = { text: text(2), isRecords: this.#lua.lua_toboolean(state, 3) === 1, json: text(4) };
    if (!this.#options.display(shown) || this.#options.shouldStop()) throw new RunStopped();
    return 0;
  }

  /** Pushes whether it went well, then the value, if there is one, or what went wrong. */
  #callHost(state: number, name: string, args: string): number {
    const { isDone, values } = callHost(this.#options.functions, name, args);
    if (this.#options.shouldStop()) throw new RunStopped();
    this.#push(state, isDone);
    return 1 + (values.length === 0 ? 0 : this.#push(state, values[0]));
  }

  #read(state: number, id: number, format: string, count: number): number {
    try {
      return this.#push(state, this.#files.read(id, format, count));
    } catch (thrown) {
      if (!(thrown instanceof NeedsAnswer)) {
        if (this.#options.shouldStop()) throw new RunStopped();
        throw thrown;
      }
      this.#isWaiting = true;
      return this.#push(state, true);
    } finally {
      if (id === 0 && this.#options.shouldStop()) throw new RunStopped();
    }
  }

  #pushStat(state: number, path: string, stat: LuaStat | FileProblem): number {
    if (isProblem(stat)) return this.#named(state, path, stat);
    this.#push(state, stat.kind);
    this.#push(state, stat.sizeBytes);
    this.#push(state, Math.floor(stat.modifiedAtMs / 1000));
    return 3;
  }

  /** Lua's file functions put the path before the problem. */
  #named(state: number, path: string, value: true | string | FileProblem): number {
    return this.#push(state, isProblem(value) ? { ...value, problem: `${path}: ${value.problem}` } : value);
  }

  #push(state: number, value: Uint8Array | string | number | boolean | null | FileProblem): number {
    const lua = this.#lua;
    if (isProblem(value)) {
      lua.lua_pushnil(state);
      this.#strings.push(state, value.problem);
      lua.lua_pushinteger(state, BigInt(value.code));
      return 3;
    }
    if (value === null) lua.lua_pushnil(state);
    else if (typeof value === 'boolean') lua.lua_pushboolean(state, value ? 1 : 0);
    else if (typeof value === 'number' && !Number.isSafeInteger(value)) lua.lua_pushnumber(state, value);
    else if (typeof value === 'number') lua.lua_pushinteger(state, BigInt(value));
    else if (!this.#strings.push(state, value)) return this.#push(state, { problem: 'not enough memory', code: 12 });
    return 1;
  }
}
