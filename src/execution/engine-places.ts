import type { AppError } from '../contracts/errors.ts';
import type { SessionId } from '../contracts/ids.ts';
import type { Runner } from '../contracts/runner.ts';
import { storageFailure } from '../database/index.ts';

/** In which session the engine of a conversation is, where a person may have made several of a kind for it. */
export interface EnginePlaces {
  /** Goes before the other; rejects where it cannot be known. */
  ready(): Promise<void>;
  engineSession(runner: Runner, sessionId: SessionId): SessionId;
}

/** Who asks the network gate. */
export interface NetworkUser {
  /** The conversation, whose consent counts. */
  readonly sessionId: SessionId;
  /** The session of its engine: where that is, not where the conversation's next program will be. */
  readonly engine: SessionId;
  readonly runner: string;
  readonly trigger: 'auto' | 'press' | 'terminal';
}

/** Code that is for one machine of a conversation does not run in another: null where it is known which one is used. */
export async function unknownPlace(places: EnginePlaces | undefined): Promise<AppError | null> {
  try {
    await places?.ready();
    return null;
  } catch (cause) {
    return storageFailure(cause);
  }
}
