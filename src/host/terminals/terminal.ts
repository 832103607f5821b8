import type { TerminalScreen } from '../../contracts/doors/terminals.ts';
import type { SessionId, TerminalId } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { RunnerSession } from '../../contracts/runner.ts';
import type { EngineTerminal, TerminalEnd, TerminalSize, TerminalSummary } from '../../contracts/terminal.ts';
import type { Screen } from './screen.ts';
import { settledWithin } from '../../execution/index.ts';
import { TerminalViews } from './terminal-views.ts';

/** A shell that is looked at a few times, writes its history and ends takes less. */
const LEAVES_WITHIN_MS = 5_000;

export interface TerminalOptions {
  readonly terminalId: TerminalId;
  readonly sessionId: SessionId;
  readonly number: number;
  readonly size: TerminalSize;
  readonly createScreen: (size: TerminalSize, answer: (text: string) => void) => Screen;
  readonly open: NonNullable<RunnerSession['openTerminal']>;
  /** A page came or left, or it ended. */
  readonly onChange: (terminal: HostTerminal) => void;
}

/** One terminal at the host: its screen, the pages that show it, and its program, which is held back for the slowest of them. */
export class HostTerminal {
  readonly terminalId: TerminalId;
  readonly sessionId: SessionId;
  readonly #number: number;
  readonly #views: TerminalViews;
  readonly #screen: Screen;
  readonly #engine: EngineTerminal;
  readonly #onChange: () => void;
  #isClosed = false;
  #notice: string | null = null;
  #end: TerminalEnd | null = null;
  readonly #ended = Promise.withResolvers<void>();
  /** Worked through by the screen, and not yet told to the engine. */
  #untold = 0;

  constructor({ terminalId, sessionId, number, size, createScreen, open, onChange }: TerminalOptions) {
    this.terminalId = terminalId;
    this.sessionId = sessionId;
    this.#number = number;
    this.#onChange = () => onChange(this);
    this.#views = new TerminalViews(() => {
      this.#goOn();
      this.#onChange();
    });
    this.#screen = createScreen(size, (text) => this.write(text));
    this.#engine = open(size, {
      onOpened: (notice) => (this.#notice = notice),
      onOutput: (text) => this.#take(text),
      onEnd: (end) => {
        this.#end = end;
        this.#ended.resolve();
        this.#views.end(end);
        this.#onChange();
      },
    });
  }

  get summary(): TerminalSummary {
    return { terminalId: this.terminalId, number: this.#number, end: this.#end };
  }

  get views(): TerminalViews {
    return this.#views;
  }

  get isRunning(): boolean {
    return this.#end === null;
  }

  async attach(viewId: string, size: TerminalSize): Promise<TerminalScreen> {
    this.resize(size);
    const after = this.#views.mark();
    // From here on nothing is missed; what the screen has not worked through yet is in it when it is read.
    this.#views.attach(viewId, after);
    const screen = await new Promise<string>((read) => this.#screen.write('', () => read(this.#screen.serialize())));
    return { screen, after, notice: this.#notice, end: this.#end };
  }

  write(text: string): void {
    this.#engine.send({ kind: 'write', text });
  }

  resize(size: TerminalSize): void {
    this.#screen.resize(size);
    this.#engine.send({ kind: 'resize', columns: size.columns, rows: size.rows });
  }

  /** Ends a shell that stands at its prompt; settles once it has ended, or it is sure enough that it does something. */
  async leave(): Promise<void> {
    if (!this.isRunning) return;
    this.#engine.send({ kind: 'leave' });
    await settledWithin(this.#ended.promise, LEAVES_WITHIN_MS);
  }

  close(): void {
    this.#isClosed = true;
    this.#engine.send({ kind: 'end' });
    this.#views.dropAll();
    this.#screen.dispose();
  }

  #take(text: string): void {
    if (this.#isClosed) return; // its programs are being ended
    this.#views.output(text);
    this.#screen.write(text, () => {
      this.#untold += text.length;
      this.#goOn();
    });
  }

  /** Lets the program print more, once screen and pages have come along. */
  #goOn(): void {
    if (this.#untold === 0 || this.#views.undrawnUtf16 > LIMITS.terminalUndrawnUtf16.standard) return;
    this.#engine.send({ kind: 'taken', utf16: this.#untold });
    this.#untold = 0;
  }
}
