import { fail, ok, type Result } from '../base/index.ts';
import { type AppError, appError } from '../contracts/errors.ts';
import { PAGE_SESSIONS, OWN_SESSIONS, type SessionId } from '../contracts/ids.ts';
import { storageFailure, type SessionRecords } from '../database/index.ts';

/** Remembered in memory only; the database has all. */
const NAMES_REMEMBERED = 1_000;

/**
 * The names of sessions. One that began on a page without a conversation id goes on under that id: two names, one tree,
 * one engine. Everything behind the door knows only the name under which a session is kept.
 */
export class SessionNames {
  readonly #records: SessionRecords;
  readonly #isUnused: (sessionId: SessionId) => Promise<boolean>;
  readonly #kept = new Map<SessionId, SessionId>();
  readonly #second = new Map<SessionId, SessionId>();
  /** A name is not looked up while it is being given away. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: {
    readonly records: SessionRecords;
    /** Whether the session has neither files nor an engine nor anything on its way. */
    readonly isUnused: (sessionId: SessionId) => Promise<boolean>;
  }) {
    this.#records = options.records;
    this.#isUnused = options.isUnused;
  }

  /** The name under which a session is kept. `host/unavailable` when that cannot be read. */
  kept(sessionId: SessionId): Promise<Result<SessionId, AppError>> {
    return this.#inTurn(async () => ok(await this.#find(sessionId)));
  }

  /** The name that a person's page knows: of a session with two names the second. */
  shown(kept: SessionId): SessionId {
    return this.#second.get(kept) ?? kept;
  }

  /** Gives `from` the second name `to`, if `to` is unused. True also when it was so before. */
  adopt(from: SessionId, to: SessionId): Promise<Result<boolean, AppError>> {
    if (!from.startsWith(PAGE_SESSIONS) || to.startsWith(PAGE_SESSIONS) || to.startsWith(OWN_SESSIONS)) {
      return Promise.resolve(fail(appError('door/forbidden', 'session')));
    }
    return this.#inTurn(async () => {
      const now = await this.#find(to);
      if (now !== to) return ok(now === from);
      if (!(await this.#isUnused(to))) return ok(false);
      const isAdopted = await this.#records.addAlias(from, to);
      if (isAdopted) this.#remember(to, from);
      return ok(isAdopted);
    });
  }

  async #find(sessionId: SessionId): Promise<SessionId> {
    const known = this.#kept.get(sessionId);
    if (known !== undefined) return known;
    const kept = await this.#records.storedAs(sessionId);
    this.#remember(sessionId, kept);
    return kept;
  }

  #remember(sessionId: SessionId, kept: SessionId): void {
    this.#kept.set(sessionId, kept);
    if (kept !== sessionId) this.#second.set(kept, sessionId);
    for (const [oldest, oldestKept] of this.#kept) {
      if (this.#kept.size <= NAMES_REMEMBERED) break;
      this.#kept.delete(oldest);
      this.#second.delete(oldestKept);
    }
  }

  #inTurn<T>(act: () => Promise<Result<T, AppError>>): Promise<Result<T, AppError>> {
    const turn = this.#turn.then(act).catch((cause: unknown) => fail(storageFailure(cause)));
    this.#turn = turn;
    return turn;
  }
}
