import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
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
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).default([]) }),
      ),
    }),
  ),
});

export interface TestCount {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed, a line or two each: said again at the end, where a long log is read. */
  readonly failures: readonly string[];
}

/** Lines of a failure that are repeated at the end. */
const FAILURE_LINES = 6;

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
      failures: failuresOf(counted),
    };
  } catch (error) {
    process.stderr.write(
      `no report from ${projects.join(', ')}: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return { passed: 0, failed: 1, skipped: 0, failures: [`${projects.join(', ')}: no report`] };
  }
}

/** Tests that failed, and files of which a set-up failed. */
function failuresOf({ testResults }: z.infer<typeof reportSchema>): string[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(ROOT, name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [`${file}\n${firstLines(message)}`] : [];
    return failed.map((test) => `${file} > ${test.fullName}\n${firstLines(test.failureMessages.join('\n'))}`);
  });
}

function firstLines(message: string): string {
  const lines = stripVTControlCharacters(message).split('\n').slice(0, FAILURE_LINES);
  return lines.map((line) => `    ${line}`).join('\n');
}
