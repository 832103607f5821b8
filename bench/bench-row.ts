/** One measured figure. `ratio` is ours divided by the peer's, measured in the same run; null without a peer. */
export interface BenchRow {
  readonly name: string;
  readonly unit: string;
  readonly n: number;
  readonly median: number;
  readonly p95: number;
  readonly peer: string | null;
  readonly ratio: number | null;
  readonly budget: string | null;
  readonly ok: boolean;
  /** Why there is no figure. */
  readonly error?: string;
}

/** The value below which `share` (0 to 1) of the sorted samples lie; nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
  return sorted[at] ?? Number.NaN;
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** Bounds a row is judged by; each is in the row's unit, `ratio` in times the peer. */
export interface Budget {
  readonly median?: number;
  readonly p95?: number;
  readonly ratio?: number;
}

/** What was measured, and what it is judged by. */
export interface RowSamples {
  readonly samples: readonly number[];
  readonly peer?: { readonly name: string; readonly samples: readonly number[] };
  readonly budget?: Budget;
}

/** Makes a row from raw samples, judged by its budget. A sample that is no number fails it. */
export function benchRow(row: RowSamples & { readonly name: string; readonly unit: string }): BenchRow {
  const median = percentile(row.samples, 0.5);
  const p95 = percentile(row.samples, 0.95);
  const ratio = row.peer ? median / percentile(row.peer.samples, 0.5) : null;
  const budget = row.budget ?? {};
  const isWhole = row.samples.every((sample) => !Number.isNaN(sample));
  const holds = (value: number | null, bound: number | undefined): boolean =>
    bound === undefined || (value !== null && value <= bound);
  const words = Object.entries(budget).map(([key, bound]) => `${key} ≤ ${bound}`);
  return {
    name: row.name,
    unit: row.unit,
    n: row.samples.length,
    median: round(median),
    p95: round(p95),
    peer: row.peer?.name ?? null,
    ratio: ratio === null ? null : round(ratio),
    budget: words.length > 0 ? words.join(', ') : null,
    ok: isWhole && holds(median, budget.median) && holds(p95, budget.p95) && holds(ratio, budget.ratio),
  };
}

/** A row that has no figure, and why. */
export function failedRow(name: string, unit: string, error: unknown): BenchRow {
  return { ...benchRow({ name, unit, samples: [] }), ok: false, error: wordsOf(error).slice(0, 500) };
}

/** Of a failure that made the clean-up fail too both, the clean-up's first: there a lost browser says how it ended. */
function wordsOf(error: unknown): string {
  if (error instanceof SuppressedError) return `${wordsOf(error.error)}; ${wordsOf(error.suppressed)}`;
  return error instanceof Error ? `${error.message}${placeOf(error)}` : String(error);
}

/** The last of our own lines that the error came through, as ` (file.ts:12)`: drivers time out in the same words everywhere. */
function placeOf(error: Error): string {
  const line = /([\w-]+\.ts:\d+)/.exec(error.stack?.split('\n').slice(1).join('\n') ?? '')?.[1];
  return line === undefined ? '' : ` (${line})`;
}

/** What a file `bench/<group>.bench.ts` exports as `run`. */
export type BenchGroup = () => AsyncGenerator<BenchRow>;
