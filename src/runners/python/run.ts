import type { BoxWorker } from '../../contracts/box.ts';
import type { AppErrorCode } from '../../contracts/errors.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { Outcome, ProgramError } from '../../contracts/outcome.ts';
import type { RunEvent } from '../../contracts/run.ts';
import type { ExecuteRequest } from '../../contracts/runner.ts';
import type { FromWorker, ToWorker, WorkerEvent } from '../../contracts/runner-protocol.ts';
import { RunEvents } from './run-events.ts';
import type { SessionTree } from './session-tree.ts';

/** A worker without shared memory must show within this time that it waits and can be interrupted. */
const HANDSHAKE_MS = 150;
/** The worker sees its own deadline; the host's comes this much later, for a worker that cannot look. */
const DEADLINE_SLACK_MS = 100;
/** Messages that the schema refused; a program that sends more is ended. */
const FORGED_MOST = 1000;

type Why =
  | { readonly kind: 'person' }
  | { readonly kind: 'time' }
  | { readonly kind: 'limit'; readonly code: AppErrorCode };
type Message = Extract<FromWorker, { kind: 'event' | 'result' | 'fatal' }>;

export interface PythonRunOptions {
  readonly number: number;
  readonly worker: BoxWorker;
  readonly tree: SessionTree;
  readonly request: ExecuteRequest;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/** One run, from `execute` to its one outcome: timers, the ladder of Stop, and what the worker says. */
export class PythonRun {
  readonly ended: Promise<Outcome>;
  readonly #options: PythonRunOptions;
  readonly #events: RunEvents;
  readonly #over = new AbortController();
  readonly #beganAtMs = performance.now();
  #settle: (outcome: Outcome) => void = () => undefined;
  #why: Why | null = null;
  #isStarted = false;
  #isEnded = false;
  #error: ProgramError | null = null;
  #exitCode = 0;
  #forged = 0;
  #grace: ReturnType<typeof setTimeout> | null = null;
  #clock: ReturnType<typeof setTimeout> | null = null;

  constructor(options: PythonRunOptions) {
    this.#options = options;
    this.#events = new RunEvents(options.number, options.onEvent);
    this.ended = new Promise((settle) => {
      this.#settle = settle;
    });
  }

  begin(message: ToWorker): void {
    const { signal, worker, tree, onEvent } = this.#options;
    if (this.#isEnded) return;
    if (signal.aborted) {
      this.#end({ kind: 'cancelled', by: 'person', sessionLost: false, ...this.#facts(0) });
      return;
    }
    tree.beginRun();
    signal.addEventListener('abort', () => this.#stop({ kind: 'person' }), { signal: this.#over.signal });
    onEvent({ kind: 'state', state: 'running' });
    worker.post(message);
    this.#clock = setTimeout(
      () => this.#stop({ kind: 'time' }),
      this.#options.request.limits.timeMs + DEADLINE_SLACK_MS,
    );
  }

  /** Gives the text to a program that waits for it; what it is worth the worker decides. */
  answerInput(text: string | null): void {
    const { worker, tree, number, onEvent } = this.#options;
    const bounded = text === null ? null : text.slice(0, LIMITS.inputBytes.standard);
    if (worker.hasSharedMemory) tree.answerInput(bounded);
    else {
      const message: ToWorker = { kind: 'inputAnswer', run: number, text: bounded };
      worker.post(message);
    }
    onEvent({ kind: 'inputAnswered' });
  }

  take(message: Message): void {
    if (message.run !== this.#options.number || this.#isEnded) return;
    if (message.kind === 'event') this.#takeEvent(message.event);
    else if (message.kind === 'result') void this.#finish(message);
    else this.#crash(message.detail);
  }

  countForged(): void {
    this.#forged += 1;
    if (this.#forged > FORGED_MOST) this.#kill();
  }

  /** The box is gone. */
  lost(how: 'closed' | 'crashed'): void {
    if (this.#isEnded) return;
    const facts = this.#facts(0);
    if (this.#why) this.#end(this.#stopped(this.#why, true, facts));
    else if (how === 'closed') this.#end({ kind: 'cancelled', by: 'world', sessionLost: true, ...facts });
    else this.#end({ kind: 'crashed', code: 'runner/crashed', detail: null, sessionLost: true, ...facts });
  }

  #takeEvent(event: WorkerEvent): void {
    switch (event.kind) {
      case 'progress':
        if (event.stage === 'started') {
          this.#isStarted = true;
          if (this.#why) this.#interrupt();
        } else if (this.#why && !this.#options.worker.hasSharedMemory) this.#giveGrace(LIMITS.stopGraceMs.standard);
        return;
      case 'limit':
        this.#stop({ kind: 'limit', code: event.code });
        return;
      case 'error':
        this.#error = event.error;
        return;
      case 'completed':
        this.#exitCode = event.exitCode;
        return;
      case 'fileOut':
        this.#options.tree.write(event.change);
        return;
      default:
        if (!this.#events.pass(event)) this.#stop({ kind: 'limit', code: 'run/too-many-artifacts' });
    }
  }

  async #finish(result: Extract<FromWorker, { kind: 'result' }>): Promise<void> {
    this.#options.worker.settle();
    this.#clearTimers();
    this.#over.abort();
    await this.#options.tree.settled();
    const facts = this.#facts(result.memoryBytes);
    const why = this.#why ?? (result.isTimedOut ? { kind: 'time' as const } : null);
    if (why) return this.#end(this.#stopped(why, false, facts));
    this.#end({ kind: 'completed', exitCode: this.#exitCode, result: result.result, error: this.#error, ...facts });
  }

  #crash(detail: string): void {
    const facts = this.#facts(0);
    this.#options.worker.close();
    if (this.#why) return this.#end(this.#stopped(this.#why, true, facts));
    this.#end({ kind: 'crashed', code: 'runner/crashed', detail: detail.slice(0, 2000), sessionLost: true, ...facts });
  }

  #stop(why: Why): void {
    if (this.#isEnded || this.#why) return;
    this.#why = why;
    // Before 'started' an interrupt would be cleared by the run's own beginning.
    if (this.#isStarted) this.#interrupt();
    else this.#giveGrace(LIMITS.stopGraceMs.standard);
  }

  #interrupt(): void {
    const { worker, tree } = this.#options;
    worker.interrupt();
    tree.releaseInput();
    this.#giveGrace(worker.hasSharedMemory ? LIMITS.stopGraceMs.standard : HANDSHAKE_MS);
  }

  #giveGrace(ms: number): void {
    if (this.#grace) clearTimeout(this.#grace);
    this.#grace = setTimeout(() => this.#kill(), ms);
  }

  /** The last step of the ladder: worker and variables end. */
  #kill(): void {
    if (this.#isEnded) return;
    const facts = this.#facts(0);
    this.#events.flush();
    const why = this.#why ?? { kind: 'limit' as const, code: 'runner/killed' as const };
    this.#why = why;
    this.#options.worker.close();
    void this.#options.tree.settled().then(() => this.#end(this.#stopped(why, true, facts)));
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
    if (this.#grace) clearTimeout(this.#grace);
    if (this.#clock) clearTimeout(this.#clock);
  }

  #end(outcome: Outcome): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#clearTimers();
    this.#over.abort();
    this.#events.flush();
    this.#settle(outcome);
  }
}
