import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BenchGroup, type BenchRow, failedRow, percentile } from '../bench/bench-row.ts';
import { ensureBuilt } from './build.ts';
import { ensureSetUp } from './setup.ts';
import { ensureVendored } from './vendored.ts';

const ROOT = join(import.meta.dirname, '..');

/** Runs the named groups (`bench/<group>.bench.ts`), all by default; rows to standard output as they come. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, save: { type: 'boolean', default: false } },
  });
  const known = globSync('*.bench.ts', { cwd: join(ROOT, 'bench') })
    .map((file) => basename(file, '.bench.ts'))
    .sort();
  const groups = positionals.length > 0 ? positionals : known;
  const unknown = groups.filter((group) => !known.includes(group));
  if (unknown.length > 0) throw new Error(`no bench group ${unknown.join(', ')}; there are ${known.join(', ')}`);
  await ensureSetUp();
  await ensureVendored();
  await ensureBuilt('chrome');
  await ensureBuilt('firefox');
  const rows: BenchRow[] = [];
  for (const group of groups) {
    for await (const row of rowsOf(group)) {
      rows.push(row);
      process.stdout.write(values.json ? `${JSON.stringify(row)}\n` : `${line(row)}\n`);
    }
  }
  if (values.save) save(groups, rows);
  if (rows.some((row) => !row.ok)) process.exitCode = 1;
}

/** The rows of one group; one that breaks off ends with a row that says why, and the next group runs. */
async function* rowsOf(group: string): AsyncGenerator<BenchRow> {
  const { run } = (await import(join(ROOT, 'bench', `${group}.bench.ts`))) as { run: BenchGroup };
  const startedAt = performance.now();
  try {
    yield* run();
  } catch (error) {
    yield failedRow(`group ${group}`, '', error);
  }
  process.stderr.write(`${group}: ${Math.round((performance.now() - startedAt) / 1000)} s\n`);
}

function line(row: BenchRow): string {
  if (row.error !== undefined) return `FAIL ${row.name.padEnd(44)} ${row.error}`;
  const against = row.ratio === null ? '' : `  ${row.ratio}× ${row.peer}`;
  const budget = row.budget === null ? '' : `  (${row.budget})`;
  return `${row.ok ? 'ok  ' : 'OVER'} ${row.name.padEnd(44)} median ${row.median} p95 ${row.p95} ${row.unit}, n ${row.n}${against}${budget}`;
}

function save(groups: readonly string[], rows: readonly BenchRow[]): void {
  const folder = join(ROOT, 'bench', 'results');
  mkdirSync(folder, { recursive: true });
  const answer = (command: string, ...words: string[]): string => {
    try {
      return execFileSync(command, words, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    } catch (error) {
      return `not found (${error instanceof Error ? error.message : String(error)})`;
    }
  };
  const machine = {
    cores: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    memoryGB: Math.round(totalmem() / 1e9),
    kernel: release(),
    node: process.version,
    chromium: answer('chromium', '--version'),
    firefox: answer('firefox-esr', '--version'),
    paceMs: paceMs(),
    firstTouchUs: firstTouchUs(),
  };
  const commit = answer('git', 'describe', '--always', '--dirty', '--abbrev=12');
  const day = new Date().toISOString().slice(0, 10);
  const file = freeFile(folder, `${day}-${groups.join('-')}`);
  writeFileSync(file, `${JSON.stringify({ day, commit, machine, rows }, null, 2)}\n`);
}

/** How fast the machine is at the time: milliseconds of a fixed piece of arithmetic, the median of seven. */
function paceMs(): number {
  const times = Array.from({ length: 7 }, () => {
    const startedAt = performance.now();
    let value = 1;
    for (let step = 0; step < 100_000_000; step += 1) value = (Math.imul(value, 1_664_525) + 1_013_904_223) | 0;
    // What nobody reads need not be reckoned.
    if (value === 0) throw new Error('arithmetic failed');
    return performance.now() - startedAt;
  });
  return Math.round(percentile(times, 0.5));
}

/**
 * What memory costs that is new to a process: microseconds of the first write to a page of 4096 bytes, the median of
 * seven. A virtual machine whose host lends it memory page by page pays up to a hundred times what another pays, and
 * a browser that starts, or a file that is copied, is slower by it.
 */
function firstTouchUs(): number {
  const PAGE = 4096;
  const PAGES = 8192;
  const times = Array.from({ length: 7 }, () => {
    const memory = Buffer.allocUnsafeSlow(PAGES * PAGE);
    const startedAt = performance.now();
    for (let at = 0; at < memory.length; at += PAGE) memory[at] = 1;
    return ((performance.now() - startedAt) * 1000) / PAGES;
  });
  return Math.round(percentile(times, 0.5) * 100) / 100;
}

/** A later run of the same day gets a number: none overwrites another. */
function freeFile(folder: string, name: string): string {
  let file = join(folder, `${name}.json`);
  for (let count = 2; existsSync(file); count += 1) file = join(folder, `${name}-${count}.json`);
  return file;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
