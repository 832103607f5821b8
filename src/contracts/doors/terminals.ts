import type { Result } from '../../base/index.ts';
import type { AppError } from '../errors.ts';
import type { SessionId, TerminalId } from '../ids.ts';
import type { MeterAlert } from '../meter.ts';
import type { NumberedTerminalEvent, TerminalEnd, TerminalSize, TerminalSummary } from '../terminal.ts';

type Answer<T> = Promise<Result<T, AppError>>;

/** What a page needs to show a terminal as it is now. */
export interface TerminalScreen {
  /** What a fresh terminal of the asked size must be fed to look, scroll and behave the same. */
  readonly screen: string;
  /** `watch` after this event tells what follows. */
  readonly after: number;
  /** About its machine; null where there is nothing to say. */
  readonly notice: string | null;
  readonly end: TerminalEnd | null;
}

/** Terminals of the machines that sessions have: for pages of the extension only. */
export interface TerminalsDoor {
  list(request: { readonly sessionId: SessionId }): Answer<readonly TerminalSummary[]>;
  /**
   * A shell in the session's machine, which is started or woken for it. `linux/not-built`, `terminal/too-many`, and what
   * keeps an engine from starting.
   */
  open(request: { readonly sessionId: SessionId } & TerminalSize): Answer<TerminalSummary>;
  /**
   * Shows a terminal in one view of a page, which takes the view's size. The view is gone unless it is watched soon.
   * `terminal/not-found`.
   */
  attach(request: { readonly terminalId: TerminalId; readonly viewId: string } & TerminalSize): Answer<TerminalScreen>;
  /** Types. What is too much for a program that does not read is dropped, as a terminal does. */
  write(request: { readonly terminalId: TerminalId; readonly text: string }): Answer<null>;
  resize(request: { readonly terminalId: TerminalId } & TerminalSize): Answer<null>;
  /** The view has drawn everything up to event `upTo`; a program that prints faster waits for this. */
  drawn(request: { readonly terminalId: TerminalId; readonly viewId: string; readonly upTo: number }): Answer<null>;
  /** What of the session's machine is nearly used up now; nothing where it has none. */
  alerts(request: { readonly sessionId: SessionId }): Answer<readonly MeterAlert[]>;
  /** Ends its programs and forgets it. */
  close(request: { readonly terminalId: TerminalId }): Answer<null>;
  /**
   * Events from `after` + 1 on, each once, in order. `onLost` with `terminal/not-found` when the terminal is gone, or when
   * the view is: it was too slow, or its connection broke; `attach` then gives the whole screen.
   */
  watch(request: {
    readonly terminalId: TerminalId;
    readonly viewId: string;
    readonly after: number;
    readonly onEvent: (event: NumberedTerminalEvent) => void;
    readonly onLost: (error: AppError) => void;
    readonly signal: AbortSignal;
  }): void;
}

/** Name of the port of this door. */
export const TERMINALS_PORT = 'host:terminals';
