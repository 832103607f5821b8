import type { ExecEnd, ExecSpec } from '../../../container/machine/index.ts';
import type { Guest } from './guest.ts';
import { PROMPT, PROMPT_FILE, SHELL_FOLDER } from './prompt.ts';

/** Longer programs do not fit an argument (128 KiB in Linux): bash reads them from a file. */
const ARGUMENT_BYTES = 120_000;
const CODE_FILE = `${SHELL_FOLDER}/program`;
const SAID_UTF16 = 10_000;

const ENV = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LANG: 'C.UTF-8',
  TERM: 'xterm-256color',
} as const;

type Command = Pick<ExecSpec, 'argv' | 'cwd' | 'env'>;

/** How programs become commands of the guest. `cwd` is where a session begins. */
export class Bash {
  readonly #guest: Guest;
  readonly #cwd: string;
  readonly #isReady: Promise<void>;

  constructor(guest: Guest, cwd: string) {
    this.#guest = guest;
    this.#cwd = cwd;
    this.#isReady = this.#store(PROMPT, PROMPT_FILE);
    this.#isReady.catch(() => undefined); // said by the first program
  }

  /** The command that runs a program as the next of its session. */
  async program(code: string): Promise<Command> {
    await this.#isReady;
    return this.#command([], code, { BASH_ENV: PROMPT_FILE });
  }

  /** What bash says of a program that it cannot read; null where it can. Runs nothing of it. */
  async complaint(code: string): Promise<string | null> {
    await this.#isReady;
    const { end, said } = await this.#quietly(await this.#command(['-n'], code, {}));
    return end.kind === 'exited' && end.code === 0 ? null : said;
  }

  async #command(options: readonly string[], code: string, env: Readonly<Record<string, string>>): Promise<Command> {
    const isShort = new TextEncoder().encode(code).length <= ARGUMENT_BYTES;
    if (!isShort) await this.#store(code, CODE_FILE);
    const argv = ['bash', ...options, ...(isShort ? ['-c', code] : [CODE_FILE])];
    return { argv, cwd: this.#cwd, env: { ...ENV, ...env } };
  }

  async #store(text: string, path: string): Promise<void> {
    const argv = ['sh', '-c', `mkdir -p ${SHELL_FOLDER} && cat >${path}`];
    const { end, said } = await this.#quietly({ argv, cwd: '/', env: ENV }, text);
    if (end.kind !== 'exited' || end.code !== 0) throw new Error(`the shell cannot be made ready: ${said}`);
  }

  /** Runs a command of our own; `said` is what it wrote to its error output. */
  async #quietly(command: Command, input = ''): Promise<{ readonly end: ExecEnd; readonly said: string }> {
    const decoder = new TextDecoder();
    let said = '';
    const exec = this.#guest.exec({
      ...command,
      onStderr: (bytes) => {
        if (said.length < SAID_UTF16) said += decoder.decode(bytes, { stream: true });
      },
    });
    await exec.writeStdin(new TextEncoder().encode(input));
    exec.closeStdin();
    return { end: await exec.done, said };
  }
}
