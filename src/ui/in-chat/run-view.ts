import { type Signal, signal } from '@preact/signals';
import type { Artifact, Display, NumberedRunEvent, RunEvent } from '../../contracts/run.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { createBatch } from '../kit/index.ts';
import { createOutputLog, type OutputLog, type StreamName } from './output-log.ts';

export type RunState = 'waiting' | 'starting' | 'running' | 'input' | 'ended';

type Queued = Omit<Extract<RunEvent, { kind: 'queued' }>, 'kind'>;
type Progress = Omit<Extract<RunEvent, { kind: 'progress' }>, 'kind'>;
/** Which number an event has in its run, and when the host noted it. */
type Place = Pick<NumberedRunEvent, 'n' | 'atMs'>;

export interface UsageSample {
  readonly memoryBytes: number;
  readonly cpuShare: number;
}

/** What a card shows of one run; made anew for each run. */
export interface RunView {
  readonly log: OutputLog;
  readonly state: Signal<RunState>;
  readonly startedAtMs: Signal<number | null>;
  /** `n` is the number of the event that asked. */
  readonly prompt: Signal<{ readonly n: number; readonly text: string; readonly isSecret: boolean } | null>;
  readonly displays: Signal<readonly Display[]>;
  readonly artifacts: Signal<readonly Artifact[]>;
  readonly notices: Signal<readonly string[]>;
  readonly truncated: Signal<{ readonly shownBytes: number; readonly path: string | null } | null>;
  readonly hasOutput: Signal<boolean>;
  readonly outcome: Signal<Outcome | null>;
  /** What the engine used while the run worked, oldest first. */
  readonly usage: Signal<readonly UsageSample[]>;
  /** What went over the network for it. */
  readonly networkBytes: Signal<number>;
  /** What a run that has not begun waits for. */
  readonly queued: Signal<Queued | null>;
  /** How far the present step is, where it takes a while. */
  readonly progress: Signal<Progress | null>;
  apply(event: RunEvent, at: Place): void;
}

interface RunViewOptions {
  readonly signal: AbortSignal;
  /** Called once, after the first text of stdout stands in the card. */
  readonly onFirstOutput?: () => void;
  readonly onFirstFigure?: () => void;
  readonly onEnded?: (outcome: Outcome) => void;
}

const FRAME_MS = 1000 / 60;
/** Text put into the DOM for each frame; a flood waits in memory, where it is bounded by what is shown at all. */
const FRAME_UTF16 = 256 * 1024;
const MOST_NOTICES = 50;
/** Samples of the line in the card: the last minute. */
const MOST_USAGE = 60;

function replaceOrAdd<T extends { readonly id: string }>(list: readonly T[], item: T, most: number): readonly T[] {
  const at = list.findIndex(({ id }) => id === item.id);
  if (at !== -1) return list.with(at, item);
  return list.length >= most ? list : [...list, item];
}

/** Turns the events of one run into what is shown; bursts of output are put in at most once for each frame. */
export function createRunView(options: RunViewOptions): RunView {
  const log = createOutputLog();
  const waiting: { stream: StreamName; text: string }[] = [];
  let waitingUtf16 = 0;
  let hadStdout = false;
  let ended: Outcome | null = null;

  const view: Omit<RunView, 'apply'> = {
    log,
    state: signal<RunState>('starting'),
    startedAtMs: signal<number | null>(null),
    prompt: signal(null),
    displays: signal<readonly Display[]>([]),
    artifacts: signal<readonly Artifact[]>([]),
    notices: signal<readonly string[]>([]),
    truncated: signal(null),
    hasOutput: signal(false),
    outcome: signal<Outcome | null>(null),
    usage: signal<readonly UsageSample[]>([]),
    networkBytes: signal(0),
    queued: signal<Queued | null>(null),
    progress: signal<Progress | null>(null),
  };

  const finish = () => {
    if (ended === null || waiting.length > 0) return;
    const outcome = ended;
    ended = null;
    view.prompt.value = null;
    view.outcome.value = outcome;
    view.state.value = 'ended';
    options.onEnded?.(outcome);
  };
  const putWaiting = () => {
    let left = FRAME_UTF16;
    while (waiting.length > 0 && left > 0) {
      const next = waiting[0];
      if (next === undefined) break;
      const text = next.text.slice(0, left);
      left -= text.length;
      waitingUtf16 -= text.length;
      if (text.length === next.text.length) waiting.shift();
      else waiting[0] = { stream: next.stream, text: next.text.slice(text.length) };
      log.append(next.stream, text);
      if (next.stream === 'stdout' && !hadStdout) {
        hadStdout = true;
        options.onFirstOutput?.();
      }
    }
  };
  const flush = () => {
    log.follow(putWaiting);
    view.hasOutput.value = true;
    if (waiting.length > 0) batch.request();
    finish();
  };
  const batch = createBatch(flush, { frameMs: FRAME_MS, signal: options.signal });

  const takeOutput = (stream: StreamName, text: string) => {
    // Beyond the shown bound nothing is kept, not even while it waits for its frame.
    const room = LIMITS.outputShownBytes.standard - log.shownUtf16 - waitingUtf16;
    const last = waiting.at(-1);
    // One over the bound is let through, so that the log knows that it was cut.
    const taken = text.slice(0, Math.max(1, room + 1));
    if (room < 0) return;
    waitingUtf16 += taken.length;
    if (last?.stream === stream) last.text += taken;
    else waiting.push({ stream, text: taken });
    batch.request();
  };

  const most = LIMITS.artifactCount.standard;
  const handlers: { readonly [K in RunEvent['kind']]: (event: Extract<RunEvent, { kind: K }>, at: Place) => void } = {
    state({ state }, { atMs }) {
      if (view.state.value === 'ended') return;
      view.state.value = state;
      view.progress.value = null;
      // The host's clock is this machine's: after a reload, and in another tab, the time goes on.
      if (state === 'running') view.startedAtMs.value ??= atMs;
    },
    output: ({ stream, text }) => takeOutput(stream, text),
    truncated: ({ shownBytes, path }) => {
      view.truncated.value = { shownBytes, path };
    },
    display: ({ display }) => {
      view.displays.value = replaceOrAdd(view.displays.value, display, most);
    },
    artifact: ({ artifact }) => {
      view.artifacts.value = replaceOrAdd(view.artifacts.value, artifact, most);
    },
    input({ prompt, isSecret }, { n }) {
      batch.flushNow();
      view.prompt.value = { n, text: prompt, isSecret };
      view.state.value = 'input';
    },
    inputAnswered() {
      view.prompt.value = null;
      if (view.state.value === 'input') view.state.value = 'running';
    },
    notice({ text }) {
      view.notices.value = [...view.notices.value, text].slice(-MOST_NOTICES);
    },
    usage({ memoryBytes, cpuShare }) {
      view.usage.value = [...view.usage.value, { memoryBytes, cpuShare }].slice(-MOST_USAGE);
    },
    network({ bytes }) {
      view.networkBytes.value = bytes;
    },
    queued({ ahead, waitsFor }) {
      view.queued.value = { ahead, waitsFor };
    },
    progress({ step, done, total }) {
      view.progress.value = done < total ? { step, done, total } : null;
    },
    ended({ outcome }) {
      ended = outcome;
      batch.flushNow();
      finish();
    },
  };
  const apply = (event: RunEvent, at: Place) =>
    (handlers[event.kind] as (event: RunEvent, at: Place) => void)(event, at);
  return { ...view, apply };
}
