import { type Signal, signal } from '@preact/signals';
import type { CapturedCall } from '../../contracts/capture.ts';
import type { RunsDoor } from '../../contracts/doors/runs.ts';
import { type AppError, appError } from '../../contracts/errors.ts';
import type { CallKey, RunId, SessionId } from '../../contracts/ids.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import type { RunLimits } from '../../contracts/run.ts';
import { environmentCode } from './environment.ts';
import { createRunView, type RunView } from './run-view.ts';

/** How far a call is; `ended` and what comes after a start are in the view. */
export type CallPhase = 'forming' | 'incomplete' | 'tooLarge' | 'offered' | 'started' | 'already';

export interface CallTimes {
  readonly seenAt: number;
  readonly firstOutputMs: Signal<number | null>;
  readonly firstFigureMs: Signal<number | null>;
  readonly endedMs: Signal<number | null>;
}

/** One call of the page and what became of it here. */
export interface CallRun {
  readonly phase: Signal<CallPhase>;
  readonly code: Signal<string>;
  readonly view: Signal<RunView | null>;
  readonly failure: Signal<AppError | null>;
  readonly isBusy: Signal<boolean>;
  readonly times: CallTimes;
  /** Fills in what a forming call turned out to be. */
  offer(call: CapturedCall): void;
  refuse(reason: 'incomplete' | 'too-large'): void;
  start(trigger: 'auto' | 'press'): Promise<void>;
  stop(): Promise<void>;
  answer(text: string | null): Promise<void>;
  restart(): Promise<void>;
}

interface CallRunOptions {
  readonly runs: RunsDoor;
  readonly sessionId: () => SessionId;
  readonly callKey: () => CallKey;
  readonly limits: () => RunLimits;
  readonly onEnded: (call: CapturedCall, view: RunView, outcome: Outcome) => void;
  readonly signal: AbortSignal;
}

/** Follows one call from its first sight to its outcome. All times are milliseconds since the call was seen whole. */
export function createCallRun(options: CallRunOptions): CallRun {
  const { runs } = options;
  let call: CapturedCall | null = null;
  let runId: RunId | null = null;
  let stopWatching: AbortController | null = null;
  let startedTimes = 0;
  let isStopWanted = false;
  const times = {
    seenAt: performance.now(),
    firstOutputMs: signal<number | null>(null),
    firstFigureMs: signal<number | null>(null),
    endedMs: signal<number | null>(null),
  };
  const phase = signal<CallPhase>('forming');
  const code = signal('');
  const view = signal<RunView | null>(null);
  const failure = signal<AppError | null>(null);
  const isBusy = signal(false);
  const sinceSeen = () => Math.round((performance.now() - times.seenAt) * 10) / 10;

  const openView = (signalOfRun: AbortSignal): RunView => {
    times.firstOutputMs.value = null;
    times.firstFigureMs.value = null;
    times.endedMs.value = null;
    const made: RunView = createRunView({
      signal: signalOfRun,
      onFirstOutput: () => (times.firstOutputMs.value = sinceSeen()),
      onEnded: (outcome) => {
        times.endedMs.value = sinceSeen();
        isBusy.value = false;
        if (call !== null) options.onEnded(call, made, outcome);
      },
    });
    return made;
  };

  const watch = (id: RunId, into: RunView, signalOfRun: AbortSignal, onLost: (error: AppError) => void) => {
    runs.watch({
      runId: id,
      after: 0,
      signal: signalOfRun,
      onEvent: ({ event }) => into.apply(event),
      onLost,
    });
  };

  const start = async (trigger: 'auto' | 'press'): Promise<void> => {
    if (call === null || isBusy.value) return;
    isBusy.value = true;
    isStopWanted = false;
    failure.value = null;
    stopWatching?.abort();
    const own = new AbortController();
    stopWatching = own;
    const signalOfRun = AbortSignal.any([own.signal, options.signal]);
    if (startedTimes > 0) times.seenAt = performance.now();
    startedTimes += 1;
    const shown = openView(signalOfRun);
    view.value = shown;
    phase.value = 'started';
    const request = { sessionId: options.sessionId(), language: 'python', limits: options.limits() } as const;
    const prelude = environmentCode(call);
    if (prelude !== null) await runs.start({ ...request, code: prelude, callKey: null, trigger: 'press', stdin: [] });
    const answer = await runs.start({
      ...request,
      code: call.code,
      callKey: options.callKey(),
      trigger,
      stdin: null,
    });
    if (signalOfRun.aborted) return;
    if (answer.ok) {
      runId = answer.value.runId;
      watch(runId, shown, signalOfRun, (error) => {
        isBusy.value = false;
        failure.value = error;
      });
      if (isStopWanted) await runs.stop({ runId });
      return;
    }
    isBusy.value = false;
    if (answer.error.code === 'run/already-started') {
      phase.value = 'already';
      view.value = null;
      showEarlier(answer.error.detail, signalOfRun);
      return;
    }
    view.value = null;
    failure.value = answer.error;
  };

  /** Another tab, or this one before a reload, ran the call: what the host still has of it is shown. */
  const showEarlier = (id: string | undefined, signalOfRun: AbortSignal) => {
    if (id === undefined || id === '') return;
    const earlier = createRunView({ signal: signalOfRun });
    watch(
      id as RunId,
      {
        ...earlier,
        apply: (event) => {
          view.value = earlier;
          runId = id as RunId;
          earlier.apply(event);
        },
      },
      signalOfRun,
      // The host no longer has it: that it ran is all there is to say, and the card says it.
      () => undefined,
    );
  };

  const report = (error: AppError) => {
    failure.value = error;
  };

  return {
    phase,
    code,
    view,
    failure,
    isBusy,
    times,
    offer(captured) {
      if (call === null) times.seenAt = performance.now();
      call = captured;
      code.value = captured.code;
      if (phase.value !== 'started' && phase.value !== 'already') phase.value = 'offered';
    },
    refuse(reason) {
      if (call === null) phase.value = reason === 'incomplete' ? 'incomplete' : 'tooLarge';
    },
    start,
    async stop() {
      isStopWanted = true;
      if (runId === null || !isBusy.value) return;
      const answer = await runs.stop({ runId });
      if (!answer.ok && answer.error.code !== 'run/not-found') report(answer.error);
    },
    async answer(text) {
      if (runId === null) return report(appError('run/not-found'));
      const answer = await runs.answerInput({ runId, text });
      if (!answer.ok) report(answer.error);
    },
    async restart() {
      const answer = await runs.restartSession({ sessionId: options.sessionId() });
      if (!answer.ok) report(answer.error);
    },
  };
}
