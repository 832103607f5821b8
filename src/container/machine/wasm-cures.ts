import type { V86Exports } from './v86.ts';

const PAGE_BYTES = 4096;
/** Above the first MiB v86 writes nothing of its own, but for a kernel that it boots, which runs before anything is restored. */
const BIOS_END = 2 ** 20;
/** Where v86 0.5.462 keeps what `store_current_tsc` stores, in bytes of its memory. */
const TSC_OFFSET = 960;

function isV86(exports: WebAssembly.Exports): exports is V86Exports {
  return ['main_loop', 'zero_memory', 'is_memory_zeroed', 'set_tsc', 'store_current_tsc'].every(
    (name) => typeof exports[name] === 'function',
  );
}

/**
 * The exports of v86's wasm with two cures:
 * - `zero_memory` writes only to pages that hold something. v86 clears all of the guest's memory at a restore, and that
 *   makes the browser give it real pages: 215 MB of a machine of 256. Of memory in which nothing has run it clears what v86
 *   itself writes, its BIOS: to look through all of it takes 50 ms.
 * - `set_tsc` sets what it is told. v86's own counts from a value that is already moved, so that a second restore sets
 *   the guest's clock back by the age of the first state, and its timers stand still for as long.
 */
export function cureExports(exports: WebAssembly.Exports): WebAssembly.Exports {
  if (!isV86(exports)) throw new Error('this is not the wasm of v86 that the machine is made for');
  const currentTsc = (): bigint => {
    exports.store_current_tsc();
    return new BigUint64Array(exports.memory.buffer, TSC_OFFSET, 1)[0] ?? 0n;
  };
  let isFresh = true;
  return {
    ...exports,
    main_loop: (): number => {
      isFresh = false;
      return exports.main_loop();
    },
    zero_memory: (offset: number, bytes: number): void => {
      const end = isFresh ? Math.min(offset + bytes, BIOS_END) : offset + bytes;
      // What follows is a state.
      isFresh = false;
      for (let page = offset; page < end; page += PAGE_BYTES) {
        if (!exports.is_memory_zeroed(page, PAGE_BYTES)) exports.zero_memory(page, PAGE_BYTES);
      }
    },
    set_tsc: (low: number, high: number): void => {
      const wanted = BigInt(low >>> 0) | (BigInt(high >>> 0) << 32n);
      const moved = currentTsc();
      exports.set_tsc(0, 0);
      const value = BigInt.asUintN(64, wanted - moved);
      exports.set_tsc(Number(value & 0xffff_ffffn) | 0, Number(value >> 32n) | 0);
    },
  };
}
