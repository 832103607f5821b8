import { type Signal, signal } from '@preact/signals';
import type { TerminalsDoor } from '../../contracts/doors/terminals.ts';
import type { AppError } from '../../contracts/errors.ts';
import type { SessionId, TerminalId } from '../../contracts/ids.ts';
import type { TerminalEnd, TerminalSize, TerminalSummary } from '../../contracts/terminal.ts';
import { createDrawnMarks } from './drawn-marks.ts';
import { readMarks, readTheme } from './theme.ts';
import { createTyping, pasteable, withControl } from './typing.ts';
import type { createXterm, Xterm } from './xterm.ts';

export type PanePhase =
  | { readonly kind: 'starting'; readonly what: 'code' | 'machine' }
  | { readonly kind: 'running' }
  | { readonly kind: 'ended'; readonly end: TerminalEnd }
  | { readonly kind: 'failed'; readonly error: AppError };

export interface PaneOptions {
  readonly door: TerminalsDoor;
  readonly sessionId: SessionId;
  /** One that is there already; else a new one is opened. */
  readonly known: TerminalSummary | null;
  /** Typed into a new one, once. */
  readonly firstLine?: string | undefined;
  readonly loadXterm: () => Promise<{ readonly createXterm: typeof createXterm }>;
  /** A key that is ours and not the program's; true where it was taken. */
  readonly onKey: (event: KeyboardEvent) => boolean;
  readonly document: Document;
}

/** One terminal as a page shows it: reads its screen, follows it, types into it, and comes back where it was lost. */
export class Pane {
  readonly key = crypto.randomUUID();
  readonly place: HTMLElement;
  readonly phase: Signal<PanePhase> = signal({ kind: 'starting', what: 'code' });
  readonly number: Signal<number>;
  readonly notice: Signal<string | null> = signal(null);
  /** Address under the pointer. */
  readonly hovered: Signal<string | null> = signal(null);
  readonly isControlHeld: Signal<boolean> = signal(false);
  readonly found: Signal<{ readonly at: number; readonly count: number } | null> = signal(null);
  readonly #options: PaneOptions;
  readonly #ended = new AbortController();
  #terminalId: TerminalId | null;
  #xterm: Xterm | null = null;
  #view = new AbortController();
  /** Output came that this page did not draw, for nobody saw it. */
  #isStale = false;
  #firstLine: string | null;
  #type: (text: string) => void = () => undefined;

