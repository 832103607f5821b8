import type { BenchGroup } from './bench-row.ts';
import { analysisRows } from './engine/analysis.bench.ts';
import { executionRows } from './engine/execution.bench.ts';
import { runnerRows } from './engine/runners.bench.ts';

/** The execution engine: every part has its rows in a file of its own. */
export const run: BenchGroup = async function* () {
  yield* executionRows();
  yield* analysisRows();
  yield* runnerRows();
};
