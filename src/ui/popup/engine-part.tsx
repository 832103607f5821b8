import type { HostStatus } from '../../contracts/doors/runs.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import type { RunSummary } from '../../contracts/run.ts';
import { formatBytes, formatDuration } from '../kit/index.ts';
import { COMMON_TEXTS, POPUP_TEXTS } from '../texts.ts';

const T = POPUP_TEXTS;

export function EnginePart({ status }: { readonly status: HostStatus | 'unavailable' | null }) {
  if (status === null) return null;
  if (status === 'unavailable') {
    return (
      <p class="quiet" data-part="engine" data-python="none">
        {T.noHost}
      </p>
    );
  }
  const bytes = status.sessions.reduce((sum, session) => sum + session.memoryBytes, 0);
  const rests = status.sessions.some((session) => session.isResting);
  return (
    <>
      <p data-part="engine" data-python={status.python}>
        {T.python[status.python]}
        <span class="quiet" data-part="memory">
          {status.sessions.length === 0
            ? ''
            : ` · ${T.memory} ${formatBytes(bytes)}, ${T.memoryOf(status.sessions.length)}`}
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

export function RunsPart({ runs }: { readonly runs: readonly RunSummary[] }) {
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
          <span>{words(run.outcome)}</span>
          <span class="quiet">
            {new Date(run.startedAtMs).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}
            {run.outcome === null ? '' : ` · ${formatDuration(run.outcome.timeMs)}`}
            {run.outcome === null || run.outcome.memoryBytes === 0 ? '' : ` · ${formatBytes(run.outcome.memoryBytes)}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
