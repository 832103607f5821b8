import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Outcome } from '../../../contracts/outcome.ts';
import { formatBytes, formatDuration, Sparkline } from '../../kit/index.ts';
import { COMMON_TEXTS, TEXTS } from '../../texts.ts';
import type { CallRun } from '../call-run.ts';
import { isFailure, outcomeWords } from '../result-text.ts';
import type { RunView } from '../run-view.ts';

type Tone = 'calm' | 'busy' | 'good' | 'bad' | 'warn';

interface Status {
  readonly words: string;
  readonly state: string;
  readonly tone: Tone;
}

function outcomeTone(outcome: Outcome): Tone {
  if (isFailure(outcome)) return outcome.kind === 'timedOut' ? 'warn' : 'bad';
  return outcome.kind === 'cancelled' ? 'calm' : 'good';
}

function queuedWords({ queued }: RunView): string {
  const { ahead, waitsFor } = queued.value ?? { ahead: 0, waitsFor: null };
  switch (waitsFor) {
    case null:
      return TEXTS.state.queued;
    case 'memory':
      return TEXTS.state.queuedMemory;
    case 'processor':
      return TEXTS.state.queuedProcessor;
    case 'dependency':
      return TEXTS.state.queuedRun;
    default:
      // Those that wait are counted; besides, one is at work.
      return TEXTS.state.queuedBehind(ahead + 1);
  }
}

function viewStatus(view: RunView): Status {
  const outcome = view.outcome.value;
  if (outcome !== null) return { words: outcomeWords(outcome), state: 'ended', tone: outcomeTone(outcome) };
  const state = view.state.value;
  const words = {
    waiting: queuedWords(view),
    starting: TEXTS.state.starting,
    running: COMMON_TEXTS.running,
    input: TEXTS.state.input,
    ended: COMMON_TEXTS.done,
  };
  return { words: words[state], state, tone: state === 'input' ? 'warn' : 'busy' };
}

const refusalWords = (phase: 'incomplete' | 'tooLarge'): string =>
  phase === 'incomplete' ? TEXTS.state.incomplete : TEXTS.state.tooLarge;

/** Nothing runs and nothing ended: what failed was the start. A Stop or an answer may fail while the program goes on. */
const isRefused = (run: CallRun): boolean =>
  run.failure.value !== null && !run.isBusy.value && run.view.value?.outcome.value == null;

function callStatus(run: CallRun): Status {
  const view = run.view.value;
  if (isRefused(run)) return { words: COMMON_TEXTS.refused, state: 'ended', tone: 'bad' };
  if (run.held.value !== null) return { words: TEXTS.state.held, state: 'held', tone: 'warn' };
  const phase = run.phase.value;
  if (phase === 'already' && view !== null) return viewStatus(view);
  if (phase === 'started')
    return view === null ? { words: TEXTS.state.starting, state: 'starting', tone: 'busy' } : viewStatus(view);
  if (phase === 'already') return { words: TEXTS.state.alreadyRan, state: 'already', tone: 'calm' };
  if (phase === 'offered') return { words: TEXTS.state.offered, state: 'waiting', tone: 'calm' };
  if (phase === 'forming') return { words: TEXTS.state.forming, state: 'waiting', tone: 'calm' };
  return { words: refusalWords(phase), state: 'incomplete', tone: 'warn' };
}

/** The state in words, announced once for each change; time and memory stand beside it, unannounced. */
export function StatusLine({ run }: { readonly run: CallRun }) {
  const { words, state, tone } = callStatus(run);
  const outcome = run.view.value?.outcome.value ?? null;
  return (
    <div class="status-line">
      <span
        class={`status ${tone}`}
        role="status"
        aria-live="polite"
        data-part="status"
        data-state={state}
        data-outcome={outcome?.kind ?? (isRefused(run) ? 'refused' : undefined)}
      >
        {words}
      </span>
      {outcome === null ? (
        <>
          <Progress view={run.view.value} />
          <UsageLine view={run.view.value} />
          <Elapsed view={run.view.value} />
        </>
      ) : (
        <span class="quiet" data-part="used">
          {TEXTS.card.used(
            (isCached(outcome) ? TEXTS.card.cached : '') + formatDuration(outcome.timeMs),
            outcome.memoryBytes > 0 ? formatBytes(outcome.memoryBytes) : '',
            networkWords(run.view.value),
          )}
        </span>
      )}
    </div>
  );
}

/** Unannounced: it changes often. */
function Progress({ view }: { readonly view: RunView | null }) {
  const progress = view?.progress.value ?? null;
  if (progress === null) return null;
  return (
    <span class="quiet" data-part="progress">
      {TEXTS.card.packages(progress.done, progress.total)}
    </span>
  );
}

const networkWords = (view: RunView | null): string =>
  view === null || view.networkBytes.value === 0 ? '' : TEXTS.card.network(formatBytes(view.networkBytes.value));

/** Processor, memory and network of a run that works on; nothing for one that is soon done. */
function UsageLine({ view }: { readonly view: RunView | null }) {
  const samples = view?.usage.value ?? [];
  const last = samples.at(-1);
  if (last === undefined || samples.length < 2) return null;
  const network = networkWords(view);
  const usage = TEXTS.card.usage(Math.round(last.cpuShare * 100), formatBytes(last.memoryBytes));
  const words = network === '' ? usage : `${usage}, ${network}`;
  return (
    <span class="quiet usage" title={words}>
      <Sparkline shares={samples.map(({ cpuShare }) => cpuShare)} label={words} />
      {TEXTS.card.used(formatBytes(last.memoryBytes), network)}
    </span>
  );
}

const isCached = (outcome: Outcome): boolean => outcome.kind === 'completed' && outcome.fromCache === true;

const TICK_MS = 500;

function Elapsed({ view }: { readonly view: RunView | null }) {
  const now = useSignal(Date.now());
  const startedAtMs = view?.startedAtMs.value ?? null;
  useEffect(() => {
    if (startedAtMs === null) return undefined;
    const timer = setInterval(() => (now.value = Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [startedAtMs]);
  if (startedAtMs === null) return null;
  const elapsedMs = now.value - startedAtMs;
  // The first second is no news; a number that flickers for every short run is noise.
  if (elapsedMs < 1000) return null;
  const text = formatDuration(Math.floor(elapsedMs / 1000) * 1000);
  return (
    <span class="quiet" data-part="elapsed" role="timer" aria-label={TEXTS.card.elapsed(text)}>
      {text}
    </span>
  );
}
