import type { Channel, Party } from '../channel/channel.ts';
import type { ExecStart, ExecUsage, GuestMessage } from '../channel/messages.ts';
import { execRequest, killRequest, numbers, resizeRequest } from '../channel/requests.ts';
import { InputWindow, OUTPUT_WINDOW_BYTES, OutputCredit, type TakeOutput } from './windows.ts';

export interface ExecSpec {
  /** The program and its arguments; a name without a slash is looked up in PATH of `env`. */
  readonly argv: readonly string[];
  /** Default `/`. */
  readonly cwd?: string;
  /** The whole environment, nothing is added. Default: PATH, HOME, LANG. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default 0; the group is the same number unless given. */
  readonly uid?: number;
  readonly gid?: number;
  /** A terminal instead of three pipes: all output is stdout then. */
  readonly pty?: { readonly columns: number; readonly rows: number };
  /** Bounds of all its processes together. Default: none of memory, 256 processes. */
  readonly memoryMB?: number;
  readonly processes?: number;
  /** It waits, in a saved state too, and is given to who asks for the very same: start nothing that has begun its work. */
  readonly isSpare?: boolean | undefined;
  /**
   * Its first process may say that it is done and waits for more (SIGRTMIN or SIGRTMIN+1 to PID 1): the exec ends there, and who asks
   * for the very same next is given that process. Not of a terminal.
   */
  readonly mayStay?: boolean | undefined;
  readonly onStdout?: TakeOutput;
  readonly onStderr?: TakeOutput;
}

/**
 * How an exec ended. `ms` is counted at the host, from the request to the end; `stays`: its process does (`ExecSpec.mayStay`), and said
 * so by that signal past SIGRTMIN.
 */
export type ExecEnd = { readonly ms: number } & (
  | { readonly kind: 'exited'; readonly code: number; readonly usage: ExecUsage; readonly stays?: number | null }
  | { readonly kind: 'signalled'; readonly signal: number; readonly usage: ExecUsage }
  /** The guest could not start it: its errno and words. */
  | { readonly kind: 'refused'; readonly errno: number; readonly detail: string }
  /** The machine was restored or ended under it. */
  | { readonly kind: 'lost' }
);

export interface Exec {
  readonly id: number;
  /** Null when it never started. */
  readonly started: Promise<ExecStart | null>;
  /** Of its first process; null when it never started. */
  readonly pid: Promise<number | null>;
  readonly done: Promise<ExecEnd>;
  /** Resolves when the bytes are on their way; wait for it before more, else they pile up here. */
  writeStdin(bytes: Uint8Array): Promise<void>;
  /** A terminal gets ^D. */
  closeStdin(): void;
  /** `all`: every process of the exec, also after its first has ended; else the first, or a terminal's foreground. */
  kill(signal: number, all: boolean): void;
  resize(columns: number, rows: number): void;
  /** Bounds the memory of all its processes together, from what is written next on; one with a cgroup of its own. */
  bound(memoryMB: number): void;
}

const SIGKILL = 9;
const E2BIG = 7;
/** Linux takes 2 MiB of words (a fourth of the stack), and the wire counts them in 16 bits. */
const MAX_REQUEST_BYTES = 2 << 20;
const MAX_WORDS = 0xffff;
const DEFAULT_PROCESSES = 256;
const DEFAULT_ENV = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LANG: 'C.UTF-8',
};

class RunningExec implements Party, Exec {
  readonly pid: Promise<number | null>;
  readonly started: Promise<ExecStart | null>;
  readonly done: Promise<ExecEnd>;
  readonly id: number;
  readonly #channel: Channel;
  readonly #spec: ExecSpec;
  readonly #input: InputWindow;
  readonly #credit: OutputCredit;
  readonly #startedAt = performance.now();
  #started: (started: ExecStart | null) => void = () => undefined;
  #ended: (end: ExecEnd) => void = () => undefined;
  #hasEnded = false;

