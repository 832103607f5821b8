import { fail, ok, type Result } from '../base/index.ts';
import type { SessionId } from '../contracts/ids.ts';
import type { AskedCommand } from '../contracts/shell-consent.ts';
import type { SessionChoiceBook } from '../execution/index.ts';
import { type CodeReading, ReaderFailed } from './reading/index.ts';

/**
 * The commands in code for a shell that the person has to agree to before it runs. Where the code cannot be read nobody
 * knows of any: whoever asks decides what then. decision 0068
 */
export async function commandsToAsk(
  { reading, choices }: { readonly reading: Pick<CodeReading, 'asked'>; readonly choices: SessionChoiceBook },
  sessionId: SessionId,
  code: string,
): Promise<Result<readonly AskedCommand[], ReaderFailed>> {
  const [asked] = await Promise.all([reading.asked(code).then(ok, unread), choices.ready]);
  if (!asked.ok) return asked;
  const { commands } = choices.of(sessionId);
  return ok(asked.value.filter(({ name }) => name === null || !commands.includes(name)));
}

const unread = (cause: unknown): Result<never, ReaderFailed> =>
  fail(cause instanceof ReaderFailed ? cause : new ReaderFailed(String(cause)));
