import type { CodeEstimate } from '../../contracts/analysis.ts';
import type { SelectionEstimate } from '../../contracts/selection.ts';
import type { Past, PastRun } from '../past-runs.ts';

/** How far an estimate from the code alone is to be trusted; its classes are a factor of ten wide. */
const FROM_CODE = 0.3;
/** From so many runs of the like on they say more than the code. */
const ENOUGH_ALIKE = 3;

/**
 * What the program will probably take here. Its own past counts whole; that of programs alike is mixed with what the code
 * says, by how many there were; trust grows with their number and never reaches 1.
 */
export function estimateOf(code: Pick<CodeEstimate, 'seconds' | 'memoryMB'>, past: Past): SelectionEstimate {
  const read = { timeMs: code.seconds * 1000, memoryMB: code.memoryMB };
  if (past.same !== null) return { ...bare(past.same), confidence: trust(past.same.count, 0.5), from: 'same' };
  if (past.alike === null || past.alike.count < ENOUGH_ALIKE) return { ...read, confidence: FROM_CODE, from: 'code' };
  const share = past.alike.count / (past.alike.count + ENOUGH_ALIKE);
  const mix = (was: number, says: number) => share * was + (1 - share) * says;
  return {
    timeMs: mix(past.alike.timeMs, read.timeMs),
    memoryMB: mix(past.alike.memoryMB, read.memoryMB),
    confidence: trust(past.alike.count, FROM_CODE) * 0.8,
    from: 'alike',
  };
}

/** From `least` towards 0.95, half of the way with every second run. */
const trust = (count: number, least: number): number => 0.95 - (0.95 - least) * 0.7 ** count;

const bare = ({ timeMs, memoryMB }: PastRun) => ({ timeMs, memoryMB });
