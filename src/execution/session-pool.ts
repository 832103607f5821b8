import { fail, type Result } from '../base/index.ts';
import type { BoxOpener } from '../contracts/box.ts';
import { type AppError, appError } from '../contracts/errors.ts';
import type { SessionFiles } from '../contracts/files.ts';
import type { SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { RunLimits } from '../contracts/run.ts';
import type { Runner, RunnerSession } from '../contracts/runner.ts';

interface Entry {
  readonly sessionId: SessionId;
  readonly runner: Runner;
  readonly session: RunnerSession;
  isInUse: boolean;
  lastUse: number;
  idleTimer: ReturnType<typeof setTimeout> | null;
}

export interface TakenSession {
  readonly session: RunnerSession;
  /** True when an earlier session of this name was ended to save memory, so that its variables are gone. */
  readonly isRevived: boolean;
}

/** The sessions that keep variables, and their end: by loss, by restart, by idleness, by too many. */
export class SessionPool {
  readonly #boxes: BoxOpener;
  readonly #filesOf: (sessionId: SessionId) => SessionFiles;
  readonly #idleMs: number;
  readonly #entries = new Map<string, Entry>();
  readonly #endedToSave = new Set<string>();
  #uses = 0;

  constructor(options: {
    readonly boxes: BoxOpener;
    readonly filesOf: (sessionId: SessionId) => SessionFiles;
    readonly idleMs?: number;
  }) {
    this.#boxes = options.boxes;
    this.#filesOf = options.filesOf;
    this.#idleMs = options.idleMs ?? LIMITS.sessionIdleMs.standard;
  }

  /** The session's own, or a fresh one. `release` or `end` must follow. */
  async take(
    runner: Runner,
    sessionId: SessionId,
    limits: RunLimits,
    signal: AbortSignal,
  ): Promise<Result<TakenSession, AppError>> {
    const key = keyOf(runner, sessionId);
    const kept = this.#entries.get(key);
    if (kept?.session.isAlive) {
      this.#use(kept, true);
      return { ok: true, value: { session: kept.session, isRevived: false } };
    }
    const isRevived = kept !== undefined || this.#endedToSave.has(key);
    this.end(runner, sessionId);
    this.#makeRoom();
    const opened = await this.#open(runner, sessionId, limits, signal);
    if (!opened.ok) return opened;
    const entry: Entry = { sessionId, runner, session: opened.value, isInUse: true, lastUse: 0, idleTimer: null };
    this.#entries.set(key, entry);
    this.#use(entry, true);
    return { ok: true, value: { session: opened.value, isRevived } };
  }

  release(runner: Runner, sessionId: SessionId): void {
    const entry = this.#entries.get(keyOf(runner, sessionId));
    if (entry === undefined) return;
    if (!entry.session.isAlive) return this.end(runner, sessionId);
    this.#use(entry, false);
    entry.idleTimer = setTimeout(() => this.#endToSave(entry), this.#idleMs);
  }

  end(runner: Runner, sessionId: SessionId): void {
    const key = keyOf(runner, sessionId);
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    this.#endedToSave.delete(key);
    if (entry === undefined) return;
    if (entry.idleTimer !== null) clearTimeout(entry.idleTimer);
    entry.session.dispose();
  }

  all(): readonly { readonly sessionId: SessionId; readonly memoryBytes: number; readonly isBusy: boolean }[] {
    return [...this.#entries.values()].map(({ sessionId, session, isInUse }) => ({
      sessionId,
      memoryBytes: session.memoryBytes,
      isBusy: isInUse,
    }));
  }

  endAll(): void {
    for (const { runner, sessionId } of [...this.#entries.values()]) this.end(runner, sessionId);
  }

  async #open(
    runner: Runner,
    sessionId: SessionId,
    limits: RunLimits,
    signal: AbortSignal,
  ): Promise<Result<RunnerSession, AppError>> {
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
    if (entry.idleTimer !== null) clearTimeout(entry.idleTimer);
    entry.idleTimer = null;
  }

  #makeRoom(): void {
    if (this.#entries.size < LIMITS.sessionsKept.standard) return;
    const idle = [...this.#entries.values()].filter((entry) => !entry.isInUse);
    const oldest = idle.sort((one, other) => one.lastUse - other.lastUse)[0];
    if (oldest !== undefined) this.#endToSave(oldest);
  }

  #endToSave(entry: Entry): void {
    if (entry.isInUse) return;
    this.end(entry.runner, entry.sessionId);
    this.#endedToSave.add(keyOf(entry.runner, entry.sessionId));
  }
}

const keyOf = (runner: Runner, sessionId: SessionId): string => `${runner.manifest.id} ${sessionId}`;
