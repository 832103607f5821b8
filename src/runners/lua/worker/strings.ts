import type { LuaExports } from './exports.ts';

const SCRATCH_BYTES = 64 * 1024;

export interface LuaStrings {
  /** The bytes of a string or number on the stack, copied; null where there is none. Zero bytes are bytes like others. */
  bytes(state: number, index: number): Uint8Array | null;
  /** The same as text; what is no UTF-8 becomes U+FFFD. */
  text(state: number, index: number): string | null;
  /** False where Lua has no memory for it; nothing is pushed then. */
  push(state: number, value: string | Uint8Array): boolean;
  /** Address of a text that stays, ended by a zero byte: for names. */
  name(text: string): number;
  /** Calls with the address and length of bytes that stay for as long as the call. Null where there is no memory. */
  lend<T>(bytes: Uint8Array, use: (pointer: number, length: number) => T): T | null;
}

/** Strings in and out of Lua's memory, which moves whenever it grows. */
export function createStrings(lua: LuaExports): LuaStrings {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const names = new Map<string, number>();
  const lengthPointer = lua.malloc(4);
  const scratch = lua.malloc(SCRATCH_BYTES);

  const bytes = (state: number, index: number): Uint8Array | null => {
    const pointer = lua.lua_tolstring(state, index, lengthPointer);
    if (pointer === 0) return null;
    const { buffer } = lua.memory;
    const length = new DataView(buffer).getUint32(lengthPointer, true);
    return new Uint8Array(buffer, pointer, length).slice();
  };
  const lend: LuaStrings['lend'] = (given, use) => {
    const isSmall = given.length <= SCRATCH_BYTES;
    const pointer = isSmall ? scratch : lua.malloc(given.length);
    if (pointer === 0) return null;
    try {
      new Uint8Array(lua.memory.buffer).set(given, pointer);
      return use(pointer, given.length);
    } finally {
      if (!isSmall) lua.free(pointer);
    }
  };
  return {
    bytes,
    lend,
    text(state, index) {
      const found = bytes(state, index);
      return found && decoder.decode(found);
    },
    push(state, value) {
      const given = typeof value === 'string' ? encoder.encode(value) : value;
      return lend(given, (pointer, length) => lua.lua_pushlstring(state, pointer, length)) !== null;
    },
    name(text) {
      const known = names.get(text);
      if (known !== undefined) return known;
      const given = encoder.encode(`${text}\0`);
      const pointer = lua.malloc(given.length);
      new Uint8Array(lua.memory.buffer).set(given, pointer);
      names.set(text, pointer);
      return pointer;
    },
  };
}
