import { LIMITS } from '../../../contracts/limits.ts';
import { INPUT_PATH } from '../../../contracts/mailbox.ts';
import type { WorkerEvent } from '../../../contracts/runner-protocol.ts';
import type { Interrupts } from './interrupts.ts';
import type { AskMailbox } from './mailbox.ts';

const PROMPT_UTF16 = 10_000;
const NO_WAIT =
  'The program asked for input. In this browser it cannot wait for an answer here: give its input before the run.';

export interface Input {
  /** `given` null: the person is asked. */
  begin(given: readonly string[] | null): void;
  readLine(prompt: string, isSecret: boolean): string | null;
  readLineAsync(prompt: string, isSecret: boolean): Promise<string | null>;
  /** The person's answer; null closes the input. */
  answer(text: string | null): void;
  /** Frees a program that waits, as its run must end. */
  wake(): void;
}

/** Lines of input: those given with the run, then its end; or the person's answers, whose time is not the program's. */
export function createInput(options: {
  readonly send: (event: WorkerEvent) => void;
  readonly flush: () => void;
  readonly interrupts: Interrupts;
  readonly mailbox: AskMailbox | null;
}): Input {
  const { send, interrupts, mailbox } = options;
  let given: string[] | null = null;
  let hasSaidNoWait = false;
  let giveAnswer: ((text: string | null) => void) | null = null;

  const ask = (prompt: string, isSecret: boolean): void => {
    options.flush();
    send({ kind: 'input', prompt: prompt.slice(0, PROMPT_UTF16), isSecret });
  };
  const readLine: Input['readLine'] = (prompt, isSecret) => {
    if (given) return given.shift() ?? null;
    if (!mailbox) {
      if (!hasSaidNoWait) send({ kind: 'notice', text: NO_WAIT });
      hasSaidNoWait = true;
      return null;
    }
    ask(prompt, isSecret);
    const isAnswered = interrupts.waitForPerson();
    const answer = mailbox({ op: 'read', path: INPUT_PATH, position: 0, length: LIMITS.inputBytes.standard });
    isAnswered();
    return answer.errno ? null : new TextDecoder().decode(answer.bytes.slice());
  };
  return {
    begin(lines) {
      given = lines ? [...lines] : null;
      hasSaidNoWait = false;
    },
    readLine,
    async readLineAsync(prompt, isSecret) {
      if (given || mailbox) return readLine(prompt, isSecret);
      ask(prompt, isSecret);
      const isAnswered = interrupts.waitForPerson();
      const text = await new Promise<string | null>((settle) => {
        giveAnswer = settle;
      });
      giveAnswer = null;
      isAnswered();
      return text;
    },
    answer: (text) => giveAnswer?.(text),
    wake: () => giveAnswer?.(null),
  };
}
