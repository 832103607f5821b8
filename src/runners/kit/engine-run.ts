import { type PausableTimer, startPausableTimer } from '../../base/index.ts';
import type { BoxWorker } from '../../contracts/box.ts';
import type { AppErrorCode } from '../../contracts/errors.ts';
import { FAILURES } from '../../contracts/failures.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { Outcome, ProgramError } from '../../contracts/outcome.ts';
import type { RunEvent } from '../../contracts/run.ts';
import type { ExecuteRequest, RunPhase } from '../../contracts/runner.ts';
import type { AskNetwork } from '../../contracts/network.ts';
import type { FromWorker, PROGRESS_STAGES, ToWorker, WorkerEvent } from '../../contracts/runner-protocol.ts';
import { Grace } from './grace.ts';
import { RunEvents } from './run-events.ts';
import { RunNetwork } from './run-network.ts';
import { SilentUsage } from './silent-usage.ts';
import type { SessionTree } from './session-tree.ts';
import type { Refused } from './tree-changes.ts';

/** The worker sees its own deadline; the host's comes this much later, for a worker that cannot look. */
const DEADLINE_SLACK_MS = 100;
/** Said of an engine that ended its run well and can run no more. */
export const VARIABLES_GONE = 'The variables of this conversation are gone; files are kept.';
/** Messages that the schema refused; a program that sends more is ended. */
const FORGED_MOST = 1000;

type Why =
  | { readonly kind: 'person' }
  | { readonly kind: 'time' }
  /** `isOwn`: the worker itself said so, and ends the run by itself. */
  | { readonly kind: 'limit'; readonly code: AppErrorCode; readonly isOwn: boolean };
type ArtifactEvent = Extract<WorkerEvent, { kind: 'artifact' }>;
type Message = Extract<FromWorker, { kind: 'event' | 'result' | 'fatal' | 'network' | 'networkEnd' }>;

export interface EngineRunOptions {
  readonly number: number;
  readonly worker: BoxWorker;
  readonly tree: SessionTree;
  readonly request: ExecuteRequest;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
  readonly onPhase: ((phase: RunPhase) => void) | undefined;
  /** What the engine held when it was last told. */
  readonly memoryBytes: () => number;
  /** The engine told the size of its memory. */
  readonly onMemory: (bytes: number) => void;
  readonly network: AskNetwork | undefined;
  /** Its programs go on between runs: what they asked of the network is answered after the run too. */
  readonly answersLate: boolean;
  /** How long the engine may take to end a run that was stopped, before its worker is ended. */
  readonly stopGraceMs: number;
  /** How long a worker without shared memory may take to say that it heard of a stop. */
  readonly hearsWithinMs: number;
}

/** One run, from `execute` to its one outcome: timers, the ladder of Stop, and what the worker says. */
export class EngineRun {
  readonly ended: Promise<Outcome>;
  readonly #options: EngineRunOptions;
  readonly #events: RunEvents;
  readonly #over = new AbortController();
  readonly #network: RunNetwork;
  readonly #silent: SilentUsage;
  readonly #beganAtMs = performance.now();
  #settle: (outcome: Outcome) => void = () => undefined;
  #why: Why | null = null;
  #isStarted = false;
  #isEnded = false;
  #error: ProgramError | null = null;
  #exitCode = 0;
  #isSpent = false;
  #forged = 0;
  readonly #files: ArtifactEvent[] = [];
  /** The worker ends unless it ends its run within it. */
  readonly #grace = new Grace(() => this.#kill());
  /** Stands still while a person is asked. */
  #clock: PausableTimer | null = null;
  #hasHeard = false;
  /** The program's time has begun. */
  #hasTime = false;
  #isSaving = false;
  #isAsking = false;
  /** By its own word, taken back when it goes on. */
  #isWaiting = false;

