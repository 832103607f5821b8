import { execLines } from '../../tools/exec/exec-lines.ts';
import type { ExecResult } from '../../tools/exec/exec-result.ts';
import type { OpenRuns } from '../../tools/exec/open-runs.ts';

/** What `npm run exec` answers in a browser that is open. Objects become lines as they are; text is taken for a line. */
export async function execThrough(runs: OpenRuns, lines: readonly unknown[]): Promise<ExecResult[]> {
  async function* feed(): AsyncGenerator<string> {
    for (const line of lines) yield await Promise.resolve(typeof line === 'string' ? line : JSON.stringify(line));
  }
  const results: ExecResult[] = [];
  for await (const result of execLines(feed(), runs.client)) results.push(result);
  return results;
}
