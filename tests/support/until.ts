import { vi } from 'vitest';

/** Waits until `holds` no longer throws, as long as a machine with much else to do may need; vitest's own bound is one second. */
export const until = <T>(holds: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(holds, { timeout: 60_000, interval: 10 });
