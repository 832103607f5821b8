import type { CapturedCall } from '../../contracts/capture.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import type { SessionId } from '../../contracts/ids.ts';
import type { CallEntry } from './calls.ts';
import type { RunView } from './run-view.ts';
import { seedResponse } from './seed-response.ts';

interface SeedAnswersOptions {
  readonly hasPrivateFiles: (sessionId: SessionId) => Promise<boolean>;
  readonly send: (call: CapturedCall, text: string) => void;
}

/**
 * Answers seed frames with what their run printed, each frame once. By itself only where the frame came from outside and
 * the session holds no private files; otherwise the person sends the result, by a press.
 */
export function createSeedAnswers({ hasPrivateFiles, send }: SeedAnswersOptions) {
  const answered = new WeakSet<CallEntry>();
  return async (entry: CallEntry, view: RunView, outcome: Outcome): Promise<void> => {
    const call = entry.captured;
    const text = call === null ? null : await seedResponse(call, view, outcome);
    if (call === null || text === null || answered.has(entry)) return;
    const sendOnce = () => {
      entry.unsentResult.value = null;
      if (answered.has(entry)) return;
      answered.add(entry);
      send(call, text);
    };
    const isHeld = call.seedFrame?.direction !== 'in' || (await hasPrivateFiles(entry.sessionId()));
    if (isHeld) entry.unsentResult.value = sendOnce;
    else sendOnce();
  };
}
