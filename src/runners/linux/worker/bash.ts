import type { Exec, ExecEnd, ExecSpec, TakeOutput } from '../../../container/machine/index.ts';
import type { Guest } from './guest.ts';
import { ARGUMENT_BYTES, handOver, WAIT } from './prompt.ts';

const CODE_FILE = '/run/companion-program';
const SAID_UTF16 = 10_000;

/** The environment of every shell here. */
export const SHELL_ENV = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LANG: 'C.UTF-8',
  TERM: 'xterm-256color',
} as const;

export interface BashOutput {
  readonly onStdout: TakeOutput;
  readonly onStderr: TakeOutput;
}

/** A bash that was started ahead of its program. */
interface Waiting {
  readonly exec: Exec;
  /** Where its output goes from now on. */
  show(output: BashOutput): void;
  readonly hasEnded: () => boolean;
}

/**
 * Programs of one session, one at a time. The bash of the next one is started when the last has ended: to start and to find
 * again what was kept takes longer than most programs. `cwd` is where the session begins.
 */
export class Bash {
  readonly #guest: Guest;
  readonly #cwd: string;
  #waiting: Waiting | null = null;

  constructor(guest: Guest, cwd: string) {
    this.#guest = guest;
    this.#cwd = cwd;
  }

  /** Of the bash that waits for its program, null where none does. */
  get waitingId(): number | null {
    return this.#waiting?.exec.id ?? null;
  }

  /** Starts the bash of the next program. To be called once the last has ended, for it begins with what that one kept. */
  prepare(): void {
    this.#waiting ??= this.#wait();
  }

  /** Ends the bash that waits, which holds the session's folder open; `prepare` starts another. */
  async leave(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = null;
    // It ends by itself at the end of its input, whatever it was about to do.
    waiting?.exec.closeStdin();
    await waiting?.exec.done;
  }

  /** Runs a program as the next of its session. */
  start(code: string, memoryMB: number, output: BashOutput): Exec {
    const waiting = this.#waiting?.hasEnded() === false ? this.#waiting : this.#wait();
    this.#waiting = null;
    waiting.show(output);
    void waiting.exec.writeStdin(handOver({ code, execId: waiting.exec.id, memoryMB }));
    return waiting.exec;
  }

  /** What bash says of a program that it cannot read; null where it can. Runs nothing of it. */
  async complaint(code: string): Promise<string | null> {
    const isShort = new TextEncoder().encode(code).length <= ARGUMENT_BYTES;
    if (!isShort) await this.#quietly(['sh', '-c', `cat >${CODE_FILE}`], code);
    const { end, said } = await this.#quietly(['bash', '-n', ...(isShort ? ['-c', code] : [CODE_FILE])]);
    return end.kind === 'exited' && end.code === 0 ? null : said;
  }

  #wait(): Waiting {
    let output: BashOutput | null = null;
    let hasEnded = false;
    const exec = this.#guest.exec({
      ...this.#command(['bash', '-c', WAIT]),
      onStdout: (bytes) => output?.onStdout(bytes),
      onStderr: (bytes) => output?.onStderr(bytes),
    });
    void exec.done.then(() => (hasEnded = true));
    return { exec, show: (given) => (output = given), hasEnded: () => hasEnded };
  }

  #command(argv: readonly string[]): Pick<ExecSpec, 'argv' | 'cwd' | 'env'> {
    return { argv, cwd: this.#cwd, env: SHELL_ENV };
  }

  /** Runs a command of our own; `said` is what it wrote to its error output. */
  async #quietly(argv: readonly string[], input = ''): Promise<{ readonly end: ExecEnd; readonly said: string }> {
    const decoder = new TextDecoder();
    let said = '';
    const exec = this.#guest.exec({
      ...this.#command(argv),
      onStderr: (bytes) => {
        if (said.length < SAID_UTF16) said += decoder.decode(bytes, { stream: true });
      },
    });
    await exec.writeStdin(new TextEncoder().encode(input));
    exec.closeStdin();
    return { end: await exec.done, said };
  }
}
