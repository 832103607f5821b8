import { joinBytes } from '../../../base/index.ts';
import type { Exec, ExecEnd, ExecSpec, TakeOutput } from '../../../container/machine/index.ts';
import type { Guest } from './guest.ts';
import { linesOfNew } from './kept.ts';
import { ARGUMENT_BYTES, become, becomeWords, type Before, handOver, keptFile, WHOLE_FILE } from './prompt.ts';
import { shellEnv, waitingBash } from './waiting-bash.ts';

const CODE_FILE = '/run/companion-program';
const SAID_UTF16 = 10_000;

/** As much of a file as the agent reads. */
const READ_BYTES = 16_384;

export interface BashOutput {
  readonly onStdout: TakeOutput;
  readonly onStderr: TakeOutput;
}

/** A bash that was started ahead of its program. */
interface Waiting {
  readonly exec: Exec;
  /** What makes it go on where the last one ended, once it was told. */
  readonly became: Promise<Uint8Array>;
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
  readonly #env: Readonly<Record<string, string>>;
  readonly #ofNew: ReadonlySet<string>;
  #waiting: Waiting | null = null;

  constructor(guest: Guest, cwd: string) {
    this.#guest = guest;
    this.#cwd = cwd;
    this.#env = shellEnv(guest.env);
    this.#ofNew = linesOfNew(this.#env);
  }

  /** Of the bash that waits for its program, null where none does. */
  get waitingId(): number | null {
    return this.#waiting?.exec.id ?? null;
  }

  /**
   * Starts the bash of the next program. To be called once the last has ended, for it begins with what that one kept; `isNew`:
   * there was none.
   */
  prepare({ isNew = false } = {}): void {
    this.#waiting ??= this.#wait(isNew);
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
    const { exec } = waiting;
    const handed = waiting.became.then((words) => {
      void exec.writeStdin(handOver({ code, execId: exec.id, memoryMB }, words));
    });
    return behind(handed, exec);
  }

  /** What bash says of a program that it cannot read; null where it can. Runs nothing of it. */
  async complaint(code: string): Promise<string | null> {
    const isShort = new TextEncoder().encode(code).length <= ARGUMENT_BYTES;
    if (!isShort) await this.#quietly(['sh', '-c', `cat >${CODE_FILE}`], code);
    const { end, said } = await this.#quietly(['bash', '-n', ...(isShort ? ['-c', code] : [CODE_FILE])]);
    return end.kind === 'exited' && end.code === 0 ? null : said;
  }

  #wait(isNew = false): Waiting {
    let output: BashOutput | null = null;
    let hasEnded = false;
    const exec = this.#guest.exec({
      ...waitingBash(this.#guest.env),
      onStdout: (bytes) => output?.onStdout(bytes),
      onStderr: (bytes) => output?.onStderr(bytes),
    });
    void exec.done.then(() => (hasEnded = true));
    return { exec, became: this.#become(exec, isNew), show: (given) => (output = given), hasEnded: () => hasEnded };
  }

  /** Tells a bash that waits what the last one was. It begins while that is read. */
  async #become(exec: Exec, isNew: boolean): Promise<Uint8Array> {
    const words = becomeWords({ kept: isNew ? null : await this.#kept(), cwd: this.#cwd, ofNew: this.#ofNew });
    await exec.writeStdin(become(words));
    return words;
  }

  async #kept(): Promise<Before['kept']> {
    const { readBytes } = this.#guest;
    // All at once: which of both is whole is found out while they are read.
    const [whole, a, b] = await Promise.all([
      readBytes(WHOLE_FILE),
      readBytes(keptFile('a')),
      readBytes(keptFile('b')),
    ]);
    if (!whole) return null;
    const place = whole[0] === 'a'.charCodeAt(0) ? 'a' : 'b';
    const bytes = place === 'a' ? a : b;
    if (!bytes) return null;
    return { place, bytes: bytes.length < READ_BYTES ? bytes : await this.#readWhole(keptFile(place)) };
  }

  async #readWhole(path: string): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    const cat = this.#guest.exec({
      ...this.#command(['cat', path]),
      onStdout: (bytes) => void pieces.push(bytes.slice()),
    });
    cat.closeStdin();
    await cat.done;
    return joinBytes(pieces);
  }

  #command(argv: readonly string[]): Pick<ExecSpec, 'argv' | 'cwd' | 'env'> {
    return { argv, cwd: this.#cwd, env: this.#env };
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

/** The same program, whose input waits until something else was written to it. */
const behind = (written: Promise<void>, exec: Exec): Exec => ({
  id: exec.id,
  pid: exec.pid,
  done: exec.done,
  writeStdin: async (bytes) => {
    await written;
    await exec.writeStdin(bytes);
  },
  closeStdin: () => void written.then(() => exec.closeStdin()),
  kill: (signal, all) => exec.kill(signal, all),
  resize: (columns, rows) => exec.resize(columns, rows),
});
