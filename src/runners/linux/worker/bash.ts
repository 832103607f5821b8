import { joinBytes } from '../../../base/index.ts';
import type { Exec, ExecEnd, ExecSpec, TakeOutput } from '../../../container/machine/index.ts';
import type { Guest } from './guest.ts';
import { linesOfNew } from './kept.ts';
import {
  ARGUMENT_BYTES,
  become,
  becomeWords,
  type Before,
  handOver,
  handOverShown,
  isShown,
  type KeptPlace,
  keptFile,
  placeOnTheWay,
  type Program,
} from './prompt.ts';
import { shellEnv, UNCHANGED_SIGNAL, waitingBash, WHOLE_FILE } from './waiting-bash.ts';

/** Variables by which a bash begins with other options. */
const SET_OPTIONS = ['BASHOPTS', 'SHELLOPTS', 'POSIXLY_CORRECT', 'BASH_COMPAT'];

const CODE_FILE = '/run/companion-program';
const SAID_UTF16 = 10_000;

/** At what a bash keeps, which it does in some milliseconds; each look lets it go on. */
const LOOKS_MOST = 1_000;
const PLACES: readonly KeptPlace[] = ['a', 'b', 'c', 'd'];

/** As much of a file as the agent reads. */
const READ_BYTES = 16_384;

export interface BashOutput {
  readonly onStdout: TakeOutput;
  readonly onStderr: TakeOutput;
}

/** What a shell says of a program that a signal ended: 128 and its number. */
const SIGNALLED = 128;

/** What a shell calls `$?`. */
export function statusOf(end: ExecEnd): number {
  if (end.kind === 'exited') return end.code;
  return 'signal' in end ? SIGNALLED + end.signal : 0;
}

/** What is known of a bash that goes on from program to program. */
interface Going {
  readonly pid: number;
  /** How many programs it has run: the words of each lie within those of the last. */
  readonly programs: number;
  /** Of its cgroup; null where nothing bounds it yet. */
  readonly boundMB: number | null;
  /** Where it kept last. */
  readonly place: KeptPlace | null;
}

/** A bash goes on so often at most: it grows by 5 KiB with each. */
const PROGRAMS_MOST = 100;

/** A bash that was started ahead of its program, or goes on after one. */
interface Waiting {
  readonly exec: Exec;
  /** Once it is what the last one was; null where it has ended. */
  readonly became: Promise<Going | null>;
  /** Where its output goes from now on. */
  show(output: BashOutput): void;
  readonly hasEnded: () => boolean;
}

/**
 * Programs of one session, one at a time. The bash of a program that ended well goes on with the next (decision 0157). After any other
 * one another bash is started when the last has ended: to start and to find again what was kept takes longer than most programs.
 * `cwd` is where the session begins.
 */
export class Bash {
  readonly #guest: Guest;
  readonly #cwd: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #ofNew: ReadonlySet<string>;
  readonly #hasUsualOptions: boolean;
  #waiting: Waiting | null = null;
  /** The bash whose program ended, where it goes on. */
  #going: Going | null = null;
  /** What the last program ended with. */
  #lastStatus = 0;

  constructor(guest: Guest, cwd: string) {
    this.#guest = guest;
    this.#cwd = cwd;
    this.#env = shellEnv(guest.env);
    this.#ofNew = linesOfNew(this.#env);
    this.#hasUsualOptions = !SET_OPTIONS.some((name) => name in this.#env);
  }

  /** The bash that waits for its program, null where none does. */
  get waiting(): Exec | null {
    return this.#waiting?.exec ?? null;
  }

