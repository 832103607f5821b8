import { fail, type Result } from '../../base/index.ts';
import { Channel } from '../channel/channel.ts';
import { AGENT_VERSION, type GuestMessage } from '../channel/messages.ts';
import { type Mount, mountRequest, numbers, pathRequest, timeRequest, unmountRequest } from '../channel/requests.ts';
import { ask, type AskFailure } from '../exec/ask.ts';
import { type Exec, type ExecSpec, startExec } from '../exec/exec.ts';
import {
  connectStream,
  type GuestStream,
  listenInGuest,
  type OnConnection,
  type StreamFailure,
} from '../exec/streams.ts';
import type { TakeOutput } from '../exec/windows.ts';
import { ConsoleText } from './console-text.ts';
import { Emulator } from './emulator.ts';
import { startHeartbeat } from './heartbeat.ts';
import { MachineError, type MachineLoss, type MachineOptions } from './machine-options.ts';
import { parseSurvey, type Survey } from './survey.ts';
import { Words } from './words.ts';

export const MAX_RESTARTS = 3;
const ANSWER_MS = 10_000;
const BOOT_MS = 120_000;
/** Of mounts, which wait for the share, and of writing zeroes over all free memory. */
const WORK_MS = 60_000;
const HEARTBEAT_MS = 2_000;
const HANG_MS = 10_000;
const ENTROPY_BYTES = 64;
/** Of the console, in what a loss says. */
const LOSS_CHARACTERS = 2_000;

type Phase = 'starting' | 'running' | 'stopped' | 'restoring' | 'failed' | 'disposed';

