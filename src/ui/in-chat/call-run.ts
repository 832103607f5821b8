import { type Signal, signal } from '@preact/signals';
import { fail } from '../../base/index.ts';
import type { CapturedCall } from '../../contracts/capture.ts';
import type { RunFollower, RunsDoor } from '../../contracts/doors/runs.ts';
import type { SettingsDoor } from '../../contracts/doors/settings.ts';
import { type AppError, type AppErrorCode, appError } from '../../contracts/errors.ts';
import type { CallKey, RunId, SessionId } from '../../contracts/ids.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import type { Language, RunEvent, RunLimit } from '../../contracts/run.ts';
import { limitsOf } from '../../contracts/run-limits.ts';
import type { Selection } from '../../contracts/selection.ts';
import { environmentCode } from './environment.ts';
import { createHoldBack, type SeenCode } from './hold-back.ts';
import { createRunView, type RunView } from './run-view.ts';

/** How far a call is; `ended` and what comes after a start are in the view. */
export type CallPhase = 'forming' | 'incomplete' | 'tooLarge' | 'offered' | 'started' | 'already';

export interface CallTimes {
  readonly seenAt: number;
  readonly firstOutputMs: Signal<number | null>;
  readonly firstFigureMs: Signal<number | null>;
  readonly endedMs: Signal<number | null>;
}

/** Code that is there to be run: a call of the site, or a block of an answer. */
export type OfferedCode = Pick<CapturedCall, 'code' | 'seedFrame'> & Partial<Pick<CapturedCall, 'thinking'>>;

/** One call of the page and what became of it here. */
export interface CallRun {
  readonly phase: Signal<CallPhase>;
  /** What runs at the next start; a person may have changed it. */
  readonly code: Signal<string>;
  /** Whether the code is open for changes. */
  readonly isEditing: Signal<boolean>;
  /** Null until it is found in the code. */
  readonly language: Signal<Language | null>;
  /** What should be known before it runs, where a press was held back for it; null else. */
  readonly held: Signal<Selection | null>;
  /** What of the code that runs, or ran last, will not work here: whole lines. Nothing is held back for these. */
  readonly shortfalls: Signal<readonly string[]>;
  /** What the host saw in the code that it read last; null before. */
  readonly seen: Signal<SeenCode | null>;
  readonly view: Signal<RunView | null>;
  readonly failure: Signal<AppError | null>;
  readonly isBusy: Signal<boolean>;
  readonly times: CallTimes;
  /** Fills in what a forming call turned out to be. */
  offer(call: OfferedCode): void;
  refuse(reason: 'incomplete' | 'too-large'): void;
  /** Shows the run of this call that the host knows, if any, running or ended; starts nothing. `isAwaited`: or gets soon. */
  showEarlier(isAwaited?: boolean): Promise<boolean>;
  /** A press is held back where the code cannot run here or has a risk to know of, unless the person `isSure`. */
  start(trigger: 'auto' | 'press', isSure?: boolean): Promise<void>;
  stop(): Promise<void>;
  /** Somebody came to see what began unseen: it goes before what nobody waits for. */
  hurry(): void;
  /** Has the code read for `seen`; starts and holds nothing. */
  look(): Promise<AppError | null>;
  answer(text: string | null): Promise<void>;
  /** When its machine was saved, so that a restart may go on from there; null where nothing is. False where that is not known: shown then. */
  savedAtMs(): Promise<number | null | false>;
  /** Ends the engine of its language; false where that was refused, which is then shown. */
  restart(keepsSaved?: boolean): Promise<boolean>;
  /** Whether this limit of its conversation is known to be below its bound. */
  mayRaise(limit: RunLimit): Promise<boolean>;
  /** Doubles the limit for its conversation and starts as a press does; false where that was refused, which is then shown. */
  raise(limit: RunLimit): Promise<boolean>;
  /** Follows nothing any more; what runs goes on. */
  close(): void;
}

