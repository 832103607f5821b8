import { toBase64 } from '../../base/index.ts';
import type { Purity } from '../../contracts/analysis.ts';
import type { SessionId } from '../../contracts/ids.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import type { RunEvent, RunRequest } from '../../contracts/run.ts';
import type { RunnerSession } from '../../contracts/runner.ts';
import type { ProgramResult, ResultCache } from './result-cache.ts';

export interface CachedRunsOptions {
  readonly cache: ResultCache;
  readonly purityOf: (code: string, language: string) => Promise<Purity>;
  /** Names what the files of a session are now; null where that cannot be read. */
  readonly filesStateOf: (sessionId: SessionId) => Promise<string | null>;
  /** Engines differ from version to version. */
  readonly version: () => Promise<string>;
  readonly isOn: () => boolean;
}

/** A run whose answer may be in the cache, or may go into it. */
export interface CacheSlot {
  readonly found: ProgramResult | null;
  /** Each event that the run reports. */
  note(event: RunEvent): void;
  keep(outcome: Outcome): void;
}

/** What is part of an answer. Whatever else a run reports (files, questions, cut output) makes it one of a kind. */
const REPEATABLE: readonly RunEvent['kind'][] = ['output', 'display'];
/** Said on the way of every run; no part of its answer. */
const PASSING: readonly RunEvent['kind'][] = ['state', 'queued', 'progress'];

/**
 * Answers programs that are proved to depend on nothing with what they answered before. "Nothing" is relative to their
 * engine: names that earlier runs left may hide builtins, and files beside the code may hide modules. So an answer counts
 * only in the conversation that it was made in, with the same files, in an engine that nobody has changed since.
 */
export class CachedRuns {
  readonly #options: CachedRunsOptions;
  /** Engines in which something ran that may have changed them, with a name for what they are now. */
  readonly #changed = new WeakMap<RunnerSession, string>();

  constructor(options: CachedRunsOptions) {
    this.#options = options;
  }

  /** Null where the run must run. `engine` null where none stands; `owner` is the session whose files it sees. Never rejects. */
  async open(
    request: RunRequest,
    where: { readonly engine: RunnerSession | null; readonly owner: SessionId; readonly keepsNames: boolean },
  ): Promise<CacheSlot | null> {
    const { cache, purityOf, filesStateOf, version, isOn } = this.#options;
    if (request.mayBeCached !== true || !isOn()) return null;
    try {
      const { code, language, limits, stdin } = request;
      const purity = await purityOf(code, language);
      // JavaScript and Lua programs can also change what the engine itself is made of, and no reader sees every way.
      const stays = where.keepsNames && (language !== 'python' || (purity.isPure && purity.leavesNames));
      if (!purity.isPure || stays) return null;
      const files = await filesStateOf(where.owner);
      if (files === null) return null;
      const engine = (where.engine && this.#changed.get(where.engine)) ?? 'fresh';
      const key = await keyOf([await version(), where.owner, files, engine, language, code, limits, stdin]);
      return slotOf(cache, key, await cache.get(key));
    } catch (cause) {
      console.warn('cache: not asked', cause);
      return null;
    }
  }

  /** A run that had no slot may have changed its engine. */
  changed(engine: RunnerSession): void {
    this.#changed.set(engine, crypto.randomUUID());
  }
}

/** Tells what the program answered before as if it ran. */
export function replay({ events, outcome }: ProgramResult, timeMs: number, report: (event: RunEvent) => void): Outcome {
  report({ kind: 'state', state: 'running' });
  for (const event of events) report(event);
  return { ...outcome, timeMs, memoryBytes: 0, fromCache: true };
}

async function keyOf(parts: readonly unknown[]): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(parts)));
  return toBase64(new Uint8Array(digest));
}

function slotOf(cache: ResultCache, key: string, found: ProgramResult | null): CacheSlot {
  const events: RunEvent[] = [];
  let isRepeatable = true;
  return {
    found,
    note(event) {
      if (PASSING.includes(event.kind)) return;
      const hasFile = event.kind === 'display' && event.display.artifact !== null;
      if (!REPEATABLE.includes(event.kind) || hasFile) isRepeatable = false;
      if (isRepeatable) events.push(event);
    },
    keep(outcome) {
      const isWell = outcome.kind === 'completed' && outcome.error === null && outcome.exitCode === 0;
      if (isWell && isRepeatable) void cache.set(key, { events, outcome });
    },
  };
}
