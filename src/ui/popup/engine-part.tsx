import type { HostStatus } from '../../contracts/doors/runs.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { LANGUAGE_NAMES } from '../../contracts/languages.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import type { RunSummary } from '../../contracts/run.ts';
import { formatBytes, formatDuration } from '../kit/index.ts';
import { COMMON_TEXTS, POPUP_TEXTS } from '../texts.ts';

const T = POPUP_TEXTS;

interface EnginePartProps {
  readonly status: HostStatus | 'unavailable' | null;
  /** The conversation of the tab; null where there is none. */
  readonly ofPage: SessionId | null;
}

export function EnginePart({ status, ofPage }: EnginePartProps) {
  if (status === null) return null;
  if (status === 'unavailable') {
    return (
      <p class="quiet" data-part="engine" data-python="none">
        {T.noHost}
      </p>
    );
  }
  // Python and Linux of one conversation are two engines.
  const conversations = new Set(status.sessions.map(({ sessionId }) => sessionId)).size;
  // Beside a machine of this page that works, a word about another's would be taken for its own.
  const rests = status.sessions.some(
    ({ isResting, sessionId }) => isResting && (ofPage === null || sessionId === ofPage),
  );
  return (
    <>
      <p data-part="engine" data-python={status.python}>
        {T.python[status.python]}
        <span class="quiet" data-part="in-memory">
          {conversations === 0 ? '' : ` · ${T.inMemory(conversations)}`}
        </span>
      </p>
      {rests ? (
        <p class="quiet" data-part="resting">
          {T.rests}
        </p>
      ) : null}
    </>
  );
}

function words(outcome: Outcome | null): string {
  if (outcome === null) return COMMON_TEXTS.running;
  if (outcome.kind === 'completed')
    return outcome.error === null && outcome.exitCode === 0 ? COMMON_TEXTS.done : COMMON_TEXTS.doneWithError;
  return COMMON_TEXTS[outcome.kind];
}

interface RunsPartProps {
  readonly runs: readonly RunSummary[];
  /** The conversation of the tab; null where there is none. */
  readonly ofPage: SessionId | null;
}

/** When it began, how long it took, what it held, and whether it is of the page that the person looks at. */
function factsOf({ startedAtMs, outcome, sessionId }: RunSummary, ofPage: SessionId | null): string {
  const at = new Date(startedAtMs).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const spent = outcome === null ? [] : [formatDuration(outcome.timeMs)];
  const held = outcome === null || outcome.memoryBytes === 0 ? [] : [formatBytes(outcome.memoryBytes)];
  return [at, ...spent, ...held, ...(sessionId === ofPage ? [T.ofPage] : [])].join(' · ');
}

export function RunsPart({ runs, ofPage }: RunsPartProps) {
  if (runs.length === 0) {
    return (
      <p class="quiet" data-part="runs">
        {T.noRuns}
      </p>
    );
  }
  return (
    <ul class="runs" data-part="runs">
      {runs.map((run) => (
        <li key={run.runId} data-outcome={run.outcome?.kind ?? 'running'}>
          <span>{`${LANGUAGE_NAMES[run.language]}: ${words(run.outcome)}`}</span>
          <span class="quiet">{factsOf(run, ofPage)}</span>
        </li>
      ))}
    </ul>
  );
}
