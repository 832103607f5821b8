import { parseArgs } from 'node:util';
import { checkAddon } from './addon-lint.ts';
import { ensureBuilt } from './build.ts';
import { runStaticChecks } from './checks.ts';
import { ensureSetUp } from './setup.ts';
import type { TestCount } from './count-reporter.ts';
import { checkSizes } from './sizes.ts';
import { ensureLinux, ensureVendored } from './vendored.ts';
import { runTests } from './vitest-run.ts';

/** So few tests in browsers may need their second try; with more, something is wrong that a second try hides (decision 0123). */
const MOST_SECOND_TRIES = 3;

/** What fails fastest comes first, browsers last. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { whole: { type: 'boolean', default: false } } });
  // What the tests of a run share; read by tests/support/whole.ts (decision 0165).
  if (values.whole) process.env['COMPANION_TESTS'] = 'whole';
  await ensureSetUp();
  // Minutes on a fresh machine. It shares nothing with what runs meanwhile but a cache whose entries appear whole, and never
  // rejects. The first that needs it is the build.
  const linux = ensureLinux();
  await ensureVendored();
  // A build uses one processor most of the time, and so does the longest of the checks beside it.
  const building = linux
    .then(buildBoth)
    .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  const failures: string[] = [];
  const secondTries: string[] = [];
  const count = (more: Pick<TestCount, 'passed' | 'failed'> & Partial<TestCount>): void => {
    passed += more.passed;
    failed += more.failed;
    skipped += more.skipped ?? 0;
    failures.push(...(more.failures ?? []));
    secondTries.push(...(more.secondTries ?? []));
  };

  const checks = await runStaticChecks('stdout');
  count({ passed: checks.passed, failed: checks.failed.length });
  count(await runTests(['unit']));
  const built = await building;
  if (built instanceof Error) {
    // Nothing of what is left can run, and what ran is still to be told.
    count({ passed: 0, failed: 1, failures: [built.message] });
  } else {
    const [chrome, firefox] = built;
    count(checkSizes(chrome, firefox));
    count(checkAddon(firefox));
    for (const project of ['architecture', 'node', 'linux']) count(await runTests([project]));
    // Together: the last long file of each would leave a processor idle.
    count(await runTests(['browser', 'security', 'e2e']));
  }

  if (secondTries.length > 0) process.stdout.write(`passed when tried again:\n${secondTries.join('\n')}\n`);
  if (secondTries.length > MOST_SECOND_TRIES) {
    count({
      passed: 0,
      failed: 1,
      failures: [`${secondTries.length} tests had to be tried again, ${MOST_SECOND_TRIES} may`],
    });
  }
  if (failures.length > 0) process.stdout.write(`failed:\n${failures.join('\n')}\n`);
  if (checks.failed.length > 0) process.stdout.write(`failed checks: ${checks.failed.join(', ')}\n`);
  process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  return failed > 0 ? 1 : 0;
}

async function buildBoth(): Promise<readonly [string, string]> {
  return [await ensureBuilt('chrome'), await ensureBuilt('firefox')];
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.stdout.write('0 passed, 1 failed\n');
    process.exitCode = 1;
  },
);
