import { fail, type Result } from '../base/index.ts';
import type { BoxOpener } from '../contracts/box.ts';
import { type AppError, appError } from '../contracts/errors.ts';
import type { SessionFiles } from '../contracts/files.ts';
import type { SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { RunLimits } from '../contracts/run.ts';
import type { Runner, RunnerSession, SavedAt, SavedState } from '../contracts/runner.ts';
import type { SessionRecords } from '../database/index.ts';
import { clearSave, clearTimers, type Entry, idleOf, keyOf, newEntry, oldestOf } from './pool-entry.ts';
import { VariableMarks } from './variable-marks.ts';

export interface TakenSession {
  readonly session: RunnerSession;
  /** True when an earlier engine of this session, of this host's life or of an earlier one, took its variables with it. */
  readonly isRevived: boolean;
}

/** Which engine is wanted, under which limits it is opened where there is none, and until when. */
export interface SessionNeed {
  readonly runner: Runner;
  readonly sessionId: SessionId;
  readonly limits: RunLimits;
  readonly signal: AbortSignal;
}

interface EntryTaken {
  readonly entry: Entry;
  readonly isRevived: boolean;
}

/** What is told of an engine that stands for a session. */
interface KeptSession {
  readonly sessionId: SessionId;
  readonly memoryBytes: number;
  readonly isBusy: boolean;
  /** Another number after each use. */
  readonly lastUse: number;
  readonly isResting: boolean;
  readonly saved: SavedState | null;
}

/** An engine that is kept for something that lasts; a second `release` does nothing. */
export interface HeldSession {
  readonly session: RunnerSession;
  release(): void;
}

/** The sessions that keep variables, and their end: by loss, by restart, by idleness, by too many. */
export class SessionPool {
  readonly #boxes: BoxOpener;
  readonly #filesOf: (sessionId: SessionId) => SessionFiles;
  readonly #variables: VariableMarks;
  readonly #idleMs: () => number;
  readonly #saveAfterMs: number | null;
  readonly #onSaving: (isSaving: boolean) => void;
  readonly #onEngine: (sessionId: SessionId, session: RunnerSession) => void;
  readonly #onRoom: () => void;
  #saves = 0;
  readonly #entries = new Map<string, Entry>();
  /** Engines on their way: a run and a terminal of one session get the same. */
  readonly #openings = new Map<string, Promise<Result<EntryTaken, AppError>>>();
  #uses = 0;

  constructor(options: {
    readonly boxes: BoxOpener;
    readonly filesOf: (sessionId: SessionId) => SessionFiles;
    /** Where it is noted, for hosts to come, which sessions have variables. */
    readonly records: Pick<SessionRecords, 'hasMark' | 'setMark'>;
    /** What is set; read whenever an engine begins to be idle. */
    readonly idleMs?: () => number;
    /** After how long without use an engine is saved; it sees to that itself where nothing is said. */
    readonly saveAfterMs?: number | undefined;
    /** Called with true when the first save begins, and with false when the last one has ended. */
    readonly onSaving?: (isSaving: boolean) => void;
    /** Told of each engine that a session gets. */
    readonly onEngine?: (sessionId: SessionId, session: RunnerSession) => void;
    /** Called once an engine that was to make room has been saved and ended. */
    readonly onRoom?: () => void;
  }) {
    this.#boxes = options.boxes;
    this.#filesOf = options.filesOf;
    this.#variables = new VariableMarks(options.records);
    this.#idleMs = options.idleMs ?? (() => LIMITS.sessionIdleMs.standard);
    this.#saveAfterMs = options.saveAfterMs ?? null;
    this.#onSaving = options.onSaving ?? (() => undefined);
    this.#onEngine = options.onEngine ?? (() => undefined);
    this.#onRoom = options.onRoom ?? (() => undefined);
  }

  /** The session's own, or a fresh one. `release` or `end` must follow. */
  async take(need: SessionNeed): Promise<Result<TakenSession, AppError>> {
    const ensured = await this.#ensure(need);
    if (!ensured.ok) return ensured;
    const { entry, isRevived } = ensured.value;
    this.#use(entry, true);
    return { ok: true, value: { session: entry.session, isRevived } };
  }

  /** The same beside runs: while it is held, neither idleness nor want of room ends the engine. */
  async hold(need: SessionNeed): Promise<Result<HeldSession, AppError>> {
    const ensured = await this.#ensure(need);
    return ensured.ok ? { ok: true, value: this.#hold(ensured.value.entry) } : ensured;
  }

  /** Holds the engine that stands for the session; null where none does: nothing is started. */
  holdStanding(runner: Runner, sessionId: SessionId): HeldSession | null {
    const entry = this.#entries.get(keyOf(runner, sessionId));
    return entry?.session.isAlive ? this.#hold(entry) : null;
  }

  #hold(entry: Entry): HeldSession {
    entry.holds += 1;
    this.#uses += 1;
    entry.lastUse = this.#uses;
    clearSave(entry);
    let isHeld = true;
    const release = (): void => {
      if (!isHeld) return;
      isHeld = false;
      entry.holds -= 1;
      if (this.#isKept(entry) && !entry.isInUse) this.#letIdle(entry);
    };
    return { session: entry.session, release };
  }

  async #ensure(need: SessionNeed): Promise<Result<EntryTaken, AppError>> {
    const { runner, sessionId, signal } = need;
    const key = keyOf(runner, sessionId);
    const underWay = this.#openings.get(key);
    if (underWay !== undefined) {
      // It stands then, or somebody gave up or failed: that was not this one's signal and is not its answer.
      await underWay;
      if (signal.aborted) return fail(appError('run/stopped'));
      return this.#ensure(need);
    }
    const kept = this.#entries.get(key);
    if (kept?.session.isAlive) return { ok: true, value: { entry: kept, isRevived: false } };
    // It counts among those on their way before room is made for it.
    const opening = Promise.resolve(need)
      .then((asked) => this.#openFresh(asked))
      .finally(() => this.#openings.delete(key));
    this.#openings.set(key, opening);
    return opening;
  }

  async #openFresh(need: SessionNeed): Promise<Result<EntryTaken, AppError>> {
    const { runner, sessionId } = need;
    const key = keyOf(runner, sessionId);
    const kept = this.#entries.get(key);
    const hadVariables = this.#variables.has(sessionId);
    if (kept !== undefined) this.#drop(kept);
    void this.#makeRoom();
    const opened = await this.#open(need);
    if (!opened.ok) return opened;
    const hadSome = kept !== undefined || (await hadVariables);
    const isRevived = hadSome && !opened.value.isResumed;
    const entry = newEntry({ sessionId, runner, session: opened.value });
    this.#entries.set(key, entry);
    this.#onEngine(sessionId, entry.session);
    return { ok: true, value: { entry, isRevived } };
  }

  /** The engine that stands for the session; null where none does. */
  engineOf(runner: Runner, sessionId: SessionId): RunnerSession | null {
    const session = this.#entries.get(keyOf(runner, sessionId))?.session;
    return session?.isAlive ? session : null;
  }

  release(runner: Runner, sessionId: SessionId): void {
    const entry = this.#entries.get(keyOf(runner, sessionId));
    if (entry === undefined) return;
    if (!entry.session.isAlive) return this.end(runner, sessionId);
    this.#use(entry, false);
    this.#variables.note(sessionId, true);
    this.#letIdle(entry);
  }

  #letIdle(entry: Entry): void {
    clearTimers(entry);
    entry.idleTimer = setTimeout(() => void this.#endIdle(entry), this.#idleMs());
    this.#saveSoon(entry);
  }

  #saveSoon(entry: Entry): void {
    clearSave(entry);
    if (this.#saveAfterMs === null || entry.session.save === undefined || entry.holds > 0) return;
    entry.saveTimer = setTimeout(() => void this.#saveIdle(entry), this.#saveAfterMs);
  }

  async #saveIdle(entry: Entry): Promise<void> {
    const saved = await this.save(entry.sessionId);
    // Something was left running in it: later, then.
    const isLater = saved?.ok === false && saved.error.code === 'runner/in-use' && entry.session.isAlive;
    if (isLater && !entry.isInUse) this.#saveSoon(entry);
  }

  /**
   * Saves the session's engine as it is now; settles once that is stored. Null where it has none that can be saved.
   * `runner/in-use`, `runner/not-saved`.
   */
  async save(sessionId: SessionId): Promise<Result<SavedAt, AppError> | null> {
    const entry = this.#living().find((each) => each.sessionId === sessionId && each.session.save !== undefined);
    return entry === undefined ? null : this.#save(entry);
  }

  #isKept(entry: Entry): boolean {
    return this.#entries.get(keyOf(entry.runner, entry.sessionId)) === entry;
  }

  /** Null of one that cannot be saved. */
  async #save({ session, isInUse, holds }: Entry): Promise<Result<SavedAt, AppError> | null> {
    if (session.save === undefined) return null;
    if (isInUse || holds > 0) return fail(appError('runner/in-use'));
    this.#saves += 1;
    if (this.#saves === 1) this.#onSaving(true);
    try {
      return await session.save();
    } finally {
      this.#saves -= 1;
      if (this.#saves === 0) this.#onSaving(false);
    }
  }

  /** The person knows that the variables are gone, or the outcome of a run says so. */
  end(runner: Runner, sessionId: SessionId): void {
    const entry = this.#entries.get(keyOf(runner, sessionId));
    if (entry !== undefined) this.#drop(entry);
    // Those of another language's engine are still there.
    const others = [...this.#entries.values()].some((other) => other.sessionId === sessionId);
    this.#variables.note(sessionId, others);
  }

  /**
   * Ends the session's engine as it is, or as soon as it stands. The next one goes on from what was saved of it, or begins as new
   * where that is not kept.
   */
  restart(runner: Runner, sessionId: SessionId, as: { readonly keepsSaved: boolean }): void {
    const underWay = this.#openings.get(keyOf(runner, sessionId));
    if (underWay !== undefined) {
      const again = (): void => this.restart(runner, sessionId, as);
      void underWay.then(again, again);
      return;
    }
    this.end(runner, sessionId);
    if (as.keepsSaved) runner.forgive?.(sessionId);
    else runner.forget?.(sessionId);
  }

  /** Whether an engine is on its way. */
  get isOpening(): boolean {
    return this.#openings.size > 0;
  }

  /** Whether this one is on its way for the session. */
  isOpeningFor(runner: Runner, sessionId: SessionId): boolean {
    return this.#openings.has(keyOf(runner, sessionId));
  }

  all(): readonly KeptSession[] {
    // One that broke down stays noted until its session wants another; it holds nothing.
    const standing = this.#living();
    return standing.map(({ sessionId, session, isInUse, holds, lastUse }) => ({
      sessionId,
      memoryBytes: session.memoryBytes,
      isBusy: isInUse || holds > 0,
      lastUse,
      isResting: session.isResting,
      saved: session.saved,
    }));
  }

  endAll(): void {
    for (const entry of [...this.#entries.values()]) this.#drop(entry);
  }

  async #open(need: SessionNeed): Promise<Result<RunnerSession, AppError>> {
    const { runner, sessionId, limits, signal } = need;
    const files = this.#filesOf(sessionId);
    try {
      return await runner.openSession({ sessionId, boxes: this.#boxes, files, limits, signal });
    } catch (cause) {
      return fail(appError('runner/start-failed', runner.manifest.id, cause));
    }
  }

  #use(entry: Entry, isInUse: boolean): void {
    this.#uses += 1;
    entry.lastUse = this.#uses;
    entry.isInUse = isInUse;
    entry.unsaved = null;
    clearTimers(entry);
  }

  /**
   * Ends the engine that was idle longest; true where one is gone now. One that can be saved is saved first, and is gone later:
   * `onRoom` says when. Where nobody waits for the room, neither what was used last nor what cannot be saved is ended.
   */
  endOldestIdle({ isAwaited = true } = {}): boolean {
    const idle = idleOf(this.#living(), isAwaited).filter(({ lastUse }) => isAwaited || lastUse !== this.#uses);
    // One at a time: whether that is enough is known once it is gone.
    return !idle.some(({ isLeaving }) => isLeaving) && this.#endOldest(idle, isAwaited);
  }

  #endOldest(idle: readonly Entry[], isAwaited: boolean): boolean {
    const oldest = oldestOf(idle);
    if (oldest === undefined) return false;
    if (oldest.session.save !== undefined) {
      void this.#endForRoom(oldest, isAwaited);
      return false;
    }
    this.#drop(oldest);
    return true;
  }

  #living(): Entry[] {
    return [...this.#entries.values()].filter(({ session }) => session.isAlive);
  }

  /** Ends the engine that was idle longest where there are too many with those on their way; the next, where that one turns out to be in use. */
  async #makeRoom(): Promise<void> {
    const asked = new Set<Entry>();
    for (;;) {
      const staying = this.#living().filter(({ isLeaving }) => !isLeaving);
      const oldest = oldestOf(idleOf(staying, true).filter((entry) => !asked.has(entry)));
      if (oldest === undefined || staying.length + this.#openings.size <= LIMITS.sessionsKept.standard) return;
      asked.add(oldest);
      if (oldest.session.save === undefined) return this.#drop(oldest);
      await this.#endForRoom(oldest, true);
      if (!this.#isKept(oldest)) return;
    }
  }

  async #endForRoom(entry: Entry, isAwaited: boolean): Promise<void> {
    const isSaved = await this.#saveToEnd(entry);
    const mayGo = isSaved || (isAwaited && entry.unsaved !== 'runner/in-use');
    if (isSaved !== null && mayGo) this.#drop(entry);
    // Another may go in its place: who waits for the room asks again. One that still may go would be asked without end.
    else if (!isAwaited || idleOf([entry], true).length > 0 || idleOf(this.#living(), true).length === 0) return;
    this.#onRoom();
  }

  async #endIdle(entry: Entry): Promise<void> {
    if (entry.isInUse || entry.holds > 0) return;
    const { session } = entry;
    const isSaved = session.save === undefined || !session.isAlive || (await this.#saveToEnd(entry));
    if (isSaved === null) return;
    // A program was left running in it, or it cannot be saved: another time, then.
    if (isSaved || !session.isAlive) this.#drop(entry);
    else this.#letIdle(entry);
  }

  /** Whether an engine that is to be ended was saved; null where it was used meanwhile, or is no more. */
  async #saveToEnd(entry: Entry): Promise<boolean | null> {
    const { lastUse } = entry;
    entry.isLeaving = true;
    const saved = await this.#save(entry).finally(() => {
      entry.isLeaving = false;
    });
    if (!this.#isKept(entry) || entry.lastUse !== lastUse || entry.isInUse || entry.holds > 0) return null;
    entry.unsaved = saved?.ok === false ? saved.error.code : null;
    return entry.unsaved === null;
  }

  /** Ends the engine. That it had variables stays noted, so that the next run of the session says that they are gone. */
  #drop(entry: Entry): void {
    this.#entries.delete(keyOf(entry.runner, entry.sessionId));
    clearTimers(entry);
    entry.session.dispose();
  }
}
