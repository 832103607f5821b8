import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { runStep } from './run-step.ts';

const ROOT = join(import.meta.dirname, '..');

const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number().default(0),
  numFailedTestSuites: z.number(),
  success: z.boolean(),
});

export interface TestCount {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Runs the named vitest projects and counts. A run that broke before it could count is one failure. */
export async function runTests(projects: readonly string[]): Promise<TestCount> {
  const report = join(ROOT, '.cache', 'tests', `${projects.join('-')}.json`);
  mkdirSync(join(ROOT, '.cache', 'tests'), { recursive: true });
  rmSync(report, { force: true });
  const selected = projects.flatMap((project) => ['--project', project]);
  try {
    await runStep(
      `tests: ${projects.join(', ')}`,
      join(ROOT, 'node_modules', '.bin', 'vitest'),
      ['run', ...selected, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
      'stdout',
    );
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
  try {
    const counted = reportSchema.parse(JSON.parse(readFileSync(report, 'utf8')));
    const broken = !counted.success && counted.numFailedTests === 0 ? 1 : 0;
    return {
      passed: counted.numPassedTests,
      failed: counted.numFailedTests + broken,
      skipped: counted.numPendingTests + counted.numTodoTests,
    };
  } catch (error) {
    process.stderr.write(
      `no report from ${projects.join(', ')}: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
