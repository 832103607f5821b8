import type { ComponentChildren } from 'preact';
import type { SessionId } from '../../../contracts/ids.ts';
import type { Outcome, ProgramError } from '../../../contracts/outcome.ts';
import { FailurePanel, formatDuration } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import type { CallRun } from '../call-run.ts';
import { ownWords } from '../result-text.ts';
import type { RunView } from '../run-view.ts';
import { textOf } from './display-list.tsx';
import { FailureActions } from './failure-actions.tsx';
import { FixPart } from './fix-part.tsx';

type Completed = Extract<Outcome, { kind: 'completed' }>;

interface EndProps {
  readonly view: RunView;
  readonly run: CallRun;
  readonly onNote: (text: string) => void;
}

/** The program's own error: the table's words, and what its language said. */
function ProgramErrorPart({ error, view, run, onNote }: EndProps & { readonly error: ProgramError }) {
  const { code, traceback, line, column, suggestions } = error;
  // Runners print the traceback as the language does; then it stands in the output already.
  const isPrinted = traceback !== null && view.log.text('stderr').includes(traceback.trim());
  const more = (
    <>
      {line === null ? null : <p class="quiet">{TEXTS.card.line(line, column)}</p>}
      {traceback === null || isPrinted ? null : (
        <pre dir="ltr" tabIndex={0}>
          {traceback}
        </pre>
      )}
    </>
  );
  return (
    <FailurePanel code={code} part="error" detail={ownWords(error)} more={more} advice={suggestions}>
      <FailureActions code={code} run={run} onNote={onNote} />
    </FailurePanel>
  );
}

/** A value that is shown in a richer form, as a table for instance, is not shown again as text. */
function plainResult(outcome: Completed, view: RunView): string | null {
  const isShown = view.displays.value.some((display) => textOf(display).trim() === outcome.result?.trim());
  return isShown ? null : outcome.result;
}

function isSilent(outcome: Completed, view: RunView): boolean {
  const hasShown = view.hasOutput.value || view.displays.value.length > 0 || view.artifacts.value.length > 0;
  return outcome.result === null && outcome.error === null && !hasShown;
}

function CompletedPart({ outcome, ...end }: EndProps & { readonly outcome: Completed }) {
  const { view } = end;
  const { error, exitCode } = outcome;
  const result = plainResult(outcome, view);
  return (
    <>
      {error === null ? null : <ProgramErrorPart error={error} {...end} />}
      {result === null ? null : (
        <div class="result">
          <span class="quiet">{TEXTS.card.result}</span>
          <pre data-part="result" dir="ltr" tabIndex={0}>
            {result}
          </pre>
        </div>
      )}
      {exitCode !== 0 && error === null ? <p class="note">{TEXTS.card.exitCode(exitCode)}</p> : null}
      {isSilent(outcome, view) ? <p class="note">{TEXTS.card.noOutput}</p> : null}
    </>
  );
}

function bodyOf(outcome: Outcome, end: EndProps): ComponentChildren {
  const { run, onNote } = end;
  switch (outcome.kind) {
    case 'completed':
      return <CompletedPart outcome={outcome} {...end} />;
    case 'crashed':
    case 'refused':
      return (
        <FailurePanel code={outcome.code} detail={outcome.detail}>
          <FailureActions code={outcome.code} run={run} onNote={onNote} />
        </FailurePanel>
      );
    case 'timedOut':
      return (
        <FailurePanel code="run/timed-out" detail={TEXTS.card.limit(formatDuration(outcome.limitMs))}>
          <FailureActions code="run/timed-out" run={run} onNote={onNote} />
        </FailurePanel>
      );
    case 'cancelled':
      return outcome.by === 'person' ? null : <FailurePanel code="run/stopped" />;
  }
}

/** What the end of a run has to say beyond its status: value, error, failure, and whether variables are gone. */
export function OutcomePart({ sessionId, ...end }: EndProps & { readonly sessionId: SessionId }) {
  const { view, run } = end;
  const outcome = view.outcome.value;
  if (outcome === null) return null;
  const isUnread = outcome.kind === 'completed' && outcome.error?.code.endsWith('/syntax-error');
  const isLost = 'sessionLost' in outcome && outcome.sessionLost;
  return (
    <>
      {bodyOf(outcome, end)}
      {isUnread ? <FixPart run={run} sessionId={sessionId} /> : null}
      {isLost ? (
        <p class="note" data-part="variables-gone">
          {TEXTS.card.variablesGone}
        </p>
      ) : null}
    </>
  );
}
