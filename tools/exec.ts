import { createInterface } from 'node:readline';
import { execLines } from './exec/exec-lines.ts';
import { openRuns } from './exec/open-runs.ts';

/** JSON lines in, a JSON line out for each, in order; the browser lives until the input ends. */
async function run(): Promise<void> {
  await using runs = await openRuns();
  // Only now: lines that arrive before somebody iterates would be lost.
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
  let bad = 0;
  for await (const result of execLines(lines, runs.client)) {
    if (result.error?.code === 'run/bad-request') bad += 1;
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
  if (bad > 0)
    throw new Error(`${bad} of the lines ${bad === 1 ? 'is no call' : 'are no calls'}; their answers say why`);
}

try {
  await run();
} catch (error) {
  process.stderr.write(`exec: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
