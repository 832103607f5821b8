import { fail, ok, type Result } from '../../base/index.ts';
import type { BoxWorker } from '../../contracts/box.ts';
import { appError, type AppError } from '../../contracts/errors.ts';
import { FAILURES } from '../../contracts/failures.ts';
import type { SessionFiles } from '../../contracts/files.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { MachineUsage } from '../../contracts/meter.ts';
import type { AskNetwork } from '../../contracts/network.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import type { Language, RunEvent } from '../../contracts/run.ts';
import type { ExecuteRequest, RunnerSession, SavedEngine, SavedState } from '../../contracts/runner.ts';
import type { FromWorker, ToWorker } from '../../contracts/runner-protocol.ts';
import type { EngineTerminal, TerminalEvents, TerminalSize } from '../../contracts/terminal.ts';
import type { Keep } from './engine-keeping.ts';
import type { SaidOfLoss } from './engine-recovery.ts';
import { EngineSaving } from './engine-saving.ts';
import type { ImageSource } from './engine-source.ts';
import { EngineRun } from './engine-run.ts';
import { EngineTerminals } from './engine-terminals.ts';
import { EngineWeb } from './engine-web.ts';
import { type ServedFiles, SessionTree } from './session-tree.ts';
import { parseFromWorker, type Initialized } from './start-worker.ts';

/** What waits answers a stop within this; Stop is to take 100 ms at most (Python says its own). */
const HEARS_WITHIN_MS = 50;

export interface EngineSessionOptions {
  readonly worker: BoxWorker;
  readonly files: SessionFiles;
  readonly images: ImageSource;
  readonly stopGraceMs?: number | undefined;
  readonly hearsWithinMs?: number | undefined;
  /** For an engine that reaches the files by itself. */
  readonly serveFiles?: ((files: SessionFiles) => ServedFiles) | undefined;
  /** What an earlier engine of the session gave to keep. */
  readonly saved?: SavedEngine | null;
  /** Takes what this one gives to keep; absent for an engine that cannot be saved. */
  readonly keep?: Keep | undefined;
  /** Told once where it breaks down by itself, with when it was saved; says what is read of that. */
  readonly onBroken?: ((savedAtMs: number | null) => SaidOfLoss) | undefined;
}

/** One interpreter in its box, with the variables of one conversation. */
export class EngineSession implements RunnerSession {
  readonly #worker: BoxWorker;
  readonly #tree: SessionTree;
  readonly #served: ServedFiles | null;
  readonly #images: ImageSource;
  readonly #stopGraceMs: number;
  readonly #hearsWithinMs: number;
  readonly #terminals: EngineTerminals;
  readonly web: EngineWeb;
  readonly #over = new AbortController();
  readonly #validations = new Map<number, (error: AppError | null) => void>();
  /** Validations so far: what was asked first may be answered first. */
  #asked = 0;
  #run: EngineRun | null = null;
  #runs = 0;
  #memoryBytes = 0;
  #isAlive = true;
  #isResting = false;
  readonly isResumed: boolean;
  readonly #onBroken: EngineSessionOptions['onBroken'];
  readonly #saving: EngineSaving | null;
  readonly save: EngineSaving['save'] | undefined;
  readonly watchMachine: RunnerSession['watchMachine'];
  #onMachineUsage: ((usage: MachineUsage) => void) | null = null;
  #start: Initialized | null = null;

