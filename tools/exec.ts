import { createInterface } from 'node:readline';
import { execCall } from './exec/exec-call.ts';
import { execLineSchema } from './exec/exec-line.ts';
import { openRuns } from './exec/open-runs.ts';

/** JSON lines in, a JSON line out for each, in order; the browser lives until the input ends. */
async function run(): Promise<void> {
  await using runs = await openRuns();
  // Only now: lines that arrive before somebody iterates would be lost.
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
  let number = 0;
  for await (const text of lines) {
    number += 1;
    if (text.trim() === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw new Error(`line ${number} is not JSON`, { cause: error });
    }
    const line = execLineSchema.safeParse(value);
    if (!line.success) {
      const issue = line.error.issues[0];
      throw new Error(`line ${number}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not a call'}`);
    }
    process.stdout.write(`${JSON.stringify(await execCall(runs.client, line.data))}\n`);
  }
}

try {
  await run();
} catch (error) {
  process.stderr.write(`exec: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
