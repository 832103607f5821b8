import type { Exec, ExecEnd } from '../../../container/machine/index.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import type { TerminalNews } from '../../../contracts/runner-protocol.ts';
import type { TerminalRequest, TerminalSize } from '../../../contracts/terminal.ts';
import { SHELL_ENV } from './waiting-bash.ts';
import type { Guest } from './guest.ts';
import type { ReadGuestFile } from './stdin.ts';

const SIGHUP = 1;
const SIGKILL = 9;

/**
 * What bash reads before the first prompt of a terminal. What others write in `/mnt/data` is no event for inotify (decision
 * 0063), by which Debian's tail waits; the other one looks again by itself, and does not know the word. `tail -5` is understood
 * only where that is the first word.
 */
const RC = `PS1='\\[\\e[1;32m\\]\\w\\[\\e[0m\\]\\$ '
alias ls='ls --color=auto'
if type -P dircolors >/dev/null; then alias grep='grep --color=auto'; fi
if [ -e /etc/debian_version ]; then
  tail() {
    case \${1-} in
      -[0-9]*f) local n=\${1#-}; shift; command tail ---disable-inotify -f -n "\${n%f}" "$@" ;;
      [-+][0-9]*) command tail "$@" ;;
      *) command tail ---disable-inotify "$@" ;;
    esac
  }
fi
HISTCONTROL=ignoreboth
`;
const RC_FILE = '/run/companion-terminal';
/** Becomes the shell itself: the terminal's first process is the one that a person types to. */
const START = `printf %s "$RC" >${RC_FILE}; unset RC; exec bash --rcfile ${RC_FILE} -i`;

/** How long a shell that is to leave is given between one look at what it does and the next. */
const LOOKS_AFTER_MS = [0, 50, 100, 200, 400, 800];

/** Said where it happens; dim, in a line of its own. */
const DROPPED = '\r\n\x1b[2mMore was typed or pasted than the program reads. The rest was dropped.\x1b[0m\r\n';

/** What a terminal puts behind what was pasted, and what is sent by Ctrl-C: a program that does not get these stays where it is. */
const PASTE_END = '\x1b[201~';
const INTERRUPT = '\x03';

type Asked = Exclude<TerminalRequest, { kind: 'open' }>;

interface Terminal {
  readonly exec: Exec;
  /** Output on its way, and what to do once enough of it was taken. */
  ahead: number;
  goOn: (() => void) | null;
  /** Typed, and not yet read by the guest. */
  unread: number;
  /** Something was dropped, and nothing is taken before all that came before it was read and the rest of it was dropped too. */
  isFull: boolean;
  /** What came last is a whole piece: what is pasted goes on, probably. */
  isWithinPaste: boolean;
  /** It was asked to leave, did not yet, and nobody came back. */
  isLeft: boolean;
  readonly show: (text: string) => void;
}

export interface TerminalsOptions {
  readonly guest: Pick<Guest, 'exec' | 'readFile'>;
  /** Where a terminal begins. */
  readonly cwd: string;
  /** Keeps the machine from standing still until what is given settles. */
  readonly during: (use: () => Promise<void>) => Promise<void>;
  readonly tell: (id: number, news: TerminalNews) => void;
  /** About the machine, for who opens a terminal in it; null where there is nothing to say. */
  readonly notice: string | null;
}

/** The terminals of a session: each a bash of its own on a PTY, in the machine in which the session's programs run. */
export class Terminals {
  readonly #options: TerminalsOptions;
  readonly #open = new Map<number, Terminal>();
  /** What was asked of terminals whose machine still wakes. */
  readonly #early = new Map<number, Asked[]>();

  constructor(options: TerminalsOptions) {
    this.#options = options;
  }