  constructor(options: EngineSessionOptions) {
    const { worker, files, images, stopGraceMs, hearsWithinMs, serveFiles, saved = null, keep } = options;
    this.#onBroken = options.onBroken;
    this.isResumed = saved !== null;
    this.#worker = worker;
    this.#saving =
      keep === undefined
        ? null
        : new EngineSaving({
            keep: {
              ask: () => keep.ask(),
              take: async (state) => {
                // What is saved goes on with the files as they are by now.
                if (state !== null) await this.#served?.flushed();
                return keep.take(state);
              },
            },
            savedAtMs: saved?.atMs ?? null,
            post: (message) => worker.post(message),
            isFree: () => this.#isAlive && this.#run === null,
            signal: this.#over.signal,
          });
    this.save = this.#saving?.save;
    this.#images = images;
    this.#terminals = new EngineTerminals(worker);
    this.web = new EngineWeb(worker);
    this.#stopGraceMs = stopGraceMs ?? LIMITS.stopGraceMs.standard;
    this.#hearsWithinMs = hearsWithinMs ?? HEARS_WITHIN_MS;
    this.#served = serveFiles?.(files) ?? null;
    // What reaches the files by itself is a machine.
    if (this.#served) this.watchMachine = (listener) => (this.#onMachineUsage = listener);
    this.#tree = new SessionTree(worker, files, images, this.#served);
    if (this.#served) {
      const message: ToWorker = { kind: 'files', port: this.#served.port, saved };
      worker.post(message, { transfer: [this.#served.port] });
    }
    worker.onMessage((message) => this.#take(message), { signal: this.#over.signal });
    void worker.closed.then((how) => this.#lost(how));
  }

  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  get isResting(): boolean {
    return this.#isAlive && this.#isResting;
  }

  get saved(): SavedState | null {
    return this.#saving?.state ?? null;
  }

  /** How the interpreter came up, perhaps ahead of this session; null until it is known. */
  get start(): Initialized | null {
    return this.#start;
  }

  takeStart(start: Initialized): void {
    this.#start = start;
    this.#memoryBytes = start.memoryBytes;
  }

  async execute(request: ExecuteRequest, options: Parameters<RunnerSession['execute']>[1]): Promise<Outcome> {
    const refusal = this.#refusal(request, options.signal);
    if (refusal) return refusal;
    this.#runs += 1;
    // A machine keeps its size: what is told of its runs is their programs' own.
    const isMachine = this.#served !== null;
    let programBytes = 0;
    const run = new EngineRun({
      number: this.#runs,
      worker: this.#worker,
      tree: this.#tree,
      request,
      signal: options.signal,
      onEvent: options.onEvent,
      onPhase: options.onPhase,
      network: options.network,
      answersLate: this.#served !== null,
      memoryBytes: () => (isMachine ? programBytes : this.#memoryBytes),
      onMemory: (bytes) => {
        if (isMachine) programBytes = bytes;
        else this.#memoryBytes = bytes;
      },
      stopGraceMs: this.#stopGraceMs,
      hearsWithinMs: this.#hearsWithinMs,
    });
    this.#run = run;
    if (this.#runs === 1) this.#tellOfSlowStart(options.onEvent);
    const copy = await this.#tree.snapshot(options.signal);
    const message: ToWorker = {
      kind: 'execute',
      run: this.#runs,
      language: request.language,
      code: request.code,
      stdin: request.stdin,
      timeMs: request.limits.timeMs,
      memoryMB: request.limits.memoryMB,
      files: copy?.files ?? null,
    };
    run.begin(message, copy?.leftOut ?? []);
    const outcome = this.#said(await run.ended, options.onEvent);
    this.#run = null;
    this.#tree.endRun();
    if (!isMachine) this.#memoryBytes = outcome.memoryBytes || this.#memoryBytes;
    if (run.isSpent || ('sessionLost' in outcome && outcome.sessionLost)) this.dispose();
    return outcome;
  }

  /** A saved state that never fits makes every start slow, and nobody would know why. */
  #tellOfSlowStart(onEvent: (event: RunEvent) => void): void {
    if (this.#start === null || this.#start.fallback === null) return;
    const { title, explanation, suggestions } = FAILURES['python/heap-mismatch'];
    onEvent({ kind: 'notice', text: `${title}. ${[explanation, ...suggestions].join(' ')}` });
  }

  /** Why a run cannot begin; null when it can. */
  #refusal(request: ExecuteRequest, signal: AbortSignal): Outcome | null {
    const none = { timeMs: 0, memoryBytes: this.#memoryBytes };
    if (signal.aborted) return { kind: 'cancelled', by: 'person', sessionLost: false, ...none };
    if (!this.#isAlive) return { kind: 'crashed', code: 'box/lost', detail: null, sessionLost: true, ...none };
    if (this.#run) return { kind: 'refused', code: 'run/bad-request', detail: 'one run at a time', ...none };
    if (request.code.length > LIMITS.codeUtf16.standard)
      return { kind: 'refused', code: 'run/code-too-large', detail: null, ...none };
    return null;
  }

  answerInput(text: string | null): void {
    this.#run?.answerInput(text);
  }

  openTerminal(size: TerminalSize, events: TerminalEvents, network?: AskNetwork): EngineTerminal {
    const terminal = this.#terminals.open(size, events, network);
    if (!this.#isAlive) this.#terminals.endAll();
    return terminal;
  }

  async validate(code: string, language: Language): Promise<Result<null, AppError>> {
    if (!this.#isAlive) return fail(appError('box/lost'));
    this.#asked += 1;
    const id = this.#asked;
    const answered = new Promise<AppError | null>((settle) => this.#validations.set(id, settle));
    const message: ToWorker = { kind: 'validate', id, language, code };
    this.#worker.post(message);
    const error = await answered;
    return error ? fail(error) : ok(null);
  }

  dispose(): void {
    this.#end('closed', null);
  }

  #lost(how: 'closed' | 'crashed'): void {
    this.#end(how, this.#worker.crashReason);
  }

  /** The same of an engine that broke down under its run, in the words for that. */
  #said(outcome: Outcome, onEvent: (event: RunEvent) => void): Outcome {
    if (outcome.kind !== 'crashed' || outcome.code !== 'runner/crashed') return outcome;
    const broken = this.#broke();
    if (broken === null) return outcome;
    onEvent({ kind: 'notice', text: broken.notice });
    return { ...outcome, code: broken.code };
  }

  /** What is said of it; null of an engine that does not go on in another one. */
  #broke(): SaidOfLoss | null {
    return this.#onBroken?.(this.#saving?.state.atMs ?? null) ?? null;
  }

  /** Whatever became of the worker: nobody waits for it any longer. */
  #end(how: 'closed' | 'crashed', reason: string | null): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.#over.abort();
    this.#worker.close();
    // A run says so itself, at its end.
    if (how === 'crashed' && this.#run === null) this.#broke();
    this.#run?.lost(how, reason);
    this.#served?.close();
    this.#terminals.endAll();
    this.web.endAll();
    for (const settle of this.#validations.values()) settle(appError('box/lost'));
    this.#validations.clear();
  }

  /** Where there is no shared memory, a package comes by message. */
  async #sendImage(name: string): Promise<void> {
    this.#answer({ kind: 'image', name, bytes: await this.#images.load(name) });
  }

  /** For a worker that waits until what it wrote is in the tree. */
  async #sayTaken(id: number): Promise<void> {
    await this.#tree.settled();
    this.#answer({ kind: 'filesTaken', id });
  }

  /** Nobody hears it where the worker has ended meanwhile. */
  #answer(message: Extract<ToWorker, { kind: 'image' | 'filesTaken' | 'network' }>): void {
    if (this.#isAlive) this.#worker.post(message, { isAnswer: true });
  }

  #take(raw: unknown): void {
    const message = parseFromWorker(raw);
    if (message === null) this.#run?.countForged();
    else if (message.kind === 'fatal') this.#takeFatal(message);
    else if (message.kind === 'web') this.web.take(message.id, message.news);
    else this.#takeChecked(message);
  }

  #takeChecked(message: Exclude<FromWorker, { kind: 'web' }>): void {
    switch (message.kind) {
      case 'validation':
        return this.#validated(message);
      case 'needImage':
        return void this.#sendImage(message.name);
      case 'filesSent':
        return void this.#sayTaken(message.id);
      case 'terminal':
        return this.#takeOfTerminal(message);
      case 'saved':
      case 'saveEnded':
        return this.#takeSaved(message);
      case 'resting':
      case 'machineUsage':
        return this.#takeState(message);
      case 'warmedUp':
        return noteWarmedUp(message.failed);
      case 'initialized':
      case 'startFailed':
        return;
      default:
        this.#takeOfRun(message);
    }
  }

  #takeFatal(message: Extract<FromWorker, { kind: 'fatal' }>): void {
    // While nothing ran in it: the next run finds another.
    if (this.#run === null) this.#end('crashed', message.detail);
    else this.#run.take(message);
  }

  #takeState(message: Extract<FromWorker, { kind: 'resting' | 'machineUsage' }>): void {
    if (message.kind === 'resting') this.#isResting = message.isResting;
    else this.#onMachineUsage?.(message.usage);
  }

  #takeSaved(message: Extract<FromWorker, { kind: 'saved' | 'saveEnded' }>): void {
    this.#saving?.take(message);
  }

  /** The network is asked for by terminals too, and by what a run left behind. */
  #takeOfRun(message: Parameters<EngineRun['take']>[0]): void {
    const isOfRun = this.#run !== null && message.run === this.#runs;
    if (message.kind === 'network' && !isOfRun) void this.#reachBeside(message);
    else if (message.kind === 'networkEnd' && !isOfRun) this.#terminals.network.endOne(message.id);
    else this.#run?.take(message);
  }

  async #reachBeside({ id, request }: Extract<FromWorker, { kind: 'network' }>): Promise<void> {
    this.#answer({ kind: 'network', id, answer: await this.#terminals.network.ask(request, id) });
  }

  #takeOfTerminal({ id, news }: Extract<FromWorker, { kind: 'terminal' }>): void {
    // A run at work hears itself that its machine is lost, and says so.
    if (this.#terminals.take(id, news) === 'lost' && !this.#run) this.#end('crashed', null);
  }

  #validated({ id, error }: Extract<FromWorker, { kind: 'validation' }>): void {
    const settle = this.#validations.get(id);
    this.#validations.delete(id);
    settle?.(error ? appError(error.code, `${error.message} (line ${error.line ?? '?'})`) : null);
  }
}

/** A run that needs what failed there says itself what is wrong; this is for whoever looks why starts are slow. */
function noteWarmedUp(failed: string | null): void {
  if (failed !== null) console.warn('an engine could not be used ahead of need', failed);
}
