import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import type { CheckCount } from './count-reporter.ts';
import { childEnvironment } from './run-step.ts';

const reportSchema = z.object({
  summary: z.object({ errors: z.number(), warnings: z.number(), notices: z.number() }),
  errors: z.array(z.object({ code: z.string(), message: z.string(), file: z.string().optional() })),
});

/** Mozilla's own linter over the Firefox package; an error there is a refusal by the store, and is named. */
export function checkAddon(folder: string): CheckCount {
  const bin = join(import.meta.dirname, '..', 'node_modules', '.bin', 'addons-linter');
  const run = spawnSync(bin, ['--output', 'json', '--boring', folder], {
    env: childEnvironment(),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const report = reportSchema.parse(JSON.parse(run.stdout));
  const failures = report.errors.map(({ code, file, message }) =>
    ['add-on linter:', code, file, message].filter((part) => part !== undefined).join(' '),
  );
  for (const failure of failures) process.stdout.write(`${failure}\n`);
  process.stdout.write(`add-on linter: ${report.summary.errors} errors, ${report.summary.warnings} warnings\n`);
  return { passed: failures.length === 0 ? 1 : 0, failed: failures.length, skipped: 0, failures };
}
