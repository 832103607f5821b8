import { fail, ok, type Result } from '../../base/index.ts';
import { appError, type AppError } from '../../contracts/errors.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { FromWorker, SaveEnd, ToWorker } from '../../contracts/runner-protocol.ts';
import type { SavedAt, SavedState } from '../../contracts/runner.ts';
import type { Keep } from './engine-keeping.ts';

export interface EngineSavingOptions {
  readonly keep: Keep;
  /** When what the engine began with was saved; null where it began anew. */
  readonly savedAtMs: number | null;
  readonly post: (message: ToWorker) => void;
  /** False while it works at a run, or is no more. */
  readonly isFree: () => boolean;
  readonly signal: AbortSignal;
}

/** Has an engine saved when somebody asks, and knows what is stored of it. */
export class EngineSaving {
  readonly #options: EngineSavingOptions;
  #atMs: number | null;
  #unsaved: SavedState['unsaved'] = null;
  #asked = 0;
  #settle: ((end: SaveEnd) => void) | null = null;
  #underWay: Promise<Result<SavedAt, AppError>> | null = null;
  /** What came last was not stored: the engine itself thinks that it was. */
  #isOwed = false;
  /** Of the last state that came. */
  #storing: Promise<number | null> = Promise.resolve(null);

  constructor(options: EngineSavingOptions) {
    this.#options = options;
    this.#atMs = options.savedAtMs;
  }

  get state(): SavedState {
    return { isSaving: this.#underWay !== null, atMs: this.#atMs, unsaved: this.#unsaved };
  }

  /** A state of the engine, whether it was asked for or not, or what became of what was asked. */
  take(message: Extract<FromWorker, { kind: 'saved' | 'saveEnded' }>): void {
    if (message.kind === 'saved') this.#store(message.state);
    else if (message.id === this.#asked) this.#settle?.(message);
  }

  #store(state: Uint8Array | null): void {
    const storing: Promise<number | null> = this.#options.keep.take(state).then((atMs) => {
      const isOwed = state !== null && atMs === null;
      // What became of an earlier one says nothing of this one.
      if (this.#storing === storing) this.#isOwed = isOwed;
      if (!isOwed) {
        this.#atMs = atMs;
        this.#unsaved = null;
      }
      return atMs;
    });
    this.#storing = storing;
  }

  readonly save = (): Promise<Result<SavedAt, AppError>> => {
    this.#underWay ??= this.#save().finally(() => (this.#underWay = null));
    return this.#underWay;
  };

  async #save(): Promise<Result<SavedAt, AppError>> {
    const { keep, post, isFree } = this.#options;
    if (!isFree()) return fail(appError('runner/in-use'));
    keep.ask();
    this.#asked += 1;
    const answer = this.#answer();
    post({ kind: 'save', id: this.#asked, isWanted: this.#isOwed || this.#atMs === null });
    const { end, detail } = await answer;
    // What was sent before that answer is being stored: nothing is saved before it is on the disk.
    const storedAtMs = await this.#storing;
    const atMs = end === 'saved' ? storedAtMs : end === 'unchanged' ? this.#atMs : null;
    this.#unsaved = end === 'inUse' ? 'in-use' : atMs === null ? 'failed' : null;
    if (end === 'inUse') return fail(appError('runner/in-use'));
    return atMs === null ? fail(appError('runner/not-saved', detail ?? undefined)) : ok({ atMs });
  }

  /** A worker that was taken over may never answer. */
  #answer(): Promise<SaveEnd> {
    const { promise, resolve } = Promise.withResolvers<SaveEnd>();
    const until = AbortSignal.any([this.#options.signal, AbortSignal.timeout(LIMITS.savingMs.standard)]);
    until.addEventListener('abort', () => resolve({ end: 'failed', detail: null }), { once: true });
    this.#settle = resolve;
    return promise;
  }
}