  /**
   * Gets the bash of the next program. To be called once the last has ended, for it begins with what that one kept; `isNew`: there was
   * none.
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
  start(program: Program, output: BashOutput): Exec {
    const waiting = this.#waiting?.hasEnded() === false ? this.#waiting : this.#wait();
    this.#waiting = null;
    waiting.show(output);
    const { exec } = waiting;
    let last: Going | null = null;
    let next: Going | null = null;
    // Here, before whoever is given it waits for the same: what prepares the next program then knows of it.
    void exec.done.then((end) => {
      this.#lastStatus = statusOf(end);
      if (end.kind !== 'exited' || typeof end.stays !== 'number') return;
      this.#going = next && last && end.stays === UNCHANGED_SIGNAL ? { ...next, place: last.place } : next;
    });
    const handed = waiting.became.then(async (going) => {
      last = going;
      next = going && (await this.#handOver(exec, going, program));
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

  /** Gives what it is after the program, where it goes on. */
  async #handOver(exec: Exec, going: Going, program: Program): Promise<Going | null> {
    const place = placeOnTheWay(going.place);
    const handed = { ...program, place, hasUsualOptions: this.#hasUsualOptions, lastStatus: this.#lastStatus };
    if (going.boundMB !== program.memoryMB) exec.bound(program.memoryMB);
    if (isShown(program.code)) {
      const kept = await this.#kept(going.place);
      void exec.writeStdin(handOverShown(handed, becomeWords({ kept, cwd: this.#cwd, ofNew: this.#ofNew })));
      return null;
    }
    void exec.writeStdin(handOver(handed));
    return { ...going, programs: going.programs + 1, boundMB: program.memoryMB, place };
  }

  #wait(isNew = false): Waiting {
    const going = this.#going;
    this.#going = null;
    const tired = going && going.programs >= PROGRAMS_MOST ? this.#exec(null) : null;
    tired?.closeStdin();
    let output: BashOutput | null = null;
    let hasEnded = false;
    const exec = this.#exec(() => output);
    void exec.done.then(() => (hasEnded = true));
    return {
      exec,
      became: this.#become(exec, { going, isNew, tired }),
      show: (given) => (output = given),
      hasEnded: () => hasEnded,
    };
  }

  #exec(output: (() => BashOutput | null) | null): Exec {
    return this.#guest.exec({
      ...waitingBash(this.#guest.env),
      onStdout: (bytes) => output?.()?.onStdout(bytes),
      onStderr: (bytes) => output?.()?.onStderr(bytes),
    });
  }

  /** Tells a bash that began what the last one was; it begins while that is read. One that goes on is that still. */
  async #become(
    exec: Exec,
    { going, isNew, tired }: { readonly going: Going | null; readonly isNew: boolean; readonly tired: Exec | null },
  ): Promise<Going | null> {
    // It may still be keeping.
    await tired?.done;
    if (going) {
      const pid = await exec.pid;
      if (pid === null) return null;
      if (pid === going.pid) return going;
    }
    const kept = isNew ? null : await this.#kept();
    await exec.writeStdin(become(becomeWords({ kept, cwd: this.#cwd, ofNew: this.#ofNew })));
    const place = kept?.place ?? null;
    const pid = await exec.pid;
    return pid === null ? null : { pid, programs: 0, boundMB: null, place };
  }

  /** `awaited`: where a bash that goes on keeps last; it does so after the end of its program was told. */
  async #kept(awaited: KeptPlace | null = null): Promise<Before['kept']> {
    const { readBytes } = this.#guest;
    const placeNow = async (): Promise<KeptPlace | undefined> => {
      const whole = await readBytes(WHOLE_FILE);
      return PLACES.find((each) => each.charCodeAt(0) === whole?.[0]);
    };
    let place = await placeNow();
    for (let look = 0; awaited !== null && place !== awaited && look < LOOKS_MOST; look += 1) place = await placeNow();
    const bytes = place && (await readBytes(keptFile(place)));
    if (!place || !bytes) return null;
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

/** The same program, whose input waits until something else was written to it; until then it is nobody's process. */
const behind = (written: Promise<unknown>, exec: Exec): Exec => ({
  id: exec.id,
  pid: written.then(() => exec.pid),
  started: exec.started,
  done: exec.done,
  writeStdin: async (bytes) => {
    await written;
    await exec.writeStdin(bytes);
  },
  closeStdin: () => void written.then(() => exec.closeStdin()),
  kill: (signal, all) => exec.kill(signal, all),
  resize: (columns, rows) => exec.resize(columns, rows),
  bound: (memoryMB) => void written.then(() => exec.bound(memoryMB)),
});
