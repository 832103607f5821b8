import type { AppError } from '../../src/contracts/errors.ts';
import { appError } from '../../src/contracts/errors.ts';
import { type Artifact, LANGUAGES } from '../../src/contracts/run.ts';
import { outcomeOf, type RunsClient, runRequest } from '../../tests/support/runs-client/index.ts';
import { type ExecLine, limitsOf, stdinLines } from './exec-line.ts';
import { type ExecResult, refusedResult, resultOf } from './exec-result.ts';

/** Larger files are named with their size only. */
const INLINE_BYTES = 8 * 1024 * 1024;

let anonymous = 0;

/** Runs one line and waits for its end. Throws only when the browser is gone. */
export async function execCall(client: RunsClient, line: ExecLine): Promise<ExecResult> {
  const id = line.id ?? null;
  const language = LANGUAGES.find((each) => each === line.language);
  if (language === undefined) {
    return refusedResult(id, appError('run/language-unavailable', line.language));
  }
  anonymous += 1;
  const session = typeof line.session === 'string' ? `exec:${line.session}` : `exec once:${anonymous}`;
  const sessionId = `page:${session}`;
  const refusal = await putFiles(client, sessionId, line.files ?? {});
  if (refusal !== null) return refusedResult(id, refusal);
  const allowed = await client.call('allowHosts', { sessionId, hosts: (line.network ?? []).map(withPorts) });
  if (!allowed.ok) return refusedResult(id, allowed.error);
  const request = runRequest(line.code, session, {
    language,
    limits: limitsOf(line),
    stdin: stdinLines(line.stdin),
  });
  const run = await client.run(request);
  if (run.refused !== null) return refusedResult(id, run.refused);
  const outcome = outcomeOf(run);
  // A run is over with its outcome or lost for a reason.
  if (outcome === null) return refusedResult(id, appError(run.lost ?? 'run/not-found'));
  const read = async ({ path, bytes }: Artifact): Promise<string | null> => {
    if (path === null || bytes > INLINE_BYTES) return null;
    const answer = await client.call('readFile', { sessionId, path });
    return answer.ok ? (answer.value as { base64: string }).base64 : null;
  };
  const events = run.events.map(({ event }) => event);
  const result = await resultOf(id, { events, outcome, runner: line.language }, read);
  if (typeof line.session !== 'string') await client.call('restartSession', { sessionId });
  return result;
}

/** A host of this machine without a port means all of them: servers of tests have a free one. */
const withPorts = (host: string): string =>
  /^(?:https?:\/\/)?(?:localhost|127\.0\.0\.1)$/u.test(host) ? `${host}:*` : host;

async function putFiles(
  client: RunsClient,
  sessionId: string,
  files: Readonly<Record<string, string>>,
): Promise<AppError | null> {
  for (const [name, base64] of Object.entries(files)) {
    const answer = await client.call('addFile', { sessionId, name, base64 });
    if (!answer.ok) return answer.error;
  }
  return null;
}
