import { expect, test } from 'vitest';
import { cureExports } from './wasm-cures.ts';

const PAGE = 4096;

/** v86's exports as far as they are cured: its counter is what `set_tsc` moved it by, from a clock that goes on. */
function played() {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const dirty = new Set([PAGE, 5 * PAGE]);
  const zeroed: number[] = [];
  let clock = 1_000n;
  let offset = 0n;
  const now = () => BigInt.asUintN(64, clock - offset);
  const exports = {
    memory,
    is_memory_zeroed: (at: number) => (dirty.has(at) ? 0 : 1),
    zero_memory: (at: number, bytes: number) => zeroed.push(at, bytes),
    store_current_tsc: () => {
      new BigUint64Array(memory.buffer, 960, 1)[0] = now();
    },
    // As in v86: the new offset is counted from the moved value.
    set_tsc: (low: number, high: number) => {
      offset = BigInt.asUintN(64, now() - (BigInt(low >>> 0) | (BigInt(high >>> 0) << 32n)));
    },
    main_loop: () => 3,
    other: () => 7,
  } as unknown as WebAssembly.Exports;
  return { exports, zeroed, dirty, now, pass: (ticks: bigint) => (clock += ticks) };
}

interface Cured {
  zero_memory: (at: number, bytes: number) => void;
  main_loop: () => number;
  other: () => number;
}

test('only pages that hold something are zeroed', () => {
  const { exports, zeroed } = played();
  const cured = cureExports(exports) as unknown as Cured;
  cured.zero_memory(0, 8 * PAGE);
  expect(zeroed).toEqual([PAGE, PAGE, 5 * PAGE, PAGE]);
  expect(cured.other()).toBe(7);
});

test.each(['run', 'restored'])('above the BIOS memory is looked through once something has %s', (what) => {
  const { exports, zeroed, dirty } = played();
  const cured = cureExports(exports) as unknown as Cured;
  const far = 2 ** 21;
  if (what === 'run') expect(cured.main_loop()).toBe(3);
  else {
    cured.zero_memory(0, 2 * far);
    expect(zeroed).toEqual([PAGE, PAGE, 5 * PAGE, PAGE]);
    zeroed.length = 0;
  }
  dirty.add(far);
  cured.zero_memory(0, 2 * far);
  expect(zeroed).toContain(far);
});

test('the counter becomes what it is set to, however often', () => {
  const { exports, now, pass } = played();
  const cured = cureExports(exports) as unknown as { set_tsc: (low: number, high: number) => void };
  for (const wanted of [5n, 0x1_2345_6789_abcdn, 0xffff_ffffn, 0n, 77n]) {
    cured.set_tsc(Number(wanted & 0xffff_ffffn) | 0, Number(wanted >> 32n));
    expect(now()).toBe(wanted);
    pass(123_456n);
  }
});

test('the wasm of something else is refused', () => {
  expect(() => cureExports({ memory: new WebAssembly.Memory({ initial: 1 }) })).toThrow('not the wasm of v86');
});
