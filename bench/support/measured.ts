import { type BenchRow, benchRow, failedRow, type RowSamples } from '../bench-row.ts';
import { closeBrowsers } from './extension-browser.ts';

const MOST_MS = 120_000;

const MOST_HERE_MS = 40_000;

/**
 * One row, measured in what the caller keeps open; a measurement that fails or takes longer than `mostMs` becomes a row that
 * says why.
 */
export async function measuredHere(
  name: string,
  unit: string,
  measure: () => Promise<RowSamples>,
  mostMs: number = MOST_HERE_MS,
): Promise<BenchRow> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`not done within ${mostMs / 1000} s`)), mostMs);
  try {
    return benchRow({ name, unit, ...(await Promise.race([measure(), late.promise])) });
  } catch (error) {
    return failedRow(name, unit, error);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * One row, measured in browsers of its own. A measurement that fails or takes longer than `mostMs` becomes a row that says
 * why, and its browsers are closed: the next row begins from nothing.
 */
export async function measured(
  name: string,
  unit: string,
  measure: () => Promise<RowSamples>,
  mostMs: number = MOST_MS,
): Promise<BenchRow> {
  try {
    return await measuredHere(name, unit, measure, mostMs);
  } finally {
    await closeBrowsers();
  }
}