  constructor(options: EngineRunOptions) {
    this.#options = options;
    this.#events = new RunEvents(options.number, options.onEvent);
    this.#network = new RunNetwork(options.network);
    this.#silent = new SilentUsage((cpuShare) =>
      this.#events.pass({ kind: 'usage', memoryBytes: options.memoryBytes(), cpuShare }),
    );
    this.ended = new Promise((settle) => {
      this.#settle = settle;
    });
  }

  /** `leftOut` names files that the program will not find. Where it was stopped before it began, what was copied for it is not sent. */
  begin(message: ToWorker, leftOut: readonly string[] = []): void {
    const { signal, worker, tree, onEvent } = this.#options;
    if (this.#isEnded) return;
    if (signal.aborted) {
      tree.dropSnapshot();
      this.#end({ kind: 'cancelled', by: 'person', sessionLost: false, ...this.#facts(0) });
      return;
    }
    tree.beginRun(this.#network);
    signal.addEventListener('abort', () => this.#stop({ kind: 'person' }), { signal: this.#over.signal });
    onEvent({ kind: 'state', state: 'running' });
    if (leftOut.length > 0) {
      const named = namedPaths(leftOut[0] ?? '', leftOut.length - 1);
      onEvent({ kind: 'notice', text: `Too large to be copied in, so the program does not see: ${named}.` });
    }
    worker.post(message);
    const isCopyingIn = message.kind === 'execute' && message.files !== null;
    if (isCopyingIn) this.#setClock(LIMITS.copyingInMs.standard, () => this.#kill());
    else this.#beginTime();
  }

  /** Once: a worker may say what it likes. */
  #beginTime(): void {
    if (this.#hasTime || this.#isSaving) return;
    this.#hasTime = true;
    this.#setClock(this.#options.request.limits.timeMs + DEADLINE_SLACK_MS, () => this.#stop({ kind: 'time' }));
    this.#options.onPhase?.('working');
  }

  #setClock(ms: number, onLate: () => void): void {
    this.#clock?.pause();
    this.#clock = startPausableTimer(ms, onLate, globalThis);
  }

  /** True once the engine has said that it can run no more. */
  get isSpent(): boolean {
    return this.#isSpent;
  }

  /** Gives the text to a program that waits for it; an answer to no question is dropped, it would answer the next one. */
  answerInput(text: string | null): void {
    if (!this.#isAsking) return;
    this.#isAsking = false;
    const { worker, tree, number, onEvent } = this.#options;
    const bounded = text === null ? null : text.slice(0, LIMITS.inputBytes.standard);
    if (worker.hasSharedMemory) tree.answerInput(bounded);
    else {
      const message: ToWorker = { kind: 'inputAnswer', run: number, text: bounded };
      worker.post(message);
    }
    this.#clock?.resume();
    this.#silent.works();
    onEvent({ kind: 'inputAnswered' });
  }

  take(message: Message): void {
    if (message.run !== this.#options.number || this.#isEnded) return;
    if (message.kind === 'event') this.#takeEvent(message.event);
    else if (message.kind === 'network') void this.#reach(message);
    else if (message.kind === 'networkEnd') this.#network.endOne(message.id);
    else if (message.kind === 'result') this.#finish(message);
    else this.#crash(message.detail);
  }

  async #reach({ id, request }: Extract<FromWorker, { kind: 'network' }>): Promise<void> {
    const message: ToWorker = { kind: 'network', id, answer: await this.#network.ask(request, id) };
    if (!this.#isEnded || this.#options.answersLate) this.#options.worker.post(message, { isAnswer: true });
  }

  countForged(): void {
    this.#forged += 1;
    if (this.#forged > FORGED_MOST) this.#kill();
  }

  /** The box is gone; `reason` says why it crashed. */
  lost(how: 'closed' | 'crashed', reason: string | null): void {
    // It came to its end before, and waits for its files: a worker that is closed for that end changes nothing of it.
    if (this.#isEnded || this.#over.signal.aborted) return;
    const facts = this.#facts(0);
    const why = this.#why;
    if (why) this.#endWithFiles(() => this.#stopped(why, true, facts));
    else if (how === 'closed') this.#end({ kind: 'cancelled', by: 'world', sessionLost: true, ...facts });
    else
      this.#endWithFiles(() => ({
        kind: 'crashed',
        code: 'runner/crashed',
        detail: reason,
        sessionLost: true,
        ...facts,
      }));
  }

  #takeEvent(event: WorkerEvent): void {
    switch (event.kind) {
      case 'progress':
        this.#takeProgress(event.stage);
        return;
      case 'limit':
        this.#stop({ kind: 'limit', code: event.code, isOwn: true });
        return;
      case 'error':
        this.#error = event.error;
        return;
      case 'completed':
        this.#exitCode = event.exitCode;
        return;
      case 'input':
        this.#clock?.pause();
        this.#isAsking = true;
        this.#silent.rests();
        this.#events.pass(event);
        return;
      case 'usage':
        this.#options.onMemory(event.memoryBytes);
        this.#silent.works();
        this.#events.pass(event);
        return;
      case 'fileOut':
        this.#options.tree.write(event.change);
        return;
      case 'artifact':
        this.#takeArtifact(event);
        return;
      default:
        this.#pass(event);
    }
  }

  #takeProgress(stage: (typeof PROGRESS_STAGES)[number]): void {
    switch (stage) {
      case 'started':
        this.#isStarted = true;
        // Where files are copied in, they are in its worker only now.
        this.#beginTime();
        this.#silent.works();
        if (this.#why) this.#interrupt(this.#why);
        return;
      case 'waiting':
        this.#isWaiting = true;
        // A stop that overtook this word reaches it all the same.
        this.#hears();
        return this.#silent.waits();
      case 'working':
        this.#isWaiting = false;
        return this.#silent.works();
      case 'interrupting':
        return this.#hears();
      case 'saving':
        this.#silent.waits();
        return this.#giveTimeToSave();
    }
  }

  /** The program is at its end; what it wrote may take longer than it had. Once, and not for ever: a worker may say what it likes. */
  #giveTimeToSave(): void {
    if (this.#isSaving || this.#options.worker.hasSharedMemory) return;
    this.#isSaving = true;
    // A person who stops waits for nothing; any other end keeps the files.
    if (this.#why?.kind !== 'person') this.#grace.end();
    this.#setClock(LIMITS.savingMs.standard, () => (this.#why ? this.#kill() : this.#stop({ kind: 'time' })));
    this.#options.onPhase?.('saving');
  }

  /** A file is announced when the tree has it: one that was refused is no result. */
  #takeArtifact(event: ArtifactEvent): void {
    const waits = event.artifact.kind === 'file' && this.#files.length < LIMITS.artifactCount.standard;
    if (waits) this.#files.push(event);
    else this.#pass(event);
  }

  #pass(event: Parameters<RunEvents['pass']>[0]): void {
    if (!this.#events.pass(event)) this.#stop({ kind: 'limit', code: 'run/too-many-artifacts', isOwn: false });
  }

  /** Every change has been tried when this settles; files are announced and what was refused is said. */
  async #fileResults(): Promise<Refused | null> {
    const { tree, onPhase } = this.#options;
    // The program is over, and the tree may be far behind it.
    onPhase?.('saving');
    const served = await tree.served();
    const refused = await tree.settled();
    if (this.#isEnded) return refused;
    for (const event of this.#files.splice(0)) {
      if (event.artifact.path === null || !tree.isRefused(event.artifact.path)) this.#events.pass(event);
    }
    for (const event of served) this.#events.pass(event);
    if (refused) {
      const text = `Not saved: ${namedPaths(refused.path, refused.others)}. ${FAILURES[refused.code].explanation}`;
      this.#events.pass({ kind: 'notice', text });
    }
    return refused;
  }

  #finish(result: Extract<FromWorker, { kind: 'result' }>): void {
    this.#options.worker.settle();
    this.#isSpent = result.isSpent === true;
    this.#endWithFiles((refused) => {
      const facts = this.#facts(result.memoryBytes);
      const why = this.#whyEnded(result.isStopped);
      if (why) return this.#stopped(why, this.#isSpent, facts);
      const lost = refused?.isOfProgram && !this.#error ? notSaved(refused) : null;
      const exitCode = lost ? 1 : this.#exitCode;
      // That it completed does not say so, and the next run finds a new engine.
      if (this.#isSpent) this.#events.pass({ kind: 'notice', text: VARIABLES_GONE });
      return { kind: 'completed', exitCode, result: result.result, error: lost ?? this.#error, ...facts };
    });
  }

  /** Null for a program that came to its own end. The clock here may run out while word of that is on its way; the worker knows. */
  #whyEnded(isStopped: boolean): Why | null {
    if (this.#why?.kind === 'time' && !isStopped) return null;
    return this.#why ?? (isStopped ? { kind: 'time' } : null);
  }

  #crash(detail: string): void {
    this.lost('crashed', detail.slice(0, 2000));
    this.#options.worker.close();
  }

  #stop(why: Why): void {
    if (this.#isEnded || this.#why) return;
    this.#why = why;
    // Before 'started' an interrupt would be cleared by the run's own beginning.
    if (this.#isStarted) this.#interrupt(why);
    else this.#grace.give(LIMITS.stopGraceMs.standard);
  }

  #interrupt(why: Why): void {
    const { worker, tree, stopGraceMs, hearsWithinMs } = this.#options;
    worker.interrupt();
    this.#network.end();
    tree.releaseInput();
    // What waits, for a person or for its time, hears of it; one that went on meanwhile costs the whole grace. Of its own
    // limits and its time a worker knows without a word: one that is only slow to end keeps its variables (decision 0070).
    const isKnown = why.kind === 'time' || (why.kind === 'limit' && why.isOwn);
    const isHeard = worker.hasSharedMemory || this.#isAsking || this.#isWaiting || isKnown;
    this.#grace.give(isHeard ? stopGraceMs : Math.min(stopGraceMs, hearsWithinMs));
  }

  /** It has its whole time from when it heard. Once: a worker may say what it likes. */
  #hears(): void {
    if (!this.#why || this.#hasHeard || this.#isSaving || this.#options.worker.hasSharedMemory) return;
    this.#hasHeard = true;
    this.#grace.give(this.#options.stopGraceMs);
  }

  /** The last step of the ladder: worker and variables end. */
  #kill(): void {
    if (this.#isEnded) return;
    const facts = this.#facts(0);
    this.#events.flush();
    const why = this.#why ?? { kind: 'limit' as const, code: 'runner/killed' as const, isOwn: false };
    this.#why = why;
    this.#options.worker.close();
    this.#endWithFiles(() => this.#stopped(why, true, facts));
  }

  /** Ends the run once what it wrote is in the tree. The first end counts: a worker that is closed for it is lost as well. */
  #endWithFiles(outcome: (refused: Refused | null) => Outcome): void {
    if (this.#over.signal.aborted) return;
    this.#clearTimers();
    this.#over.abort();
    void this.#fileResults().then((refused) => this.#end(outcome(refused)));
  }

  #stopped(why: Why, sessionLost: boolean, facts: { timeMs: number; memoryBytes: number }): Outcome {
    if (why.kind === 'person') return { kind: 'cancelled', by: 'person', sessionLost, ...facts };
    if (why.kind === 'limit') return { kind: 'crashed', code: why.code, detail: null, sessionLost, ...facts };
    return { kind: 'timedOut', limitMs: this.#options.request.limits.timeMs, sessionLost, ...facts };
  }

  #facts(memoryBytes: number): { timeMs: number; memoryBytes: number } {
    return { timeMs: Math.round((performance.now() - this.#beganAtMs) * 10) / 10, memoryBytes };
  }

  #clearTimers(): void {
    this.#grace.end();
    this.#clock?.pause();
    this.#silent.rests();
  }

  #end(outcome: Outcome): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#network.end();
    this.#clearTimers();
    this.#over.abort();
    this.#events.flush();
    this.#settle(outcome);
  }
}

const namedPaths = (path: string, others: number): string => (others > 0 ? `${path} and ${others} more` : path);

/** The program ended well but believes in a file that is not there; the table has the words for it. */
function notSaved({ code, path, others }: Refused): ProgramError {
  const message = namedPaths(path, others);
  return { code, title: '', message, traceback: null, line: null, column: null, suggestions: [] };
}
