import type { RunRequest } from '../../src/contracts/run.ts';
import { outcomeOf, runRequest, type RunsClient } from '../../tests/support/runs-client/index.ts';

export const SHELL = { language: 'shell' } as const;

/** Runs a program, of the shell where nothing else is said; throws where it did not end well. */
export async function finished(
  client: RunsClient,
  code: string,
  session: string,
  changes: Partial<RunRequest> = SHELL,
) {
  const run = await client.run(runRequest(code, session, changes));
  const outcome = outcomeOf(run);
  if (outcome?.kind !== 'completed' || outcome.exitCode !== 0)
    throw new Error(`${code.slice(0, 60)}: ${JSON.stringify(outcome ?? run.refused)}`);
  return run;
}
