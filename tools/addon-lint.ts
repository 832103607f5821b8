import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { childEnvironment } from './run-step.ts';

const reportSchema = z.object({
  summary: z.object({ errors: z.number(), warnings: z.number(), notices: z.number() }),
  errors: z.array(z.object({ code: z.string(), message: z.string(), file: z.string().optional() })),
});

/** Mozilla's own linter over the Firefox package; an error there is a refusal by the store. */
export async function checkAddon(folder: string): Promise<{ passed: number; failed: number }> {
  const bin = join(import.meta.dirname, '..', 'node_modules', '.bin', 'addons-linter');
  const run = spawnSync(bin, ['--output', 'json', '--boring', folder], {
    env: childEnvironment(),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const report = reportSchema.parse(JSON.parse(run.stdout));
  for (const error of report.errors)
    process.stdout.write(`add-on linter: ${error.code} ${error.file ?? ''} ${error.message}\n`);
  process.stdout.write(`add-on linter: ${report.summary.errors} errors, ${report.summary.warnings} warnings\n`);
  return report.summary.errors === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}