  constructor(channel: Channel, spec: ExecSpec) {
    this.#channel = channel;
    this.#spec = spec;
    this.id = channel.join(this);
    this.#input = new InputWindow(
      (bytes) => channel.send('I', this.id, bytes),
      () => channel.send('E', this.id),
    );
    this.#credit = new OutputCredit((bytes) => channel.send('W', this.id, numbers(bytes)));
    this.started = new Promise((resolve) => (this.#started = resolve));
    this.pid = this.started.then((start) => start?.pid ?? null);
    this.done = new Promise((resolve) => (this.#ended = resolve));
  }

  receive(message: GuestMessage): boolean {
    switch (message.kind) {
      case 'started':
        this.#started(message);
        return true;
      case 'output': {
        const take = message.stream === 'stdout' ? this.#spec.onStdout : this.#spec.onStderr;
        return this.#credit.pass(message.bytes, take ?? (() => undefined));
      }
      case 'taken':
        return this.#input.taken(message.bytes);
      case 'ended':
        this.#end(
          message.signal === 0
            ? { kind: 'exited', code: message.code, usage: message.usage, stays: message.stays, ms: this.#ms() }
            : { kind: 'signalled', signal: message.signal, usage: message.usage, ms: this.#ms() },
        );
        return true;
      case 'refused':
        this.#end({ kind: 'refused', errno: message.errno, detail: message.detail, ms: this.#ms() });
        return true;
      default:
        return false;
    }
  }

  lose(): void {
    this.#end({ kind: 'lost', ms: this.#ms() });
  }

  writeStdin(bytes: Uint8Array): Promise<void> {
    return this.#input.write(bytes);
  }

  closeStdin(): void {
    this.#input.close();
  }

  kill(signal: number, all: boolean): void {
    if (this.#hasEnded && !all) return;
    this.#channel.send('K', this.id, killRequest(signal, all));
    // The end is told after the last output, and that may wait for a taker who has stopped taking.
    if (signal === SIGKILL && !this.#hasEnded) this.#credit.extend(OUTPUT_WINDOW_BYTES);
  }

  resize(columns: number, rows: number): void {
    if (!this.#hasEnded) this.#channel.send('R', this.id, resizeRequest(columns, rows));
  }

  bound(memoryMB: number): void {
    if (!this.#hasEnded) this.#channel.send('B', this.id, numbers(memoryMB));
  }

  #ms(): number {
    return performance.now() - this.#startedAt;
  }

  #end(end: ExecEnd): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#channel.leave(this.id);
    this.#input.drop();
    this.#started(null);
    this.#ended(end);
  }
}

/** Of the longer list: arguments or variables. */
function countWords(spec: ExecSpec): number {
  return Math.max(spec.argv.length, Object.keys(spec.env ?? {}).length);
}

/**
 * Starts a program in the guest; with `isAway` there is no guest, and it is lost at once. Words that are too many or too
 * long are refused. Throws RangeError for a zero byte in them.
 */
export function startExec(channel: Channel, spec: ExecSpec, isAway: boolean): Exec {
  const payload = execRequest({
    argv: spec.argv,
    cwd: spec.cwd ?? '/',
    env: spec.env ?? DEFAULT_ENV,
    uid: spec.uid ?? 0,
    gid: spec.gid ?? spec.uid ?? 0,
    terminal: spec.pty ?? null,
    memoryMiB: spec.memoryMB ?? 0,
    processes: spec.processes ?? DEFAULT_PROCESSES,
    isSpare: spec.isSpare,
    mayStay: spec.mayStay,
  });
  const exec = new RunningExec(channel, spec);
  if (isAway) exec.lose();
  else if (payload.length > MAX_REQUEST_BYTES || countWords(spec) > MAX_WORDS) {
    exec.receive({ kind: 'refused', errno: E2BIG, detail: 'exec: Argument list too long' });
  } else channel.send('X', exec.id, payload);
  return exec;
}
