import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import type { TestCount } from './count-reporter.ts';
import { runStep } from './run-step.ts';

const ROOT = join(import.meta.dirname, '..');

const countSchema = z.object({
  passed: z.number(),
  failed: z.number(),
  skipped: z.number(),
  failures: z.array(z.string()),
  secondTries: z.array(z.string()),
});

/** Runs the named vitest projects and counts. */
export async function runTests(projects: readonly string[]): Promise<TestCount> {
  const report = join(ROOT, '.cache', 'tests', `${projects.join('-')}.json`);
  const selected = projects.flatMap((project) => ['--project', project]);
  const title = `tests: ${projects.join(', ')}`;
  return countTests(selected, report, (args) => runStep(title, join(ROOT, 'node_modules/.bin/vitest'), args, 'stdout'));
}

/**
 * Counts what `run` comes to, which starts vitest with these arguments and more, and rejects when it ends badly. The file
 * `report` is written on the way. A run that broke before it could count is one failure.
 */
export async function countTests(
  args: readonly string[],
  report: string,
  run: (args: readonly string[]) => Promise<unknown>,
): Promise<TestCount> {
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', `--reporter=${join(import.meta.dirname, 'count-reporter.ts')}`];
  let broken: string | null = null;
  try {
    await run(['run', ...args, ...reporters, `--outputFile.count=${report}`]);
  } catch (error) {
    broken = messageOf(error);
  }
  try {
    const counted = countSchema.parse(JSON.parse(readFileSync(report, 'utf8')));
    return broken === null || counted.failed > 0 ? counted : { ...counted, failed: 1, failures: [broken] };
  } catch (error) {
    const failure = `no report in ${relative(ROOT, report)}: ${messageOf(error)}`;
    return { passed: 0, failed: 1, skipped: 0, failures: [failure], secondTries: [] };
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