  constructor(options: PaneOptions) {
    const { document, known } = options;
    this.#options = options;
    this.#terminalId = known?.terminalId ?? null;
    this.#firstLine = options.firstLine ?? null;
    this.number = signal(known?.number ?? 0);
    this.place = document.createElement('div');
    this.place.className = 'screen';
    const { signal: until } = this.#ended;
    // Before xterm.js gets it, which passes on whatever is in it.
    this.place.addEventListener('paste', (event) => this.#takePaste(event), { capture: true, signal: until });
    document.addEventListener('visibilitychange', () => void this.#seen(), { signal: until });
    const sizes = new ResizeObserver(() => this.#fit());
    sizes.observe(this.place);
    until.addEventListener('abort', () => sizes.disconnect());
  }

  get terminalId(): TerminalId | null {
    return this.#terminalId;
  }

  /** To be called once, when the place is shown. */
  async start(): Promise<void> {
    const loaded = await this.#options.loadXterm();
    if (this.#ended.signal.aborted) return;
    const xterm = loaded.createXterm(this.place, (address) => (this.hovered.value = address));
    const { terminal, search } = xterm;
    this.#xterm = xterm;
    terminal.attachCustomKeyEventHandler((event) => !this.#options.onKey(event));
    terminal.onData((text) => this.#type(this.#withHeldControl(text)));
    terminal.onBinary((text) => this.#type(text));
    terminal.onResize(() => this.#tellSize());
    search.onDidChangeResults(({ resultIndex, resultCount }) => {
      this.found.value = { at: resultIndex + 1, count: resultCount };
    });
    await this.#open();
  }

  /** Opens a new shell in place of one that has ended. */
  async again(): Promise<void> {
    await this.#forget();
    this.#xterm?.terminal.reset();
    await this.#open();
    this.focus();
  }

  /** Types what no key of the keyboard gave. */
  press(key: 'escape' | 'tab' | 'left' | 'up' | 'down' | 'right'): void {
    const terminal = this.#xterm?.terminal;
    if (terminal === undefined) return;
    const introducer = terminal.modes.applicationCursorKeysMode ? '\u001bO' : '\u001b[';
    const keys = { escape: '\u001b', tab: '\t', left: 'D', up: 'A', down: 'B', right: 'C' } as const;
    terminal.input(key === 'escape' || key === 'tab' ? keys[key] : introducer + keys[key]);
  }

  paste(text: string): void {
    this.#xterm?.terminal.paste(pasteable(text));
  }

  selection(): string {
    return this.#xterm?.terminal.getSelection() ?? '';
  }

  find(text: string, direction: 'next' | 'previous', isIncremental: boolean): void {
    const options = { incremental: isIncremental, decorations: readMarks(this.place) };
    if (text === '') this.endSearch();
    else if (direction === 'next') this.#xterm?.search.findNext(text, options);
    else this.#xterm?.search.findPrevious(text, options);
  }

  endSearch(): void {
    this.#xterm?.search.clearDecorations();
    this.found.value = null;
  }

  setReader(isOn: boolean): void {
    if (this.#xterm) this.#xterm.terminal.options.screenReaderMode = isOn;
  }

  themeChanged(): void {
    if (this.#xterm) this.#xterm.terminal.options.theme = readTheme(this.place);
  }

  focus(): void {
    this.#xterm?.terminal.focus();
  }

  #takePaste(event: ClipboardEvent): void {
    event.preventDefault();
    event.stopPropagation();
    this.paste(event.clipboardData?.getData('text/plain') ?? '');
  }

  /** Ends the terminal itself, and this view of it. */
  async close(): Promise<void> {
    await this.#forget();
    this.leave();
  }

  /** Ends this view; the terminal goes on. */
  leave(): void {
    this.#view.abort();
    this.#ended.abort();
    this.#xterm?.terminal.dispose();
    this.place.remove();
  }

  async #forget(): Promise<void> {
    this.#view.abort();
    const terminalId = this.#terminalId;
    this.#terminalId = null;
    if (terminalId !== null) await this.#options.door.close({ terminalId });
  }

  async #open(): Promise<void> {
    const { door, sessionId } = this.#options;
    this.notice.value = null;
    if (this.#terminalId === null) {
      this.phase.value = { kind: 'starting', what: 'machine' };
      const opened = await door.open({ sessionId, ...this.#size() });
      if (!opened.ok) return this.#fail(opened.error);
      this.#terminalId = opened.value.terminalId;
      this.number.value = opened.value.number;
      if (this.#firstLine !== null) await door.write({ terminalId: this.#terminalId, text: `${this.#firstLine}\r` });
      this.#firstLine = null;
    }
    await this.#attach(this.#terminalId);
  }

  async #attach(terminalId: TerminalId): Promise<void> {
    const { door } = this.#options;
    this.#view.abort();
    const view = new AbortController();
    this.#view = view;
    this.#isStale = false;
    const viewId = crypto.randomUUID();
    const size = this.#size();
    const attached = await door.attach({ terminalId, viewId, ...size });
    if (view.signal.aborted || this.#xterm === null) return;
    if (!attached.ok) return this.#fail(attached.error);
    const { screen, after, notice, end } = attached.value;
    const { terminal } = this.#xterm;
    const drawn = createDrawnMarks((upTo) => door.drawn({ terminalId, viewId, upTo }));
    this.#type = createTyping((text) => door.write({ terminalId, text }));
    this.notice.value = notice;
    this.phase.value = end === null ? { kind: 'running' } : { kind: 'ended', end };
    terminal.reset();
    terminal.write(screen);
    door.watch({
      terminalId,
      viewId,
      after,
      signal: view.signal,
      onEvent: ({ n, event }) => {
        if (event.kind === 'ended') this.phase.value = { kind: 'ended', end: event.end };
        // A hidden page draws a little now and then: the program does not wait for it.
        else if (this.#options.document.hidden) this.#isStale = true;
        else return terminal.write(event.text, () => drawn(n));
        return drawn(n);
      },
      onLost: (error) => void this.#lost(terminalId, error),
    });
    if (this.#size().columns !== size.columns || this.#size().rows !== size.rows) this.#tellSize();
  }

  /** The view was dropped for being slow, the connection broke, or the terminal is gone: the answer to a new view says which. */
  async #lost(terminalId: TerminalId, error: AppError): Promise<void> {
    this.#view.abort();
    if (error.code !== 'terminal/not-found') return this.#fail(error);
    this.#isStale = true;
    if (!this.#options.document.hidden) await this.#attach(terminalId);
  }

  async #seen(): Promise<void> {
    if (this.#options.document.hidden || !this.#isStale || this.#terminalId === null) return;
    await this.#attach(this.#terminalId);
  }

  #fail(error: AppError): void {
    if (this.#ended.signal.aborted) return;
    if (error.code === 'terminal/not-found') this.#terminalId = null;
    this.phase.value = { kind: 'failed', error };
  }

  #size(): TerminalSize {
    const { cols: columns = 80, rows = 24 } = this.#xterm?.terminal ?? {};
    return this.#xterm?.fit() ?? { columns, rows };
  }

  #fit(): void {
    this.#xterm?.fit();
  }

  #tellSize(): void {
    if (this.#terminalId === null || this.phase.value.kind !== 'running') return;
    void this.#options.door.resize({ terminalId: this.#terminalId, ...this.#size() });
  }

  #withHeldControl(text: string): string {
    if (!this.isControlHeld.value) return text;
    this.isControlHeld.value = false;
    return withControl(text);
  }
}
