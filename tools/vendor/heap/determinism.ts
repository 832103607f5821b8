import crypto from 'node:crypto';

/** 2026-01-01T00:00:00Z: what a clock shows while a heap is made. */
const FIXED_TIME_MS = 1_767_225_600_000;

/**
 * Makes clock and randomness of this process the same at every build, so that two builds give the same bytes. Only for a
 * process that makes a heap and ends; whoever restores the heap must seed Python's generators anew.
 */
export function fixClockAndRandom(): void {
  let state = 1;
  const fill = <T extends ArrayBufferView>(view: T): T => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    for (let index = 0; index < bytes.length; index += 1) {
      // Numerical Recipes' linear congruence; any fixed sequence will do.
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      bytes[index] = state >>> 16;
    }
    return view;
  };
  Object.defineProperty(globalThis.crypto, 'getRandomValues', { value: fill });
  Object.defineProperty(crypto, 'randomFillSync', { value: fill });
  Math.random = () => 0.5;
  const RealDate = Date;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: readonly unknown[]) =>
      args.length === 0 ? new target(FIXED_TIME_MS) : (Reflect.construct(target, args) as Date),
    get: (target, name) => (name === 'now' ? () => FIXED_TIME_MS : (Reflect.get(target, name) as unknown)),
  });
  Date.now = () => FIXED_TIME_MS;
  performance.now = () => 1000;
}
