import { fail, ok, type Result } from '../../base/index.ts';
import type { TerminalsDoor } from '../../contracts/doors/terminals.ts';
import { type AppError, appError } from '../../contracts/errors.ts';
import type { SessionId, TerminalId } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { TerminalSize, TerminalSummary } from '../../contracts/terminal.ts';
import type { createScreen } from './screen.ts';
import { HostTerminal } from './terminal.ts';
import type { TerminalMachine } from './terminal-machines.ts';

export interface TerminalServiceOptions {
  /** The machine of a session, started where there is none, kept until it is released. */
  readonly hold: (sessionId: SessionId, signal: AbortSignal) => Promise<Result<TerminalMachine, AppError>>;
  /** The screens' code is large and loaded with the first terminal. */
  readonly loadScreens: () => Promise<typeof createScreen>;
  /** Called with true when the first terminal runs, with false when none does any more. */
  readonly onBusy: (isBusy: boolean) => void;
  readonly createId: () => TerminalId;
  /** How long terminals that nobody shows keep their machine. */
  readonly unseenMs?: () => number;
}

interface Kept {
  readonly terminal: HostTerminal;
  readonly held: TerminalMachine;
  unseen: ReturnType<typeof setTimeout> | null;
}

type Calls = Omit<TerminalsDoor, 'watch'>;
type Request<Name extends keyof Calls> = Parameters<Calls[Name]>[0];

/**
 * The terminals of all sessions. Each lives in its session's machine until its shell ends, a person closes it, or no page shows
 * it: soon where it stands at its prompt, and after long whatever it does.
 */
export class TerminalService {
  readonly #options: TerminalServiceOptions;
  readonly #kept = new Map<TerminalId, Kept>();
  /** The session of each terminal that was asked for and is not there yet: it has its place from then on. */
  readonly #opening: SessionId[] = [];

  constructor(options: TerminalServiceOptions) {
    this.#options = options;
  }

  list(sessionId: SessionId): readonly TerminalSummary[] {
    return this.#of(sessionId).map(({ summary }) => summary);
  }

  async open(sessionId: SessionId, size: TerminalSize, signal: AbortSignal): ReturnType<Calls['open']> {
    const openingHere = this.#opening.filter((each) => each === sessionId).length;
    const isFull =
      this.#of(sessionId).length + openingHere >= LIMITS.terminalsPerSession.standard ||
      this.#kept.size + this.#opening.length >= LIMITS.terminalsKept.standard;
    if (isFull) return fail(appError('terminal/too-many'));
    this.#opening.push(sessionId);
    try {
      const [held, create] = await Promise.all([this.#options.hold(sessionId, signal), this.#options.loadScreens()]);
      return held.ok ? this.#start(sessionId, size, held.value, create) : held;
    } finally {
      this.#opening.splice(this.#opening.indexOf(sessionId), 1);
    }
  }

  async attach({ terminalId, viewId, ...size }: Request<'attach'>): ReturnType<Calls['attach']> {
    const kept = this.#kept.get(terminalId);
    if (kept === undefined) return fail(appError('terminal/not-found'));
    if (kept.terminal.views.count >= LIMITS.terminalViews.standard) return fail(appError('terminal/too-many'));
    return ok(await kept.terminal.attach(viewId, size));
  }

  write({ terminalId, text }: Request<'write'>): Result<null, AppError> {
    return this.#with(terminalId, ({ terminal }) => terminal.write(text));
  }

  resize({ terminalId, ...size }: Request<'resize'>): Result<null, AppError> {
    return this.#with(terminalId, ({ terminal }) => terminal.resize(size));
  }

  drawn({ terminalId, viewId, upTo }: Request<'drawn'>): Result<null, AppError> {
    return this.#with(terminalId, ({ terminal }) => terminal.views.drawn(viewId, upTo));
  }

  close({ terminalId }: Request<'close'>): Result<null, AppError> {
    return this.#with(terminalId, (kept) => this.#forget(kept));
  }

  /** Null of one that there is not. */
  sessionOf(terminalId: TerminalId): SessionId | null {
    return this.#kept.get(terminalId)?.terminal.sessionId ?? null;
  }

  /** Ends those of this session that stand at their prompt, whoever shows them; settles once they have ended. */
  async endAtRest(sessionId: SessionId): Promise<void> {
    await Promise.all(this.#of(sessionId).map((terminal) => terminal.leave()));
  }

  /**
   * No page shows terminals of this session any more: those that stand at their prompt are ended, and what has ended is
   * forgotten. Settles once their machine is free of them.
   */
  async left(sessionId: SessionId): Promise<void> {
    const ofSession = [...this.#kept.values()].filter(({ terminal }) => terminal.sessionId === sessionId);
    await Promise.all(ofSession.map((kept) => this.#leave(kept)));
  }

  async #leave(kept: Kept): Promise<void> {
    const { terminal } = kept;
    if (terminal.views.count > 0) return;
    await terminal.leave();
    if (!terminal.isRunning && terminal.views.count === 0) this.#forget(kept);
  }

  /** What a view of a terminal reads; null where there is none. */
  source(terminalId: TerminalId, viewId: string): ReturnType<HostTerminal['views']['source']> {
    return this.#kept.get(terminalId)?.terminal.views.source(viewId) ?? null;
  }

  #start(
    sessionId: SessionId,
    size: TerminalSize,
    held: TerminalMachine,
    create: typeof createScreen,
  ): Result<TerminalSummary, AppError> {
    const { session } = held;
    if (session.openTerminal === undefined) {
      held.release();
      return fail(appError('run/language-unavailable'));
    }
    const terminalId = this.#options.createId();
    const numbers = this.#of(sessionId).map(({ summary }) => summary.number);
    const terminal = new HostTerminal({
      terminalId,
      sessionId,
      number: Math.max(0, ...numbers) + 1,
      size,
      createScreen: create,
      open: (wanted, events) => session.openTerminal?.(wanted, events, held.network) ?? { send: () => undefined },
      onChange: (changed) => this.#changed(changed),
    });
    const kept: Kept = { terminal, held, unseen: null };
    this.#kept.set(terminalId, kept);
    this.#changed(terminal);
    return ok(terminal.summary);
  }

  #with(terminalId: TerminalId, act: (kept: Kept) => void): Result<null, AppError> {
    const kept = this.#kept.get(terminalId);
    if (kept === undefined) return fail(appError('terminal/not-found'));
    act(kept);
    return ok(null);
  }

  #of(sessionId: SessionId): readonly HostTerminal[] {
    return [...this.#kept.values()].map(({ terminal }) => terminal).filter((each) => each.sessionId === sessionId);
  }

  #changed(terminal: HostTerminal): void {
    const kept = this.#kept.get(terminal.terminalId);
    if (kept === undefined) return;
    if (!terminal.isRunning) kept.held.release();
    if (kept.unseen !== null) clearTimeout(kept.unseen);
    kept.unseen = null;
    if (terminal.views.count === 0) {
      const unseenMs = this.#options.unseenMs?.() ?? LIMITS.sessionIdleMs.standard;
      kept.unseen = setTimeout(() => this.#forget(kept), unseenMs);
    }
    this.#tellBusy();
  }

  #forget(kept: Kept): void {
    if (!this.#kept.delete(kept.terminal.terminalId)) return;
    if (kept.unseen !== null) clearTimeout(kept.unseen);
    kept.terminal.close();
    kept.held.release();
    this.#tellBusy();
  }

  #tellBusy(): void {
    this.#options.onBusy([...this.#kept.values()].some(({ terminal }) => terminal.isRunning));
  }
}
