import { appError } from '../../src/contracts/errors.ts';
import type { RunsClient } from '../../tests/support/runs-client/index.ts';
import { execCall } from './exec-call.ts';
import { execLineSchema } from './exec-line.ts';
import { type ExecResult, refusedResult } from './exec-result.ts';

/** One result for each line that is not empty, in order; a line that is no call is refused and those after it run. */
export async function* execLines(lines: AsyncIterable<string>, client: RunsClient): AsyncGenerator<ExecResult> {
  let number = 0;
  for await (const text of lines) {
    number += 1;
    if (text.trim() === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      // Nothing is lost: the answer says which line it was, and the caller has the line.
      yield refusedResult(null, appError('run/bad-request', `line ${number} is not JSON`));
      continue;
    }
    const line = execLineSchema.safeParse(value);
    if (line.success) {
      yield await execCall(client, line.data);
      continue;
    }
    const issue = line.error.issues[0];
    const where = issue?.path.length ? `${issue.path.join('.')}: ` : '';
    const detail = `line ${number}: ${where}${issue?.message ?? 'is not a call'}`;
    yield refusedResult(idOf(value), appError('run/bad-request', detail));
  }
}

function idOf(value: unknown): ExecResult['id'] {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : null;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}
