import type { Exec } from '../../../container/machine/index.ts';
import type { EngineHost } from '../../kit/worker/index.ts';

const PROMPT_UTF16 = 200;
/** A program that computes in silence is looked at this often, at most; the first look comes soon, for somebody waits. */
const FIRST_LOOK_MS = 60;
const LOOK_MOST_MS = 1_000;
/** Of a run's processes, so many are looked at. */
const PROCESSES_MOST = 8;
/** `read(0, …)` in i386 Linux, as /proc/PID/syscall shows a process that waits in it. */
const WAITS_IN_READ = /^3 0x0 /;

/** Reads a small file of the guest's /proc or /sys; null where it is gone. */
export type ReadGuestFile = (path: string) => Promise<string | null>;

/**
 * Standard input of one program. Given lines go in at once; else a person is asked for one when a process of the run waits
 * for it, which a pipe does not tell: /proc is looked at while nothing is printed.
 */
export class Stdin {
  readonly #host: EngineHost;
  readonly #exec: Exec;
  readonly #readFile: ReadGuestFile;
  #isOpen = true;
  #isLooking = false;
  #lookAtMs = performance.now() + FIRST_LOOK_MS;
  #pauseMs = FIRST_LOOK_MS;
  #lastLine = '';

  constructor(host: EngineHost, exec: Exec, readFile: ReadGuestFile) {
    this.#host = host;
    this.#exec = exec;
    this.#readFile = readFile;
    // A bash that goes on waits for our next words then, in the same pipe (decision 0157).
    void exec.done.then(() => (this.#isOpen = false));
  }

  /** Gives the lines that came with the run, then the end. */
  async giveAll(): Promise<void> {
    const lines: string[] = [];
    for (let line = await this.#host.readLineAsync(''); line !== null; line = await this.#host.readLineAsync(''))
      lines.push(line);
    if (lines.length > 0) await this.#write(lines.join('\n'));
    this.#close();
  }

  /** The program printed: its last unfinished line is what it asks. */
  printed(text: string): void {
    const at = text.lastIndexOf('\n');
    this.#lastLine = (at < 0 ? this.#lastLine + text : text.slice(at + 1)).slice(-PROMPT_UTF16);
    this.#pauseMs = FIRST_LOOK_MS;
    this.#lookAtMs = performance.now() + FIRST_LOOK_MS;
  }

  /** Called now and then: asks the person where the program waits for input. */
  async look(): Promise<void> {
    if (!this.#isOpen || this.#isLooking || performance.now() < this.#lookAtMs) return;
    this.#isLooking = true;
    try {
      if ((await this.#isWanted()) && this.#isOpen) await this.#ask();
    } finally {
      this.#isLooking = false;
      this.#pauseMs = Math.min(this.#pauseMs * 2, LOOK_MOST_MS);
      this.#lookAtMs = performance.now() + this.#pauseMs;
    }
  }

  async #ask(): Promise<void> {
    const line = await this.#host.readLineAsync(this.#lastLine);
    this.#lastLine = '';
    this.#pauseMs = FIRST_LOOK_MS / 2;
    if (line === null) this.#close();
    else await this.#write(line);
  }

  #write(lines: string): Promise<void> {
    return this.#exec.writeStdin(new TextEncoder().encode(`${lines}\n`));
  }

  #close(): void {
    this.#isOpen = false;
    this.#exec.closeStdin();
  }

  /** True when a process of the run waits in `read` of the very pipe that its first process has as standard input. */
  async #isWanted(): Promise<boolean> {
    const first = await this.#exec.pid;
    const pipe = first === null ? null : await this.#pipeOf(first);
    if (pipe === null) return false;
    const all = await this.#readFile(`/sys/fs/cgroup/x${(await this.#exec.started)?.group}/cgroup.procs`);
    const pids = (all ?? '').split('\n').filter((line) => line !== '');
    for (const pid of pids.slice(0, PROCESSES_MOST)) {
      const call = await this.#readFile(`/proc/${pid}/syscall`);
      if (call !== null && WAITS_IN_READ.test(call) && (await this.#pipeOf(Number(pid))) === pipe) return true;
    }
    return false;
  }

  /** Inode number of what a process has as standard input. */
  async #pipeOf(pid: number): Promise<string | null> {
    const text = await this.#readFile(`/proc/${pid}/fdinfo/0`);
    return /^ino:\s*(\d+)$/m.exec(text ?? '')?.[1] ?? null;
  }
}
