import type { SessionId } from '../contracts/ids.ts';
import type { AskedCommand } from '../contracts/shell-consent.ts';
import type { SessionChoiceBook } from '../execution/index.ts';
import type { CodeReading } from './reading/index.ts';

/**
 * The commands in code for a shell that the person has to agree to before it runs. None where the code cannot be read at
 * all: the question helps a person, and the box is the wall. decision 0068
 */
export async function commandsToAsk(
  { reading, choices }: { readonly reading: Pick<CodeReading, 'asked'>; readonly choices: SessionChoiceBook },
  sessionId: SessionId,
  code: string,
): Promise<readonly AskedCommand[]> {
  const [asked] = await Promise.all([
    reading.asked(code).catch((cause: unknown) => {
      console.warn('commands not read', cause);
      return [];
    }),
    choices.ready,
  ]);
  const { commands } = choices.of(sessionId);
  return asked.filter(({ name }) => name === null || !commands.includes(name));
}