/** A Linux machine: programs, streams, states. Whatever its guest does, its methods and listeners are what is affected. */
export class Machine {
  readonly #options: MachineOptions;
  readonly #channel: Channel;
  readonly #console: ConsoleText;
  readonly #words: Words;
  readonly #life = new AbortController();
  #emulator: Emulator | null = null;
  #phase: Phase = 'starting';
  #restarts = 0;
  #isWorking = false;
  #lastHeardAt = 0;
  #onHello: () => void = () => undefined;
  /** What it was lost by since it began to start or to be put back: that fails by it, though the guest has answered. */
  #lostWhileAway: string | null = null;
  /** The state that it starts from, read while the emulator is made. */
  #firstState: ReturnType<Extract<MachineOptions['state'], () => unknown>> | null = null;
  /** The last of what was asked to stop, run, save or go back: one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  /** Not for use; see `openMachine`. */
  constructor(options: MachineOptions) {
    this.#options = options;
    this.#console = new ConsoleText(
      (text) => options.onConsole?.(text),
      () => this.#lose('panicked', 'the kernel says so'),
    );
    this.#words = new Words({
      settled: () => options.shareSettled?.() ?? null,
      hear: (bytes) => this.#channel.receive(bytes),
      onFault: (error) => this.#lose('faulted', String(error)),
    });
    this.#channel = new Channel({
      write: (bytes) => this.#emulator?.write(bytes),
      onViolation: (detail) => this.#lose('hostile', detail),
      onAgent: (message) => this.#hearAgent(message),
      firstId: crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
    });
  }

  get phase(): Phase {
    return this.#phase;
  }

  get #isAway(): boolean {
    return this.#phase !== 'running' && this.#phase !== 'stopped';
  }

  /** How much of the disk the guest has written, and so what a state holds of it. */
  get writtenDiskBytes(): number {
    return this.#emulator?.writtenDiskBytes ?? 0;
  }

  /** The last of what the kernel's console showed. */
  get consoleTail(): string {
    return this.#console.tail();
  }

  /** Starts a program. While the machine is away it is lost at once. Throws RangeError for a zero byte in its words. */
  exec(spec: ExecSpec): Exec {
    return startExec(this.#channel, spec, this.#isAway);
  }

  /** Connects to a port of the guest's 127.0.0.1. */
  connect(port: number, take: TakeOutput): Promise<Result<GuestStream, StreamFailure>> {
    return this.#isAway ? Promise.resolve(fail({ kind: 'lost' })) : connectStream(this.#channel, port, take);
  }

  /** Listens on a port of the guest's 127.0.0.1; resolves to what ends that. A restore ends it too. */
  listen(port: number, onConnection: OnConnection): Promise<Result<() => void, StreamFailure>> {
    return this.#isAway ? Promise.resolve(fail({ kind: 'lost' })) : listenInGuest(this.#channel, port, onConnection);
  }

  /** Stands still: takes no processor time, keeps everything. */
  stop(): Promise<void> {
    return this.#inTurn(() => this.#stop());
  }

  /** Goes on after `stop`, with the time of now. Rejects with MachineError when the guest does not answer. */
  run(): Promise<void> {
    return this.#inTurn(() => this.#run());
  }

  /** Back to the state that it was opened with, once where it is being put back already; everything that ran is lost. */
  reset(): Promise<void> {
    const wasRestoring = this.#phase === 'restoring';
    return this.#inTurn(async () => {
      if (wasRestoring && this.#phase === 'running') return;
      if (this.#phase === 'failed' || this.#phase === 'disposed')
        throw new MachineError(`the machine is ${this.#phase}`);
      try {
        await this.#restore();
      } catch (error) {
        await this.#recover({ kind: 'hung', detail: String(error) });
        if (this.#isAway) throw error;
      }
    });
  }

  /**
   * Writes back files and fills free memory with zeroes, so that a state is small; with `dropCaches` it is smallest, and
   * the next programs are slower to start. MiB that were filled.
   */
  async zeroFree(dropCaches: boolean): Promise<number> {
    const answer = await this.#work('Z', new Uint8Array([dropCaches ? 1 : 0]));
    return answer.length >= 4 ? new DataView(answer.buffer, answer.byteOffset, 4).getUint32(0, true) : 0;
  }

  /** The machine's state. It stands for as long as that takes, and goes on if it ran. */
  save(): Promise<Uint8Array> {
    return this.#inTurn(async () => {
      const emulator = this.#emulator;
      const wasRunning = this.#phase === 'running';
      if (wasRunning && !(await emulator?.hold(ANSWER_MS))) {
        emulator?.release();
        throw new MachineError('the agent takes no frames', { kind: 'silent', afterMs: ANSWER_MS });
      }
      try {
        await this.#stop();
        if (!emulator || this.#phase !== 'stopped') throw new MachineError(`the machine is ${this.#phase}`);
        const state = await emulator.save();
        this.#throwIfDisposed();
        return state;
      } finally {
        emulator?.release();
        if (wasRunning) await this.#run();
      }
    });
  }

  async mount(mount: Mount): Promise<void> {
    await this.#work('M', mountRequest(mount));
  }

  /** `lazily`: also while something is open in it. */
  async unmount(target: string, lazily: boolean): Promise<void> {
    await this.#work('U', unmountRequest(target, lazily));
  }

  /** The first 16 KiB of a file of the guest, read by its agent: for /proc and /sys. */
  async readFile(path: string): Promise<Uint8Array> {
    this.#throwIfAway();
    return this.#ask('G', pathRequest(path), ANSWER_MS);
  }

  /** What the guest has and uses; with `dropsCaches` after it let go of the caches of files. No program is started for it. */
  async survey(dropsCaches: boolean): Promise<Survey> {
    this.#throwIfAway();
    const survey = parseSurvey(await this.#ask('S', new Uint8Array([dropsCaches ? 1 : 0]), ANSWER_MS));
    if (survey === null) throw new MachineError('S: no answer of an agent of ours');
    return survey;
  }

  /** Ends it for good; what ran is lost. */
  async dispose(): Promise<void> {
    if (this.#phase === 'disposed') return;
    this.#phase = 'disposed';
    this.#life.abort();
    this.#channel.reset();
    await this.#emulator?.stop();
    this.#words.forget();
    this.#emulator?.dispose();
    this.#emulator = null;
  }

  /** First start; called once, by `openMachine`. */
  async start(): Promise<void> {
    const { vgaMemoryMB = 2, disk = null, boot, processorShare, state } = this.#options;
    if (!boot && typeof state === 'function') this.#firstState = state();
    this.#firstState?.catch(() => undefined); // told where it is waited for
    this.#emulator = await Emulator.create({
      ...this.#options,
      vgaMemoryMB,
      disk,
      onBytes: (bytes) => this.#hear(bytes),
      onConsole: (bytes) => this.#console.add(bytes),
      onFault: (error) => this.#lose('faulted', String(error)),
    });
    if (boot) await this.#boot(this.#emulator);
    else await this.#restore();
    if (processorShare !== undefined) this.#emulator.limitProcessor(processorShare);
    startHeartbeat({
      ping: () => this.#channel.send('P', 0, numbers(0, 0)),
      lastHeardAt: () => this.#lastHeardAt,
      isPaused: () => this.#isWorking || this.#phase !== 'running',
      onSilence: (ms) => this.#lose('hung', `silent for ${Math.round(ms)} ms`),
      signal: this.#life.signal,
      everyMs: HEARTBEAT_MS,
      hangMs: this.#options.hangMs ?? HANG_MS,
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    // Who asked hears of its failure; the next one begins all the same.
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #stop(): Promise<void> {
    if (this.#phase !== 'running') return;
    this.#phase = 'stopped';
    await this.#emulator?.stop();
  }

  async #run(): Promise<void> {
    if (this.#phase !== 'stopped') return;
    this.#phase = 'running';
    await this.#emulator?.run();
    await this.#greet();
  }

  async #boot(emulator: Emulator): Promise<void> {
    const hello = new Promise<void>((resolve) => (this.#onHello = resolve));
    await emulator.run();
    await withDeadline(hello, BOOT_MS, () => new MachineError(`no agent after ${BOOT_MS} ms: ${this.consoleTail}`));
    await this.#makeReady();
  }

  async #restore(): Promise<void> {
    const { state } = this.#options;
    const emulator = this.#emulator;
    this.#throwIfDisposed();
    if (!state || !emulator) throw new MachineError('there is no state to go back to');
    if (this.#phase !== 'starting') this.#phase = 'restoring';
    await emulator.stop();
    this.#words.forget();
    this.#channel.reset();
    const first = this.#firstState;
    this.#firstState = null;
    const bytes = await (first ?? (typeof state === 'function' ? state() : state));
    this.#throwIfDisposed();
    await emulator.restore(bytes);
    this.#throwIfDisposed();
    this.#lostWhileAway = null;
    await emulator.run();
    await this.#makeReady();
  }

  /** From the guest's first words on: it is asked whether it is ours, told the time, and mounts what it should. */
  async #makeReady(): Promise<void> {
    await this.#greet();
    for (const mount of this.#options.mounts ?? []) await this.#ask('M', mountRequest(mount), WORK_MS);
    this.#throwIfDisposed();
    if (this.#lostWhileAway !== null) throw new MachineError(this.#lostWhileAway);
    this.#phase = 'running';
  }

  /** The same state gives every machine the same random numbers and the clock of the day it was made. */
  async #greet(): Promise<void> {
    this.#throwIfDisposed();
    const pong = await ask(this.#channel, 'P', numbers(1, 1), ANSWER_MS);
    if (!pong.ok) throw new MachineError(`the agent does not answer (${describe(pong.error)}): ${this.consoleTail}`);
    if (pong.value.kind !== 'pong' || pong.value.version !== AGENT_VERSION) {
      throw new MachineError('the image has an agent of another version');
    }
    const now = this.#options.now?.() ?? Date.now();
    await this.#ask('T', timeRequest(now, crypto.getRandomValues(new Uint8Array(ENTROPY_BYTES))), ANSWER_MS);
  }

  #hear(bytes: Uint8Array): void {
    this.#lastHeardAt = performance.now();
    this.#words.take(bytes);
  }

  #hearAgent(message: GuestMessage): boolean {
    if (message.kind === 'hello') this.#onHello();
    return message.kind === 'hello' || message.kind === 'pong';
  }

  /** Called from inside the machine's loop too: what follows happens after it. */
  #lose(kind: MachineLoss['kind'], what: string): void {
    const loss = { kind, detail: `${what}\n${this.consoleTail.slice(-LOSS_CHARACTERS)}` };
    const wasThere = !this.#isAway;
    if (wasThere) this.#phase = 'restoring';
    else this.#lostWhileAway = loss.detail;
    queueMicrotask(() => {
      if (this.#life.signal.aborted) return;
      // First, whatever those who are told do. A reset that was asked for before may have put it back by its turn.
      if (wasThere) void this.#inTurn(async () => this.#phase === 'restoring' && this.#recover(loss));
      if (wasThere) this.#options.onLoss?.(loss);
      // What waits for an answer fails; while it starts or is put back, whoever started that goes on from there.
      this.#channel.reset();
    });
  }

  async #recover(loss: MachineLoss): Promise<void> {
    while (this.#options.state && this.#restarts < MAX_RESTARTS) {
      this.#restarts += 1;
      const problem = await this.#restore().catch((error: unknown) => String(error));
      if (this.#life.signal.aborted) return;
      if (problem === undefined) {
        this.#options.onFailure?.({ loss, outcome: 'restored', restarts: this.#restarts });
        return;
      }
      loss = { kind: loss.kind, detail: `${loss.detail}\n${problem}` };
    }
    if (this.#life.signal.aborted) return;
    this.#phase = 'failed';
    this.#channel.reset();
    await this.#emulator?.stop();
    this.#options.onFailure?.({ loss, outcome: 'gaveUp', restarts: this.#restarts });
  }

  /** Long work of the agent: it hears nothing else meanwhile. */
  async #work(type: string, payload: Uint8Array): Promise<Uint8Array> {
    this.#throwIfAway();
    this.#isWorking = true;
    try {
      return await this.#ask(type, payload, WORK_MS);
    } finally {
      this.#isWorking = false;
    }
  }

  async #ask(type: string, payload: Uint8Array, withinMs: number): Promise<Uint8Array> {
    this.#throwIfDisposed();
    const answer = await ask(this.#channel, type, payload, withinMs);
    if (!answer.ok) throw new MachineError(`${type}: ${describe(answer.error)}`, answer.error);
    return answer.value.kind === 'result' ? answer.value.bytes : new Uint8Array(0);
  }

  #throwIfAway(): void {
    if (this.#isAway) throw new MachineError(`the machine is ${this.#phase}`, { kind: 'lost' });
  }

  #throwIfDisposed(): void {
    if (this.#life.signal.aborted) throw new MachineError('the machine was ended');
  }
}

function describe(failure: AskFailure): string {
  switch (failure.kind) {
    case 'errno':
      return `errno ${failure.errno}`;
    case 'silent':
      return `silent for ${failure.afterMs} ms`;
    case 'lost':
      return 'the machine was lost';
  }
}

async function withDeadline<T>(promise: Promise<T>, ms: number, late: () => Error): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(late()), ms)));
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Makes a machine and restores it (or boots it); it is ready when this resolves. Rejects with MachineError when the state
 * does not load or its agent does not answer. Whoever opens it ends it by `dispose`.
 */
export async function openMachine(options: MachineOptions): Promise<Machine> {
  const machine = new Machine(options);
  try {
    await machine.start();
    return machine;
  } catch (error) {
    await machine.dispose();
    throw error instanceof MachineError ? error : new MachineError(`the state does not load: ${String(error)}`);
  }
}