interface CallRunOptions {
  readonly runs: RunsDoor;
  /** Null where only the code can tell. */
  readonly language?: Language | null;
  /** What the fence of a block said; it and the code decide where the language is null. */
  readonly label?: string | null;
  /** A block of code may be answered from the cache of results; a call of the site runs. */
  readonly mayBeCached?: boolean;
  readonly sessionId: () => SessionId;
  readonly callKey: (part?: string) => CallKey;
  /** Settles when the session may be named to the host. */
  readonly sessionReady: () => Promise<void>;
  readonly settings: Pick<SettingsDoor, 'get'>;
  /** A run that was started here ended. */
  readonly onEnded: (view: RunView, outcome: Outcome) => void;
  /** The host did not take a start, or was lost before it told the end; not told where the call runs elsewhere, or the person is asked first. */
  readonly onRefused?: (error: AppError) => void;
  readonly signal: AbortSignal;
}

/** Follows one call from its first sight to its outcome. All times are milliseconds since the call was seen whole. */
export function createCallRun(options: CallRunOptions): CallRun {
  const { runs } = options;
  let call: OfferedCode | null = null;
  let runId: RunId | null = null;
  let stopWatching: AbortController | null = null;
  let startedTimes = 0;
  let isStopWanted = false;
  /** It was asked for in a tab that nobody saw, and was not hurried since. */
  let isUnseen = false;
  let answeredPrompt: RunView['prompt']['value'] = null;
  const times = {
    seenAt: performance.now(),
    firstOutputMs: signal<number | null>(null),
    firstFigureMs: signal<number | null>(null),
    endedMs: signal<number | null>(null),
  };
  const phase = signal<CallPhase>('forming');
  const code = signal('');
  const isEditing = signal(false);
  const held = signal<Selection | null>(null);
  const shortfalls = signal<readonly string[]>([]);
  const seen = signal<SeenCode | null>(null);
  const language = signal<Language | null>(options.language === undefined ? 'python' : options.language);
  const view = signal<RunView | null>(null);
  const failure = signal<AppError | null>(null);
  const isBusy = signal(false);
  const sinceSeen = () => Math.round((performance.now() - times.seenAt) * 10) / 10;

  const openView = (signalOfRun: AbortSignal, onFailed: (made: RunView) => void): RunView => {
    times.firstOutputMs.value = null;
    times.firstFigureMs.value = null;
    times.endedMs.value = null;
    const made: RunView = createRunView({
      signal: signalOfRun,
      onFirstOutput: () => (times.firstOutputMs.value = sinceSeen()),
      onEnded: (outcome) => {
        times.endedMs.value = sinceSeen();
        isBusy.value = false;
        if (outcome.kind === 'crashed' && isLost(outcome.code)) {
          options.onRefused?.(appError(outcome.code));
          return;
        }
        options.onEnded(made, outcome);
        if (hasFailed(outcome)) onFailed(made);
      },
    });
    return made;
  };

  const followerOf = (into: RunView, signalOfRun: AbortSignal, onEvent?: (event: RunEvent) => void): RunFollower => ({
    signal: signalOfRun,
    onEvent: (numbered) => {
      onEvent?.(numbered.event);
      into.apply(numbered.event, numbered);
    },
    onLost: (error) => {
      isBusy.value = false;
      // Of an earlier run the host may have nothing left; then there is nothing to show, and nothing failed.
      if (view.value === into)
        into.apply({ kind: 'ended', outcome: lostOutcome(error, into) }, { n: 0, atMs: Date.now() });
    },
  });
  const openWatch = (): AbortSignal => {
    stopWatching?.abort();
    stopWatching = new AbortController();
    return AbortSignal.any([stopWatching.signal, options.signal]);
  };

  /** Another tab, or this one before a reload, ran the call: what the host still has of it is shown. */
  const showRun = (id: RunId, signalOfRun: AbortSignal) => {
    phase.value = 'already';
    const earlier = createRunView({ signal: signalOfRun, onEnded: () => (isBusy.value = false) });
    const onEvent = (event: RunEvent) => {
      if (view.value !== earlier) {
        view.value = earlier;
        isBusy.value = true;
      }
      if (event.kind === 'state' && event.state === 'waiting' && !document.hidden) hurry();
    };
    runId = id;
    // Perhaps it was asked for unseen, here or there.
    isUnseen = !call?.thinking;
    runs.watch({ runId: id, after: 0, ...followerOf(earlier, signalOfRun, onEvent) });
  };

  /**
   * Variables of the environment that a seed frame asks for; a run of its own, claimed apart, in the same session. Null where it
   * asks for none.
   */
  const prepare = (asked: Language, trigger: 'auto' | 'press', signalOfRun: AbortSignal) => {
    const prelude = call === null ? null : environmentCode(call, asked);
    return prelude === null || signalOfRun.aborted ? null : setVariables(prelude, asked, trigger);
  };
  const setVariables = async (
    prelude: string,
    asked: Language,
    trigger: 'auto' | 'press',
  ): Promise<AppError | null> => {
    const callKey = options.callKey('environment');
    // It sets variables and runs nothing; the card shows no code of it that a person could be asked about.
    const request = { code: prelude, callKey, stdin: [], isAgreed: true };
    const answer = await runs.start({ ...requestOf(asked, trigger), ...request });
    // Claimed by another tab: it stands before the call in the queue of the session.
    return answer.ok || answer.error.code === 'run/already-started' ? null : answer.error;
  };
  const requestOf = (asked: Language, trigger: 'auto' | 'press') => ({
    sessionId: options.sessionId(),
    language: asked,
    trigger,
    // Nobody looks at what it shows.
    ...(trigger === 'auto' && (call?.thinking || document.hidden) && { priority: 'background' as const }),
    limits: limitsOf(options.settings.get(), asked),
    ...(options.mayBeCached && { mayBeCached: true }),
  });

  const holdBack = createHoldBack(options, { code, language, held, shortfalls, seen, failure, isBusy });
  /** Nobody read code that started by itself before it ran (decision 0052). */
  const explain = async (body: string, ran: Language, of: RunView) => {
    const lines = await holdBack.explain(body, ran);
    if (view.value === of) shortfalls.value = lines;
  };
  const start = async (trigger: 'auto' | 'press', isSure = false): Promise<void> => {
    if (call === null || isBusy.value) return;
    held.value = null;
    // What was read is what runs: the field is closed before.
    isEditing.value = false;
    const body = code.value;
    if (!isSure) shortfalls.value = [];
    isStopWanted = false;
    if (trigger === 'press' && !isSure && (await holdBack.ask())) return;
    // Stop is there while the code is read, too.
    if (isStopWanted) return;
    if (language.value !== null) await run(trigger, language.value, body, isSure);
  };

  const refuse = (error: AppError) => {
    failure.value = error;
    options.onRefused?.(error);
  };

  const notStarted = async (error: AppError, signalOfRun: AbortSignal): Promise<void> => {
    if (error.code === 'run/already-started') {
      phase.value = 'already';
      const { detail } = error;
      if (detail !== undefined && detail !== '') showRun(detail as RunId, signalOfRun);
      return;
    }
    // The person decides, as after a press.
    if (error.code === 'run/commands-asked') {
      phase.value = 'offered';
      if (await holdBack.ask()) return;
    }
    refuse(error);
  };

  const run = async (trigger: 'auto' | 'press', asked: Language, body: string, isAgreed: boolean): Promise<void> => {
    isBusy.value = true;
    failure.value = null;
    runId = null;
    const signalOfRun = openWatch();
    if (startedTimes > 0) times.seenAt = performance.now();
    startedTimes += 1;
    const shown = openView(signalOfRun, (made) => {
      if (trigger === 'auto') void explain(body, asked, made);
    });
    view.value = shown;
    phase.value = 'started';
    // One step, in which the rest of the turn is told: what the call is known by may come right behind it.
    await options.sessionReady();
    const preparing = prepare(asked, trigger, signalOfRun);
    const refused = preparing && (await preparing);
    const own = { code: body, callKey: options.callKey(), stdin: null, ...(isAgreed && { isAgreed }) };
    const request = { ...requestOf(asked, trigger), ...own };
    isUnseen = request.priority === 'background' && !call?.thinking;
    const answer = refused === null ? await runs.start(request, followerOf(shown, signalOfRun)) : fail(refused);
    if (signalOfRun.aborted) return;
    if (answer.ok) {
      ({ runId } = answer.value);
      if (!document.hidden) hurry();
      if (isStopWanted) await runs.stop({ runId });
      return;
    }
    isBusy.value = false;
    view.value = null;
    await notStarted(answer.error, signalOfRun);
  };

  const hurry = () => {
    if (!isUnseen || runId === null || !isBusy.value) return;
    isUnseen = false;
    // Refused only where it is over or its host is away; neither has a turn to lose.
    void runs.hurry({ runId });
  };

  const report = (error: AppError) => {
    failure.value = error;
  };

  return {
    phase,
    code,
    isEditing,
    language,
    held,
    shortfalls,
    seen,
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
    hurry,
    look: () => holdBack.look(),
    async showEarlier(isAwaited = false) {
      if (phase.value !== 'offered' || isBusy.value) return false;
      const answer = await runs.findRun({ callKey: options.callKey(), ...(isAwaited && { isAwaited }) });
      if (!answer.ok || answer.value === null || options.signal.aborted) return false;
      // The person was faster.
      if (phase.value !== 'offered' || isBusy.value) return false;
      showRun(answer.value.runId, openWatch());
      return true;
    },
    async stop() {
      isStopWanted = true;
      if (runId === null || !isBusy.value) return;
      const answer = await runs.stop({ runId });
      if (!answer.ok && answer.error.code !== 'run/not-found') report(answer.error);
    },
    async answer(text) {
      const shown = view.value;
      const prompt = shown?.prompt.value ?? null;
      // One answer for each question: a second Enter must not answer the question that comes next.
      if (runId === null || shown === null || prompt === null || prompt === answeredPrompt) return;
      answeredPrompt = prompt;
      shown.prompt.value = null;
      failure.value = null;
      const answer = await runs.answerInput({ runId, question: prompt.n, text });
      if (answer.ok) return;
      report(answer.error);
      // Answered elsewhere: the next question, if any, is on its way; this one must not come back.
      if (answer.error.code === 'run/not-asking') return;
      answeredPrompt = null;
      if (shown.state.value === 'input') shown.prompt.value = prompt;
    },
    async savedAtMs() {
      if (language.value !== 'shell') return null;
      const facts = await runs.sessionFacts({ sessionId: options.sessionId() });
      if (!facts.ok) report(facts.error);
      return facts.ok && facts.value.savedAtMs;
    },
    async restart(keepsSaved = false) {
      const of = language.value;
      const answer = await runs.restartSession({
        sessionId: options.sessionId(),
        ...(of !== null && { language: of }),
        ...(keepsSaved && { keepsSaved }),
      });
      if (!answer.ok) report(answer.error);
      return answer.ok;
    },
    async mayRaise(limit) {
      const facts = await runs.sessionFacts({ sessionId: options.sessionId() });
      return facts.ok && facts.value.raisable.includes(limit);
    },
    async raise(limit) {
      const answer = await runs.choose({ sessionId: options.sessionId(), raise: limit });
      if (answer.ok) void start('press');
      else report(answer.error);
      return answer.ok;
    },
    close: () => stopWatching?.abort(),
  };
}

/** Ends that only this page saw. */
const isLost = (code: AppErrorCode): boolean => ['host/lost', 'host/unavailable', 'run/not-found'].includes(code);

/** Host or connection went away in the middle: with them went what the program held. */
function lostOutcome(error: AppError, view: RunView): Outcome {
  const startedAtMs = view.startedAtMs.value ?? Date.now();
  return {
    kind: 'crashed',
    code: error.code,
    detail: error.detail ?? null,
    sessionLost: true,
    timeMs: Date.now() - startedAtMs,
    memoryBytes: 0,
  };
}

/** Whether the code may be why it ended so. */
const hasFailed = (outcome: Outcome): boolean =>
  outcome.kind === 'completed' ? outcome.error !== null : outcome.kind === 'crashed' || outcome.kind === 'timedOut';
