import type { TerminalId } from './ids.ts';

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** How a terminal's first program ended, or why there is none. */
export type TerminalEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: number }
  /** It could not be started: in the engine's words. */
  | { readonly kind: 'failed'; readonly detail: string }
  /** Its machine ended, was restarted or went back to its state. */
  | { readonly kind: 'lost' };

/** What a terminal is told through its engine. Texts are what a person typed or a program asked for. */
export type TerminalRequest =
  | ({ readonly kind: 'open' } & TerminalSize)
  | { readonly kind: 'write'; readonly text: string }
  | ({ readonly kind: 'resize' } & TerminalSize)
  /** So many UTF-16 units of output were worked through; the engine may send as many more. */
  | { readonly kind: 'taken'; readonly utf16: number }
  /** Nobody shows it any more: its shell is ended where it stands at its prompt and has started nothing. */
  | { readonly kind: 'leave' }
  /** Its programs are ended. */
  | { readonly kind: 'end' };

/** What a terminal tells. */
export interface TerminalEvents {
  /** A sentence for the person about the machine that it is in; null where there is nothing to say. */
  readonly onOpened: (notice: string | null) => void;
  readonly onOutput: (text: string) => void;
  /** Once; nothing follows. */
  readonly onEnd: (end: TerminalEnd) => void;
}

/** One terminal of an engine, from the host's side. */
export interface EngineTerminal {
  send(request: Exclude<TerminalRequest, { kind: 'open' }>): void;
}

/** A terminal of a session as pages see it. */
export interface TerminalSummary {
  readonly terminalId: TerminalId;
  /** Counts from 1 in a session, in the order in which they were opened. */
  readonly number: number;
  /** Null while it runs. */
  readonly end: TerminalEnd | null;
}

/** What happens in a terminal, numbered from 1 on. */
export interface NumberedTerminalEvent {
  readonly n: number;
  readonly event:
    | { readonly kind: 'output'; readonly text: string }
    | { readonly kind: 'ended'; readonly end: TerminalEnd };
}
