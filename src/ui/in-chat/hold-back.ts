import type { Signal } from '@preact/signals';
import type { RunsDoor } from '../../contracts/doors/runs.ts';
import type { AppError } from '../../contracts/errors.ts';
import type { SessionId } from '../../contracts/ids.ts';
import type { Language } from '../../contracts/run.ts';
import type { Decision, Selection } from '../../contracts/selection.ts';

interface HoldBackOptions {
  readonly runs: Pick<RunsDoor, 'select'>;
  readonly sessionId: () => SessionId;
  /** What the fence of a block said. */
  readonly label?: string | null;
}

interface HoldBackState {
  readonly code: Signal<string>;
  readonly language: Signal<Language | null>;
  readonly held: Signal<Selection | null>;
  readonly failure: Signal<AppError | null>;
  readonly isBusy: Signal<boolean>;
}

/** Missing comforts are told while it runs; what cannot run, and what is risky, is asked about before. */
function mustDecide({ canRunHere, factors, warnings }: Decision): boolean {
  if (!canRunHere) return true;
  const isChosen = factors.some(({ name, speaksFor }) => name === 'choice' && speaksFor === 'onDevice');
  return !isChosen && warnings.some(({ kind }) => kind !== 'limitedFunctionality');
}

/** Asks the host what the code is, needs and risks; answers true where the person must decide before it runs. */
export function createHoldBack(
  { runs, sessionId, label = null }: HoldBackOptions,
  { code, language, held, failure, isBusy }: HoldBackState,
): () => Promise<boolean> {
  return async () => {
    isBusy.value = true;
    failure.value = null;
    const known = language.value;
    const answer = await runs.select({ sessionId: sessionId(), language: known, label, code: code.value });
    isBusy.value = false;
    if (!answer.ok) {
      // Advice only: what is known to be runnable runs without it, unless somebody used the advice up.
      const mustWait = known === null || answer.error.code === 'run/rate-limited';
      if (mustWait) failure.value = answer.error;
      return mustWait;
    }
    const { decision } = answer.value;
    if (decision.canRunHere) language.value = answer.value.language as Language;
    const isHeld = mustDecide(decision);
    if (isHeld) held.value = answer.value;
    return isHeld;
  };
}
