import type { Signal } from '@preact/signals';
import type { RunsDoor } from '../../contracts/doors/runs.ts';
import type { AppError } from '../../contracts/errors.ts';
import type { SessionId } from '../../contracts/ids.ts';
import type { Language } from '../../contracts/run.ts';
import type { Decision, SeenGroup, Selection } from '../../contracts/selection.ts';
import { awaitWordsOf } from '../kit/index.ts';

interface HoldBackOptions {
  readonly runs: Pick<RunsDoor, 'select' | 'warm'>;
  readonly sessionId: () => SessionId;
  /** What the fence of a block said. */
  readonly label?: string | null;
}

/** What was seen in a piece of code; of another piece it says nothing. */
export interface SeenCode {
  readonly code: string;
  readonly groups: readonly SeenGroup[];
}

interface HoldBackState {
  readonly code: Signal<string>;
  readonly language: Signal<Language | null>;
  readonly held: Signal<Selection | null>;
  readonly shortfalls: Signal<readonly string[]>;
  readonly seen: Signal<SeenCode | null>;
  readonly failure: Signal<AppError | null>;
  readonly isBusy: Signal<boolean>;
}

/** Missing comforts are told while it runs; what cannot run, and what is risky, is asked about before. */
function mustDecide({ canRunHere, place, factors, warnings }: Decision): boolean {
  // A person who chose "elsewhere" for the language gets no warning, and still it must not run here by itself.
  if (!canRunHere || place !== 'onDevice') return true;
  const isChosen = factors.some(({ name, speaksFor }) => name === 'choice' && speaksFor === 'onDevice');
  return !isChosen && warnings.some(({ kind }) => kind !== 'limitedFunctionality');
}

/** What of it will not work here, a line for each warning. */
const shortfallsOf = ({ warnings }: Decision): readonly string[] =>
  warnings
    .filter(({ kind }) => kind !== 'securityRisk')
    .map(({ title, reasons }) => [`${title}:`, ...reasons].join(' '));

/** What the host's reading of the code is used for: before a press runs, and after a call that started by itself failed. */
export interface HoldBack {
  /** Asks the host what the code is, needs and risks; answers true where the person must decide before it runs. */
  ask(): Promise<boolean>;
  /** Why code that ran may have failed, as far as the code alone tells; holds nothing. */
  explain(code: string, language: Language): Promise<readonly string[]>;
  /** Has the code read for a person who asks what was seen in it; answers why it could not be, else null. */
  look(): Promise<AppError | null>;
}

export function createHoldBack(
  { runs, sessionId, label = null }: HoldBackOptions,
  { code, language, held, shortfalls, seen, failure, isBusy }: HoldBackState,
): HoldBack {
  const read = async (body: string, asked: Language | null) => {
    const answer = await runs.select({ sessionId: sessionId(), language: asked, label, code: body });
    if (answer.ok) seen.value = { code: body, groups: answer.value.seen };
    return answer;
  };
  return {
    async ask() {
      isBusy.value = true;
      failure.value = null;
      const known = language.value;
      const answer = await read(code.value, known);
      isBusy.value = false;
      if (!answer.ok) {
        // Advice only: what is known to be runnable runs without it, unless somebody used the advice up.
        const mustWait = known === null || answer.error.code === 'run/rate-limited';
        if (mustWait) failure.value = answer.error;
        // Whatever went wrong: nobody looked for risks. The run does not wait for the words.
        else {
          void awaitWordsOf('reader/failed').then(({ title, explanation }) => {
            shortfalls.value = [`${title}. ${explanation}`];
          });
        }
        return mustWait;
      }
      const { decision } = answer.value;
      if (decision.canRunHere) language.value = answer.value.language as Language;
      shortfalls.value = shortfallsOf(decision);
      const isHeld = answer.value.asked.length > 0 || mustDecide(decision);
      if (isHeld) held.value = answer.value;
      // The machine starts while the person reads.
      if (isHeld && answer.value.language === 'shell') void runs.warm({ language: 'shell', sessionId: sessionId() });
      return isHeld;
    },
    async explain(body, ran) {
      const answer = await read(body, ran);
      // Advice only, and nobody asked for it.
      return answer.ok ? shortfallsOf(answer.value.decision) : [];
    },
    async look() {
      const answer = await read(code.value, language.value);
      return answer.ok ? null : answer.error;
    },
  };
}
