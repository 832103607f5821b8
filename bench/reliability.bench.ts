import { type BenchRow, failedRow } from './bench-row.ts';
import { bombs } from './reliability/bombs.ts';
import { clean } from './reliability/clean.ts';
import { flushes } from './reliability/flushes.ts';
import { frames } from './reliability/frames.ts';
import { kills } from './reliability/kills.ts';
import { largeStreams } from './reliability/large-streams.ts';
import { limits } from './reliability/limits.ts';
import { output } from './reliability/output.ts';
import { programs } from './reliability/programs.ts';

const PARTS = { kills, flushes, output, bombs, limits, clean, frames, largeStreams, programs };

/** The bars of reliability at their full counts; `npm test` holds smaller ones. Chromium, the built extension. */
export async function* run(): AsyncGenerator<BenchRow> {
  for (const [name, part] of Object.entries(PARTS)) {
    try {
      yield* part();
    } catch (error) {
      yield failedRow(`reliability: ${name}`, '', error);
    }
  }
}
