import { LIMITS } from '../contracts/limits.ts';
import { memoryLimitOf } from '../contracts/memory-limit.ts';
import type { SessionId } from '../contracts/ids.ts';
import type { Language, RunLimits, RunRequest, RunLimit } from '../contracts/run.ts';
import type { Place, SessionChoices } from '../contracts/selection.ts';
import type { ChoiceRecords } from '../database/index.ts';
import { settledWithin } from './settled-within.ts';

const MOST_COMMANDS = LIMITS.commandsAllowed.standard;
const NONE: SessionChoices = { places: {}, limits: {}, commands: [] };

/** A part of the choices; what is missing stays, null goes back to what is set for all. */
export interface ChoicePatch {
  readonly place?: { readonly language: Language | 'all'; readonly place: Place | null };
  readonly limits?: Readonly<Partial<Record<RunLimit, number | null>>>;
  /** Added; null forgets all of them. */
  readonly commands?: readonly string[] | null;
}

/** What a person chose for single conversations, in memory and kept. */
export class SessionChoiceBook {
  readonly #records: ChoiceRecords;
  readonly #now: () => number;
  readonly #choices = new Map<SessionId, SessionChoices>();
  /** Settles when earlier choices were read, or that takes too long. */
  readonly ready: Promise<void>;

  constructor(records: ChoiceRecords, now: () => number) {
    this.#records = records;
    this.#now = now;
    const read = records.all().then(
      (rows) => {
        for (const { sessionId, places, limits = {}, commands = [] } of rows) {
          // What was chosen meanwhile is newer.
          if (!this.#choices.has(sessionId as SessionId))
            this.#choices.set(sessionId as SessionId, { places, limits, commands });
        }
      },
      (cause: unknown) => console.warn('choices for conversations cannot be read', cause),
    );
    this.ready = settledWithin(read, LIMITS.storedWaitMs.standard);
  }

  of(sessionId: SessionId): SessionChoices {
    return this.#choices.get(sessionId) ?? NONE;
  }

  /** Counts from now on, and for hosts to come once this settles. Rejects when it cannot be written. */
  async choose(sessionId: SessionId, { place, limits = {}, commands = [] }: ChoicePatch): Promise<void> {
    await this.ready;
    const before = this.of(sessionId);
    const places = new Map(Object.entries(before.places));
    if (place?.place === null) places.delete(place.language);
    else if (place !== undefined) places.set(place.language, place.place);
    const merged = Object.entries({ ...before.limits, ...limits });
    const choices: SessionChoices = {
      places: Object.fromEntries(places),
      limits: Object.fromEntries(merged.filter(([, value]) => value !== null)),
      // The latest are kept.
      commands: commands === null ? [] : [...new Set([...before.commands, ...commands])].slice(-MOST_COMMANDS),
    };
    this.#choices.delete(sessionId);
    this.#choices.set(sessionId, choices);
    const [oldest] = this.#choices.keys();
    if (this.#choices.size > LIMITS.sessionChoicesKept.standard && oldest !== undefined) this.#choices.delete(oldest);
    await this.#records.put({ sessionId, ...choices, atMs: this.#now() });
  }

  /** What was asked for, but for what was chosen for the conversation; never less than the language's engine needs. */
  async limits({
    sessionId,
    language,
    limits,
  }: Pick<RunRequest, 'sessionId' | 'language' | 'limits'>): Promise<RunLimits> {
    await this.ready;
    const chosen = this.of(sessionId).limits;
    const memory = memoryLimitOf(language);
    const memoryMB = Math.max(LIMITS[memory].smallest, chosen[memory] ?? limits.memoryMB);
    return { timeMs: chosen.runTimeMs ?? limits.timeMs, memoryMB };
  }
}
