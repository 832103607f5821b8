import { runStaticChecks } from './checks.ts';
import { runTests } from './vitest-run.ts';

/** Everything that needs no browser: format, types, lint, rings, dead code, unit and architecture tests. */
const checks = await runStaticChecks('stdout');
const tests = await runTests(['unit', 'architecture']);
if (checks.failed.length > 0) process.stdout.write(`failed: ${checks.failed.join(', ')}\n`);
const failed = checks.failed.length + tests.failed;
process.stdout.write(`${checks.passed + tests.passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
