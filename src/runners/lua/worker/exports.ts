/** What is used of the compiled Lua: its C interface as the module exports it. Pointers and indexes are numbers, a Lua integer is a bigint. */
export interface LuaExports {
  readonly memory: WebAssembly.Memory;
  readonly __indirect_function_table: WebAssembly.Table;
  __wasm_call_ctors(): void;
  emscripten_stack_init(): void;
  stackSave(): number;
  stackRestore(pointer: number): void;
  setThrew(threw: number, value: number): void;
  malloc(bytes: number): number;
  free(pointer: number): void;

  luaL_newstate(): number;
  luaopen_base(state: number): number;
  luaopen_coroutine(state: number): number;
  luaopen_table(state: number): number;
  luaopen_string(state: number): number;
  luaopen_utf8(state: number): number;
  luaopen_math(state: number): number;
  luaopen_os(state: number): number;
  luaopen_debug(state: number): number;
  luaL_loadbufferx(state: number, bytes: number, length: number, name: number, mode: number): number;
  lua_sethook(state: number, hook: number, mask: number, count: number): void;

  lua_newthread(state: number): number;
  lua_resume(thread: number, from: number, count: number, results: number): number;
  lua_xmove(from: number, to: number, count: number): void;
  lua_pcallk(state: number, given: number, wanted: number, handler: number, context: number, next: number): number;

  lua_checkstack(state: number, values: number): number;
  lua_gettop(state: number): number;
  lua_settop(state: number, index: number): void;
  lua_type(state: number, index: number): number;
  lua_toboolean(state: number, index: number): number;
  lua_tonumberx(state: number, index: number, isNumber: number): number;
  lua_tolstring(state: number, index: number, length: number): number;
  lua_pushthread(state: number): number;
  lua_pushnil(state: number): void;
  lua_pushboolean(state: number, value: number): void;
  lua_pushnumber(state: number, value: number): void;
  lua_pushinteger(state: number, value: bigint): void;
  lua_pushlstring(state: number, bytes: number, length: number): number;
  lua_pushcclosure(state: number, called: number, upvalues: number): void;
  lua_newuserdatauv(state: number, bytes: number, values: number): number;
  lua_getfield(state: number, index: number, name: number): number;
  lua_setglobal(state: number, name: number): void;
}

/** Answers of `lua_resume` and `luaL_loadbufferx`; others are errors. */
export const STATUS = { ok: 0, yielded: 1, memory: 4 } as const;
export const TYPE = { string: 4 } as const;
/** Mask of `lua_sethook`: after so many instructions. */
export const HOOK_COUNT = 8;
