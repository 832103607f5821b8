import type { ComponentChildren } from 'preact';
import type { AppErrorCode } from '../../../contracts/errors.ts';
import type { Outcome, ProgramError } from '../../../contracts/outcome.ts';
import { FailurePanel } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import type { RunView } from '../run-view.ts';

function ProgramErrorPart({ error, view }: { readonly error: ProgramError; readonly view: RunView }) {
  const lead = `${error.title}${error.message === '' ? '' : `: ${error.message}`}`;
  // Runners print the traceback as the language does; then it stands in the output already.
  const isPrinted = error.traceback !== null && view.log.text('stderr').includes(error.traceback.trim());
  return (
    <div class="error" data-part="error" data-code={error.code}>
      <strong>{lead}</strong>
      {error.line === null ? null : <span class="quiet"> {TEXTS.card.line(error.line)}</span>}
      {error.traceback !== null && !isPrinted ? (
        <pre dir="ltr" tabIndex={0}>
          {error.traceback}
        </pre>
      ) : null}
      {error.suggestions.length > 0 ? (
        <ul>
          {error.suggestions.map((suggestion) => (
            <li key={suggestion}>{suggestion}</li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function Panel({ code, detail }: { readonly code: AppErrorCode; readonly detail: string | null }): ComponentChildren {
  return <FailurePanel code={code} detail={detail} />;
}

function bodyOf(outcome: Outcome, view: RunView): ComponentChildren {
  switch (outcome.kind) {
    case 'completed': {
      const isSilent =
        outcome.result === null && outcome.error === null && view.displays.value.length === 0 && !view.hasOutput.value;
      return (
        <>
          {outcome.error === null ? null : <ProgramErrorPart error={outcome.error} view={view} />}
          {outcome.result === null ? null : (
            <div class="result">
              <span class="quiet">{TEXTS.card.result}</span>
              <pre data-part="result" dir="ltr" tabIndex={0}>
                {outcome.result}
              </pre>
            </div>
          )}
          {outcome.exitCode !== 0 && outcome.error === null ? (
            <p class="note">{TEXTS.card.exitCode(outcome.exitCode)}</p>
          ) : null}
          {isSilent && view.artifacts.value.length === 0 ? <p class="note">{TEXTS.card.noOutput}</p> : null}
        </>
      );
    }
    case 'crashed':
    case 'refused':
      return <Panel code={outcome.code} detail={outcome.detail} />;
    case 'timedOut':
      return <Panel code="run/timed-out" detail={null} />;
    case 'cancelled':
      return null;
  }
}

/** What the end of a run has to say beyond its status: value, error, failure, and whether variables are gone. */
export function OutcomePart({ view }: { readonly view: RunView }) {
  const outcome = view.outcome.value;
  if (outcome === null) return null;
  const isLost = 'sessionLost' in outcome && outcome.sessionLost;
  return (
    <>
      {bodyOf(outcome, view)}
      {isLost ? (
        <p class="note" data-part="variables-gone">
          {TEXTS.card.variablesGone}
        </p>
      ) : null}
    </>
  );
}
