import { METER_THRESHOLDS } from '../contracts/meter.ts';
import type { SessionPool } from '../execution/index.ts';

const MB = 1024 * 1024;
const GB = 1024 * MB;
/** Where the browser does not tell (Firefox). */
const UNTOLD_GB = 4;
/** Of a device's memory; the rest is for pages, the browser and everything else. */
const PART_FOR_ENGINES = 1 / 4;
/** Above it idle engines are let go before a run has to wait. */
const FULL_SHARE = METER_THRESHOLDS.memory;

/** What all engines hold, in bytes, and its share of the memory for engines; changes nothing. */
export function engineMemory(
  pool: Pick<SessionPool, 'all'>,
  deviceMemoryGB: number | undefined,
): { readonly bytes: number; readonly share: number } {
  const bytes = pool.all().reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
  return { bytes, share: bytes / ((deviceMemoryGB ?? UNTOLD_GB) * GB * PART_FOR_ENGINES) };
}

/**
 * Share of the memory for engines that is in use, 0 to 1 and more, after idle engines that are in the way were let go; of
 * those that are saved first, one is on its way. Browsers tell of at most 8 GB.
 */
export function memoryShare(
  pool: Pick<SessionPool, 'all' | 'endOldestIdle'>,
  deviceMemoryGB: number | undefined,
  which: Parameters<SessionPool['endOldestIdle']>[0] = {},
): number {
  const share = () => engineMemory(pool, deviceMemoryGB).share;
  while (share() > FULL_SHARE && pool.endOldestIdle(which));
  return share();
}