  take(id: number, request: TerminalRequest): void {
    const { during, tell } = this.#options;
    if (request.kind === 'open') {
      this.#early.set(id, []);
      during(() => this.#run(id, request)).catch((error: unknown) => {
        this.#early.delete(id);
        tell(id, { kind: 'failed', detail: String(error).slice(0, 4_000) });
      });
      return;
    }
    const terminal = this.#open.get(id);
    if (terminal !== undefined) this.#tell(terminal, request);
    else this.#early.get(id)?.push(request);
  }

  #tell(terminal: Terminal, request: Asked): void {
    // Who types in it, or sees it in a page of some size, is back.
    if (request.kind !== 'taken') terminal.isLeft = request.kind === 'leave';
    switch (request.kind) {
      case 'write':
        return this.#write(terminal, request.text);
      case 'resize':
        return terminal.exec.resize(request.columns, request.rows);
      case 'taken':
        terminal.ahead -= request.utf16;
        if (terminal.ahead >= LIMITS.terminalAheadUtf16.standard) return;
        terminal.goOn?.();
        terminal.goOn = null;
        return;
      case 'leave':
        return void this.#leave(terminal);
      case 'end':
        return terminal.exec.kill(SIGKILL, true);
    }
  }

  /**
   * As when a terminal's window is closed: the shell writes down what was typed in it, and ends. One that seems to do something
   * is looked at again: it may have shown its prompt and not wait yet.
   */
  async #leave(terminal: Terminal): Promise<void> {
    for (const pauseMs of LOOKS_AFTER_MS) {
      await new Promise((settle) => setTimeout(settle, pauseMs));
      const isAtRest = terminal.unread === 0 && (await isAtPrompt(terminal.exec, this.#options.guest.readFile));
      if (!terminal.isLeft) return;
      if (!isAtRest) continue;
      terminal.isLeft = false;
      return terminal.exec.kill(SIGHUP, true);
    }
  }

  /**
   * A program that reads nothing gets no more: the rest is dropped, and that is said. All of the rest, for a paste comes in
   * pieces, and one with a hole in it would be another program.
   */
  #write(terminal: Terminal, text: string): void {
    const isTooMuch = terminal.unread + text.length > LIMITS.terminalUnreadUtf16.standard;
    if (isTooMuch && !terminal.isFull) terminal.show(DROPPED);
    terminal.isFull ||= isTooMuch;
    terminal.isWithinPaste = text.length === LIMITS.terminalInputUtf16.standard;
    if (!terminal.isFull) return this.#send(terminal, text);
    // Typed keys may have come behind the end of what was pasted.
    for (const kept of [PASTE_END, INTERRUPT]) if (text.includes(kept)) this.#send(terminal, kept);
    takeAgain(terminal);
  }

  #send(terminal: Terminal, text: string): void {
    terminal.unread += text.length;
    void terminal.exec.writeStdin(new TextEncoder().encode(text)).then(() => {
      terminal.unread -= text.length;
      takeAgain(terminal);
    });
  }

  async #run(id: number, { columns, rows }: TerminalSize): Promise<void> {
    const { guest, cwd, tell, notice } = this.#options;
    const decoder = new TextDecoder();
    const show = (text: string): void => {
      if (text === '') return;
      terminal.ahead += text.length;
      tell(id, { kind: 'output', text });
    };
    const exec = guest.exec({
      argv: ['bash', '-c', START],
      cwd,
      env: { ...SHELL_ENV, COLORTERM: 'truecolor', SHELL: '/bin/bash', RC },
      pty: { columns, rows },
      onStdout: (bytes) => {
        show(decoder.decode(bytes, { stream: true }));
        if (terminal.ahead < LIMITS.terminalAheadUtf16.standard) return undefined;
        return new Promise((goOn) => (terminal.goOn = both(terminal.goOn, goOn)));
      },
    });
    const terminal: Terminal = {
      exec,
      ahead: 0,
      goOn: null,
      unread: 0,
      isFull: false,
      isWithinPaste: false,
      isLeft: false,
      show,
    };
    this.#open.set(id, terminal);
    tell(id, { kind: 'opened', notice });
    for (const request of this.#early.get(id) ?? []) this.#tell(terminal, request);
    this.#early.delete(id);
    const end = await exec.done;
    this.#open.delete(id);
    terminal.isLeft = false;
    // What the shell left behind has no terminal any more.
    exec.kill(SIGKILL, true);
    show(decoder.decode());
    tell(id, newsOf(end));
  }
}

/** Takes what comes again, once everything was read and nothing more of what was dropped is to come. */
function takeAgain(terminal: Terminal): void {
  if (terminal.unread === 0 && !terminal.isWithinPaste) terminal.isFull = false;
}

/**
 * proc(5) of a bash that sleeps and whose own process group has the terminal: state, parent, group, session, terminal, and the
 * group in its foreground. While bash waits for a command, that is the command's.
 */
const AT_REST = /^\d+ \(bash\) S \d+ (\d+) \d+ \d+ \1 /;

/** Whether there is nothing of a terminal but its shell, and that waits. */
async function isAtPrompt({ id }: Exec, readFile: ReadGuestFile): Promise<boolean> {
  const processes = (): Promise<string | null> => readFile(`/sys/fs/cgroup/x${id}/cgroup.procs`);
  const alone = (await processes())?.trim() ?? '';
  if (!/^\d+$/.test(alone) || !AT_REST.test((await readFile(`/proc/${alone}/stat`)) ?? '')) return false;
  // It may have started something between the two.
  return (await processes())?.trim() === alone;
}

const both =
  (one: (() => void) | null, other: () => void): (() => void) =>
  () => {
    one?.();
    other();
  };

function newsOf(end: ExecEnd): TerminalNews {
  switch (end.kind) {
    case 'exited':
      return { kind: 'exited', code: end.code };
    case 'signalled':
      return { kind: 'signalled', signal: end.signal };
    case 'refused':
      return { kind: 'failed', detail: end.detail.slice(0, 4_000) };
    case 'lost':
      return { kind: 'lost' };
  }
}
