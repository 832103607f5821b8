import type { CapturedCall } from '../../contracts/capture.ts';
import type { AppError } from '../../contracts/errors.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { TEXTS } from '../texts.ts';
import type { CallEntry } from './calls.ts';
import type { RunView } from './run-view.ts';
import { seedRefusal, seedResponse } from './seed-response.ts';

interface SeedAnswersOptions {
  readonly hasPrivateFiles: (sessionId: SessionId) => Promise<boolean>;
  /** False where it could not be sent: the page closed its socket, say. */
  readonly send: (call: CapturedCall, text: string) => Promise<boolean>;
}

/** Answers seed frames, each frame once, and one that was refused once more by a press; the person is told of an answer that does not go, and can send it by a press. */
export interface SeedAnswers {
  /**
   * With what the run printed. By itself only where the frame came from outside and the session holds no private files;
   * otherwise the person sends the result.
   */
  ended(entry: CallEntry, view: RunView, outcome: Outcome): Promise<void>;
  /** With why there is no run, which tells nothing of the session. */
  refused(entry: CallEntry, error: AppError): Promise<void>;
}

export function createSeedAnswers({ hasPrivateFiles, send }: SeedAnswersOptions): SeedAnswers {
  const answered = new WeakSet<CallEntry>();
  /** Those whose answer was that nothing runs: a person who runs one after all can send what came of it. */
  const refusals = new WeakSet<CallEntry>();
  const offer = (entry: CallEntry, call: CapturedCall, text: string, isHeld: boolean) => {
    if (answered.has(entry)) return;
    const sendOnce = async () => {
      entry.unsentResult.value = null;
      if (answered.has(entry)) return;
      answered.add(entry);
      if (await send(call, text)) return;
      answered.delete(entry);
      entry.unsentResult.value = () => void sendOnce();
      entry.note.value = TEXTS.action.notSent;
    };
    if (isHeld) entry.unsentResult.value = () => void sendOnce();
    else void sendOnce();
  };
  return {
    async ended(entry, view, outcome) {
      const call = entry.captured;
      const text = call === null ? null : await seedResponse(call, view, outcome);
      if (call === null || text === null) return;
      const wasRefused = refusals.delete(entry);
      if (wasRefused) answered.delete(entry);
      if (answered.has(entry)) return;
      const isFromOutside = call.seedFrame?.direction === 'in';
      offer(entry, call, text, wasRefused || !isFromOutside || (await hasPrivateFiles(entry.sessionId())));
    },
    async refused(entry, error) {
      const call = entry.captured;
      const text = call === null ? null : await seedRefusal(call, error);
      if (call === null || text === null || answered.has(entry)) return;
      refusals.add(entry);
      offer(entry, call, text, call.seedFrame?.direction !== 'in');
    },
  };
}
