import { RUN_LIMITS, type RunLimit } from '../contracts/run.ts';
import type { SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { Settings } from '../contracts/settings.ts';
import type { SessionChoiceBook } from '../execution/index.ts';

interface LimitParts {
  readonly choices: SessionChoiceBook;
  readonly settings: () => Settings;
}

/** What bounds the runs of a conversation now: what was chosen for it, else what is set for all. */
const limitIn = ({ choices, settings }: LimitParts, sessionId: SessionId, limit: RunLimit): number =>
  choices.of(sessionId).limits[limit] ?? settings()[limit];

/** The limits of a conversation's runs that are below their bounds. */
export async function raisableIn(parts: LimitParts, sessionId: SessionId): Promise<readonly RunLimit[]> {
  await parts.choices.ready;
  return RUN_LIMITS.filter((limit) => limitIn(parts, sessionId, limit) < LIMITS[limit].largest);
}

/** Twice what a limit of a conversation's runs is now, up to its bound. */
export async function raisedIn(parts: LimitParts, sessionId: SessionId, limit: RunLimit): Promise<number> {
  await parts.choices.ready;
  return Math.min(2 * limitIn(parts, sessionId, limit), LIMITS[limit].largest);
}
